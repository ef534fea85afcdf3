//go:build faults

package endtoend_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"losttrn/internal/local"
	"losttrn/internal/local/faults"
	"losttrn/internal/local/running"
	"losttrn/internal/local/stack"
	"losttrn/internal/local/waiting"
)

// modes are the ways in which each call fails. Each but once holds for every attempt that an SDK makes at the call.
var modes = []faults.Mode{faults.Before, faults.After, once, faults.Throttled, faults.Crashed, faults.CrashedAfter, faults.Late}

// atOnce is how many trials run side by side, and fewAtOnce how many of journeys that take a function long.
const (
	atOnce    = 48
	fewAtOnce = 6
)

// Seconds until a message that failed is given out again: more than the functions take for it, with an answer that
// comes too late three times over.
const (
	visibility     = "4"
	visibilityLate = "16"
)

// only names the journeys to go through.
var only = flag.String("only", "", "the journeys to go through, separated by commas, or parameters: the reads of these alone; all if empty")

// parameters is the name under which the reads of parameters are asked for.
const parameters = "parameters"

// matrix is what became of each trial.
type matrix struct {
	*testing.T
	began   time.Time
	w       *fixture
	d       *director
	index   running.Stack
	objects *s3.Client
	// underWay is held by trials of the helpdesk's program while messages of theirs are under way.
	underWay sync.RWMutex
	mu       sync.Mutex
	number   int
	trials   []*trial
	want     map[string]string // by journey: the end of a clean run
	wrong    map[*trial]string
}

// TestEveryFaultOfEveryCall goes through every journey with a fault in one call, for every call and every fault, through
// the functions as they are deployed, and compares the end with that of a clean run. Which calls there are is learnt from
// the clean run.
func TestEveryFaultOfEveryCall(t *testing.T) {
	m := startMatrix(t)
	var quick, late, alone []*plan
	read := map[spot]bool{} // parameters, which are read alike in every journey
	journeys := asked(false)
	learnt := m.learn(journeys)
	for _, j := range journeys {
		for _, at := range learnt[j.name] {
			if read[at] {
				continue
			}
			read[at] = at.parameter()
			for _, mode := range at.modes() {
				p := &plan{j, at, mode}
				switch {
				case at.parameter() != (*only == parameters) && *only != "":
				case at.parameter():
					alone = append(alone, p)
				case mode == faults.Late:
					late = append(late, p)
				default:
					quick = append(quick, p)
				}
			}
		}
	}
	m.say("%d trials side by side, %d with late answers, %d of parameters one by one", len(quick), len(late), len(alone))
	m.side(quick)
	m.say("those with late answers")
	m.visibility(visibilityLate)
	m.side(late)
	m.say("those of parameters")
	for _, p := range alone {
		m.visibility(visibility)
		if p.mode == faults.Late {
			m.visibility(visibilityLate)
		}
		m.d.rest()
		m.try(p)
	}
	m.final()
	m.say("all as it was")
	m.trials = nil
	m.visibility(visibility)
	m.purge()
	for _, j := range asked(true) {
		// The first erasure deletes the exports and reports of all trials before it, thousands of objects. Its calls are not
		// those of an erasure that deletes its own.
		m.clean(m.trial(j), "")
		var desks []*plan
		for _, at := range m.learn([]walk{j})[j.name] {
			for _, mode := range at.modes() {
				desks = append(desks, &plan{j, at, mode})
			}
		}
		m.say("%d trials of the helpdesk's program", len(desks))
		m.side(desks)
	}
	m.final()
	m.covered()
	m.print()
}

// say logs how far the test is.
func (m *matrix) say(format string, a ...any) {
	m.Logf("after %s: "+format, append([]any{time.Since(m.began).Round(time.Second)}, a...)...)
}

// asked are the journeys to go through, in which functions or the helpdesk's program meet the faults.
func asked(desk bool) []walk {
	return slices.DeleteFunc(journeys(), func(j walk) bool { return j.desk != desk || !named(j.name) })
}

// named reports whether a journey was asked for. The form leads to every function that has parameters.
func named(journey string) bool {
	if *only == parameters {
		return journey == throughTheForm.name
	}
	return *only == "" || slices.Contains(strings.Split(*only, ","), journey)
}

