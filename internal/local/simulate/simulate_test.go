package simulate_test

import (
	"cmp"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"losttrn/internal/local"
	"losttrn/internal/local/simulate"
)

// boundless are limits that nothing comes near.
func boundless() simulate.Service {
	const much = 1 << 30
	return simulate.Service{GatewayRate: much, LookupConcurrency: much, UnlockBatches: much, EmailBatches: much, Batch: 10,
		Visibility: 3 * time.Minute, MostReceives: 500, TableWrites: much, NotifyPerMinute: much, NotifyPerDay: much}
}

func TestWithoutLimitsNobodyWaits(t *testing.T) {
	got := simulate.Run(boundless(), simulate.Morning(10_000, time.Hour))
	if math.Abs(got.Answered-10_000) > 1 || got.GaveUp != 0 || got.First != "" || got.SetAside {
		t.Errorf("%+v", got)
	}
	if got.Waited.Most != 0 || got.Unlock.Most > time.Second || got.Email.Most > time.Second {
		t.Errorf("somebody waits: %+v", got)
	}
}

func TestEverybodyIsAnsweredOrGivesUp(t *testing.T) {
	s := boundless()
	for name, limit := range map[string]func(){
		"nothing": func() {}, "the gateway's rate": func() { s.GatewayRate = 20 }, "lookup's concurrency": func() { s.LookupConcurrency = 1 },
		"the busiest table's write units": func() { s.TableWrites = 30 },
	} {
		s = boundless()
		limit()
		got := simulate.Run(s, simulate.Morning(10_000, time.Hour))
		if sum := got.Answered + got.GaveUp; math.Abs(sum-got.Begun) > 1 || math.Abs(got.Begun-10_000) > 1 {
			t.Errorf("%s: %.1f begun, %.1f answered, %.1f gave up", name, got.Begun, got.Answered, got.GaveUp)
		}
		if name == "nothing" {
			continue
		}
		if got.First != name || got.GaveUp == 0 || got.Waited.Most == 0 {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// TestEmailsWaitForNotify: what comes at once leaves at the pace of the limit, the first first.
func TestEmailsWaitForNotify(t *testing.T) {
	rush := simulate.Morning(6_000, time.Minute)
	rush.Requests, rush.Emails = 1, 1
	s := boundless()
	s.NotifyPerMinute = 600
	got := simulate.Run(s, rush)
	if got.First != "GOV.UK Notify's emails a minute" || got.LastEmail < 9*time.Minute || got.LastEmail > 11*time.Minute {
		t.Errorf("6,000 emails at 600 a minute: %+v", got)
	}
	if got.Email.Half < 3*time.Minute || got.Email.Half > 6*time.Minute || got.Email.Most < 8*time.Minute {
		t.Errorf("waits: %+v", got.Email)
	}
	s.NotifyPerDay = 3_000
	if got = simulate.Run(s, rush); got.LastEmail < 24*time.Hour || got.LastEmail > 25*time.Hour {
		t.Errorf("6,000 emails at 3,000 a day: %+v", got)
	}
}

// TestWhatWaitsTooLongIsSetAside: an email is received at most once in each visibility timeout, and set aside after so
// many times.
func TestWhatWaitsTooLongIsSetAside(t *testing.T) {
	rush := simulate.Morning(100, time.Minute)
	s := boundless()
	s.NotifyPerDay, s.MostReceives = 10, 500
	got := simulate.Run(s, rush)
	if !got.SetAside || got.WorstReceives < 500 {
		t.Errorf("twenty days at one attempt in three minutes: %+v", got)
	}
}

// asDeclared returns the service as the template declares it.
func asDeclared(t *testing.T) simulate.Service {
	t.Helper()
	declared, err := local.ReadTemplate()
	if err != nil {
		t.Fatal(err)
	}
	s, err := simulate.Declared(declared)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestTheTemplatesLimitsAreRead(t *testing.T) {
	s := asDeclared(t)
	if s.GatewayRate < 1 || s.LookupConcurrency < 1 || s.Visibility < time.Minute || s.MostReceives < 100 || s.Batch != 10 {
		t.Errorf("%+v", s)
	}
}

// TestTheMorningOfTheReadme holds the README's table of a national morning to what is simulated.
func TestTheMorningOfTheReadme(t *testing.T) {
	s := asDeclared(t)
	readme, err := os.ReadFile(filepath.Join("..", "..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	morning := simulate.Morning(1_000_000, time.Hour)
	scenarios := s.Scenarios(morning)
	for i, scenario := range scenarios {
		got := simulate.Run(scenario.Service, morning)
		row := fmt.Sprintf("| %s | %.2f | %s | %s | %s | %s | %.0f | %s |", scenario.Name, 100*got.Answered/got.Begun, got.Email.Half, got.Email.Nine,
			got.Email.Most, got.LastEmail, got.WorstReceives, cmp.Or(got.First, "nothing"))
		if !strings.Contains(string(readme), "\n"+row+"\n") {
			t.Errorf("the README does not have the row\n%s", row)
		}
		if needs := fmt.Sprintf("a morning needs %d requests a second and %d functions", scenario.GatewayRate, scenario.LookupConcurrency); i == 1 &&
			!strings.Contains(strings.ReplaceAll(string(readme), ",", ""), needs) {
			t.Errorf("the README does not say that %s", needs)
		}
		if got.SetAside || i > 0 && got.GaveUp+got.ByGateway+got.ByFunction+got.ByTable > 0 || i == len(scenarios)-1 && got.First != "" {
			t.Errorf("%s: %+v", scenario.Name, got)
		}
	}
}

// TestLambdasOwnLimits: a function takes ten requests a second, however short they are, and a hundred more run in each
// second at the most.
func TestLambdasOwnLimits(t *testing.T) {
	rush := simulate.Rush{Lookups: 60_000, Over: time.Minute, Requests: 1, Reading: time.Second, Request: time.Millisecond, UnlockTime: time.Second,
		EmailTime: time.Second, Retry: 10 * time.Second, MaxRefusals: 100}
	for _, c := range []struct {
		name       string
		concurrent int
		hit        bool
	}{{"enough", 200, false}, {"too few", 190, true}} { // the most in a second is 2,000
		s := boundless()
		s.LookupConcurrency = c.concurrent
		if got := simulate.Run(s, rush); (got.First == "lookup's concurrency") != c.hit || got.ByFunction > 0 != c.hit {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
	rush.Over = 6 * time.Second // 20,000 in the first second, and 100 functions
	if got := simulate.Run(boundless(), rush); got.First != "lookup's concurrency" || got.Waited.Nine < 10*time.Second {
		t.Errorf("at once: %+v", got)
	}
}

// TestTheFirstPageTakesMore: its styles, scripts and pictures count at the gateway.
func TestTheFirstPageTakesMore(t *testing.T) {
	rush := simulate.Morning(6_000, time.Minute)
	rush.Requests, rush.Assets = 1, 0
	s := boundless()
	s.GatewayRate = 201
	if got := simulate.Run(s, rush); got.ByGateway > 0 {
		t.Errorf("200 pages a second at the most: %+v", got)
	}
	rush.Assets = 6
	if got := simulate.Run(s, rush); got.ByGateway == 0 || got.First != "the gateway's rate" {
		t.Errorf("seven requests each: %+v", got)
	}
}
