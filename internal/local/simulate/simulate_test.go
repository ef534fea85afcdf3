package simulate_test

import (
	"math"
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

func TestTheTemplatesLimitsAreRead(t *testing.T) {
	declared, err := local.ReadTemplate()
	if err != nil {
		t.Fatal(err)
	}
	s, err := simulate.Declared(declared)
	if err != nil {
		t.Fatal(err)
	}
	if s.GatewayRate < 1 || s.LookupConcurrency < 1 || s.Visibility < time.Minute || s.MostReceives < 100 || s.Batch != 10 {
		t.Errorf("%+v", s)
	}
	morning := simulate.Morning(1_000_000, time.Hour)
	raised := s.Raised(morning)
	if got := simulate.Run(raised, morning); got.GaveUp > 0 || got.ByGateway+got.ByFunction+got.ByTable > 0 {
		t.Errorf("raised for it: %+v", got)
	}
}