// plan is a trial to come.
type plan struct {
	journey walk
	at      spot
	mode    faults.Mode
}

func startMatrix(t *testing.T) *matrix {
	d := newDirector()
	proxy := &faults.Proxy{Choose: d.choose, Short: shortName}
	dir := t.TempDir()
	s, err := stack.Start(t.Context(), stack.Options{Dir: dir, InMemory: true, Built: true, Limits: true, Wire: proxy, Began: d.began, Report: func(err error) { unplanned(t, err) },
		Parameters: map[string]string{"VisibilityTimeout": visibility, "MaxReceiveCount": "500", "LimitPerAddress": "1000000", "LimitPerEmail": "1000000"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Stop)
	t.Cleanup(func() {
		if t.Failed() {
			text := logs(t, dir)
			t.Logf("the end of the logs:\n%s", text[max(0, len(text)-20_000):])
		}
	})
	m := &matrix{T: t, began: time.Now(), w: &fixture{Stack: s, dir: dir, db: s.DynamoDBClient()}, d: d, want: map[string]string{}, wrong: map[*trial]string{}}
	m.index = localPage[running.Stack](m, m.w, "/_local/")
	m.objects = s3.NewFromConfig(local.Config(), func(o *s3.Options) {
		o.BaseEndpoint, o.UsePathStyle = aws.String(m.index.Endpoints["s3"]), true
	})
	m.buildDesk()
	return m
}

// unplanned logs what a stack reports, but for processes that a trial ended, and first attempts that it had fail.
func unplanned(t *testing.T, err error) {
	if !strings.Contains(err.Error(), "signal: killed") && !strings.Contains(err.Error(), "(attempt 1 of ") {
		t.Log(err)
	}
}

// shortName is a resource's name without the stack's.
func shortName(name string) string { return strings.TrimPrefix(name, "find-a-lost-trn-") }

func (m *matrix) trial(j walk) *trial {
	m.mu.Lock()
	m.number++
	number := m.number
	m.mu.Unlock()
	x := newTrial(m, j, number)
	m.mu.Lock()
	m.trials = append(m.trials, x)
	m.mu.Unlock()
	return x
}

// fresh ends the functions' processes, so that the next event finds none that knows its parameters, and keeps new ones
// from reading them before their first event.
func (m *matrix) fresh() {
	m.d.unknown()
	servers := m.w.Servers.PIDs()
	for _, pid := range m.w.PIDs() {
		if !slices.Contains(servers, pid) {
			if err := syscall.Kill(pid, syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
				m.Fatal(err)
			}
		}
	}
}

// learn goes through journeys without a fault, and returns the calls that were made in each: all but the reads of
// parameters of a first time, when all are gone through side by side; and these of a second, one by one, for which no
// function knows its parameters yet.
func (m *matrix) learn(journeys []walk) map[string][]spot {
	first := make([]*trial, len(journeys))
	var all sync.WaitGroup
	for i, j := range journeys {
		first[i] = m.trial(j)
		all.Go(func() { m.clean(first[i], "") })
	}
	all.Wait()
	if m.Failed() {
		m.FailNow()
	}
	m.w.settled(m)
	m.d.rest()
	learnt := map[string][]spot{}
	for i, j := range journeys {
		x := first[i]
		m.want[j.name] = x.state()
		m.ended(j, m.want[j.name])
		if j.desk {
			learnt[j.name] = slices.DeleteFunc(x.calls, func(s spot) bool { return s.function != desk })
			continue
		}
		again := m.trial(j)
		m.fresh()
		m.clean(again, m.want[j.name])
		m.w.settled(m)
		m.d.rest()
		m.d.known()
		// A call of the one run alone was another attempt, and a second read of a parameter another process's. The cookies'
		// keys are the form's: no call of the other journeys needs them, and a process that is slow to start may still be
		// reading them ahead.
		learnt[j.name] = append(
			slices.DeleteFunc(x.calls, func(s spot) bool { return s.parameter() || !slices.Contains(again.calls, s) }),
			slices.DeleteFunc(again.calls, func(s spot) bool {
				return !s.parameter() || s.n > 1 || strings.HasSuffix(s.name, "cookie-keys") && j.name != throughTheForm.name
			})...)
	}
	return learnt
}

// clean goes through a journey without a fault to where nothing moves any more: to an end, if it is known.
func (m *matrix) clean(x *trial, end string) {
	m.d.arm(x, spot{}, "")
	if wrong := x.perform(); wrong != "" {
		m.Fatalf("%s: %s", x.journey.name, wrong)
	}
	still, began := 0, time.Now()
	for last := ""; still < 20; still++ {
		state := x.state()
		if time.Since(began) > waiting.Limit {
			m.Fatalf("%s: it does not come to the end of the clean run before:\n%s", x.journey.name, difference(end, state))
		}
		if seen := state + fmt.Sprint(m.count(x)); seen != last || end != "" && state != end {
			last, still = seen, 0
		}
		tick()
	}
}

func (m *matrix) count(x *trial) int { m.d.mu.Lock(); defer m.d.mu.Unlock(); return len(x.calls) }

func tick() { <-time.After(100 * time.Millisecond) }

// side goes through trials side by side.
func (m *matrix) side(plans []*plan) {
	many, few := make(chan struct{}, atOnce), make(chan struct{}, fewAtOnce)
	var all sync.WaitGroup
	for _, p := range plans {
		slots := many
		if p.journey.few {
			slots = few
		}
		all.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			m.try(p)
		})
	}
	all.Wait()
}

// try goes through a trial. How often a call is made can be chance, as where three exports that end at once have three
// invocations make the report: a first one must be made, of others it is printed if they were not.
func (m *matrix) try(p *plan) {
	x, wrong := m.attempt(p)
	if wrong == notMade && p.at.n > 1 {
		x, wrong = m.attempt(p)
	}
	if wrong != "" && (wrong != notMade || p.at.n == 1) {
		m.Errorf("%s, %s, %s: %s", p.journey.name, p.at, p.mode, wrong)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.wrong[x] = wrong
}

// attempt goes through a trial once.
func (m *matrix) attempt(p *plan) (*trial, string) {
	x := m.trial(p.journey)
	if p.at.parameter() {
		m.fresh()
		defer m.d.known()
	}
	wrong := x.run(p.at, p.mode, m.want[p.journey.name])
	for _, server := range x.proxies {
		server.Close()
	}
	m.d.end(x)
	return x, wrong
}

// visibility sets how long a message that failed stays away.
func (m *matrix) visibility(seconds string) {
	for _, queue := range []string{"matches", "emails"} {
		_, err := m.w.SQSClient().SetQueueAttributes(context.WithoutCancel(m.Context()), &sqs.SetQueueAttributesInput{
			QueueUrl: aws.String(m.w.Queues[queue]), Attributes: map[string]string{"VisibilityTimeout": seconds}})
		if err != nil {
			m.Fatal(err)
		}
	}
}

// final waits until nothing is under way, and looks at every trial again: its end must still be that of a clean run, each
// email must have been sent once, and nothing may be among the dead letters but what was sent there.
func (m *matrix) final() {
	if len(m.trials) == 0 {
		return
	}
	m.w.settled(m)
	sent := m.w.outbox(m)
	mail := map[string]string{}
	for _, x := range m.trials {
		name := x.journey.name
		if want, known := mail[name]; !known {
			mail[name] = x.mail(sent) // of the clean run
			m.mailed(x.journey, mail[name])
		} else if got := x.mail(sent); got != want {
			m.Errorf("%s, %s, %s: emails:\n%s", name, x.at, x.mode, difference(want, got))
			m.wrong[x] = "emails"
		}
		if got := x.state(); got != m.want[name] {
			m.Errorf("%s, %s, %s: the end did not last:\n%s", name, x.at, x.mode, difference(m.want[name], got))
			m.wrong[x] = "did not last"
		}
	}
	for name, letters := range deadLetters(m.trials[0]) {
		for _, letter := range letters {
			if !strings.HasPrefix(letter, "unknown_version") {
				m.Errorf("among the dead letters of %s: %s", name, letter)
			}
		}
	}
	if len(m.d.strange) > 0 {
		m.Errorf("calls without a name: %v", m.d.strange)
	}
}
