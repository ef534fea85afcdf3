//go:build faults

package endtoend_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"losttrn/internal/attribute"
	"losttrn/internal/local/faults"
	"losttrn/internal/local/waiting"
	"losttrn/internal/lookup"
)

// walk is one way through the service.
type walk struct {
	name string
	// prepare makes what the journey needs, without a fault.
	prepare func(x *trial)
	// act is what is done while a call fails; it is repeated, as a person or a schedule does, until it succeeds.
	act func(x *trial) error
	// state is what the journey must have led to beside the tables' items, as a text.
	state func(x *trial) string
	few   bool // go on side by side, since it takes a function long
	desk  bool // its calls that fail are those of the program helpdesk
}

// trial is a journey gone through by people of its own, with a fault in one of its calls.
type trial struct {
	*testing.T
	m       *matrix
	w       *fixture
	d       *director
	journey walk
	number  int
	name    string // unique; the key of its requests
	people  []person
	emails  []string
	answers []string // of the program helpdesk, a command each
	judged  bool     // again, after the lift
	busy    bool     // with what leads to that
	fields  map[string]any
	visitor *visitor // of the form
	page    string   // where that is

	// What the director keeps, under its lock.
	marks, lookups []string
	last           map[string]*invocation // by function
	armed, hit     bool
	at             spot
	mode           faults.Mode
	counts         map[spot]int
	known          map[string]spot
	calls          []spot
	desk           string // the folder in which the program helpdesk runs
	kill           func() // ends that program
	proxies        []*httptest.Server
}

func newTrial(m *matrix, j walk, number int) *trial {
	x := &trial{T: m.T, m: m, w: m.w, d: m.d, journey: j, number: number, name: fmt.Sprintf("trial-%d-x", number), last: map[string]*invocation{}}
	x.marks = []string{x.name}
	x.d.add(x)
	if j.desk {
		x.furnish()
	}
	j.prepare(x)
	return x
}

// person stores a teacher of the trial.
func (x *trial) person(change func(attribute.Item)) person {
	p := x.w.newPerson(x, change)
	x.people = append(x.people, p)
	x.emails = append(x.emails, p.email)
	x.d.mark(x, p.trn, p.email)
	return p
}

// notMade is what is wrong with a trial in which the call that was to fail was not made.
const notMade = "the call was not made"

// run goes through the journey with a fault and waits for the state; it returns what is wrong, or "".
func (x *trial) run(at spot, mode faults.Mode, want string) string {
	x.d.arm(x, at, mode)
	if wrong := x.perform(); wrong != "" {
		return wrong
	}
	limit, quiet := waiting.Limit, 8*time.Second
	if mode == faults.Late {
		limit, quiet = 3*limit, 3*quiet // what is late keeps a process, and others wait for one
	}
	tick := time.NewTicker(250 * time.Millisecond)
	defer tick.Stop()
	began, last, calls := time.Now(), time.Now(), 0
	for ; ; <-tick.C {
		got := x.state()
		if now := x.m.count(x); now != calls || got != want {
			last, calls = time.Now(), now
		}
		switch {
		case got == want && x.d.fired(x):
			return ""
		case time.Since(last) > quiet:
			return notMade
		case time.Since(began) > limit:
			return "the end differs:\n" + difference(want, got)
		}
	}
}

// perform acts until it succeeds.
func (x *trial) perform() string {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	limit := waiting.Limit
	if x.journey.desk {
		limit *= 10 // erasures go on one by one
	}
	for deadline := time.After(limit); ; {
		err := x.journey.act(x)
		if err == nil {
			return ""
		}
		select {
		case <-tick.C:
		case <-deadline:
			return "it never succeeded: " + err.Error()
		}
	}
}

// send makes a request of the trial. An answer that says to try again is an error.
func (x *trial) send(path string, fields map[string]any, key string) (answer, error) {
	body, err := json.Marshal(fields)
	if err != nil {
		x.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(x.Context(), waiting.Limit)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, x.w.Gateway+path, bytes.NewReader(body))
	if err != nil {
		x.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Idempotency-Key", x.name+key)
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return answer{}, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return answer{}, err
	}
	a := answer{status: response.StatusCode, header: response.Header, body: string(text)}
	for _, p := range x.people {
		if strings.Contains(a.body+fmt.Sprint(a.header), p.trn) {
			x.Errorf("%s: an answer holds a TRN", x.name)
		}
	}
	if a.status >= 500 {
		return a, fmt.Errorf("answered %d %s", a.status, a.body)
	}
	if err := json.Unmarshal(text, &a.decoded); err != nil {
		return a, err
	}
	if id := a.decoded.LookupID; id != "" {
		x.d.mu.Lock()
		x.learn([]string{id})
		x.d.mu.Unlock()
	}
	return a, nil
}

// lookUp makes a lookup that must have an outcome.
func (x *trial) lookUp(fields map[string]any, key, outcome string) (string, error) {
	a, err := x.send("/v1/lookups", fields, key)
	if err == nil && a.decoded.Outcome != outcome {
		x.Errorf("%s %s at %s: answered %d %s, want %s", x.journey.name, x.mode, x.at, a.status, a.body, outcome)
	}
	return a.decoded.LookupID, err
}

// must makes a lookup in preparation.
func (x *trial) must(fields map[string]any, key, outcome string) string {
	id, err := x.lookUp(fields, key, outcome)
	if err != nil {
		x.Fatal(err)
	}
	return id
}

var (
	timeForm  = regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z`)
	epochForm = regexp.MustCompile(`\b1[89]\d{8}\b`)
)

// state is all that the trial has led to, with what is its own replaced, so that two trials of one journey are alike.
func (x *trial) state() string {
	var b strings.Builder
	for i, p := range x.people {
		fmt.Fprintf(&b, "teacher %d: %s\n", i, flat(x.w.item(x, "teachers", "trn", p.trn)))
	}
	for i, e := range x.emails {
		fmt.Fprintf(&b, "mailbox %d: %s\n", i, flat(x.w.item(x, "emails", "email", e)))
	}
	x.d.mu.Lock()
	lookups := slices.Clone(x.lookups)
	x.d.mu.Unlock()
	for i, id := range lookups {
		fmt.Fprintf(&b, "lookup %d: %s\n", i, flat(x.w.item(x, "lookups", "lookupId", id)))
		fmt.Fprintf(&b, "request %d: %s\n", i, flat(x.w.item(x, "helpdeskRequests", "lookupId", id)))
	}
	if x.journey.state != nil {
		b.WriteString(x.journey.state(x))
	}
	return x.anonymous(b.String())
}

// anonymous replaces what is a trial's own.
func (x *trial) anonymous(text string) string {
	var pairs []string
	x.d.mu.Lock()
	for i, id := range x.lookups {
		pairs = append(pairs, id, fmt.Sprint("LOOKUP", i), lookup.Reference(id), fmt.Sprint("REFERENCE", i))
	}
	x.d.mu.Unlock()
	for i, p := range x.people {
		pairs = append(pairs, p.trn, fmt.Sprint("TRN", i), p.first, "FIRST", p.last, "LAST", p.born, "BORN", p.nino, "NINO", p.nino[:8], "NINO", p.email, fmt.Sprint("EMAIL", i))
	}
	text = strings.NewReplacer(append(pairs, x.name, "TRIAL")...).Replace(text)
	return onceEach(epochForm.ReplaceAllString(timeForm.ReplaceAllString(text, "TIME"), "EPOCH"))
}

// onceEach leaves out an entry of a list that is as the one before it: a command that the helpdesk gave again, because
// its answer was lost, may have made its mark twice.
func onceEach(text string) string {
	var kept []string
	for _, part := range strings.SplitAfter(text, "]; ") {
		if len(kept) == 0 || !strings.HasSuffix(kept[len(kept)-1], part) {
			kept = append(kept, part)
		}
	}
	return strings.Join(kept, "")
}

// mail is what reached mailboxes for the trial's lookups, a line each.
func (x *trial) mail(all []email) string {
	var lines []string
	for _, e := range all {
		for _, id := range x.lookups {
			if strings.HasPrefix(e.Reference, id) {
				lines = append(lines, fmt.Sprintf("%s to %s: %s", strings.TrimPrefix(e.Reference, id+"-"), e.To, e.Subject))
			}
		}
	}
	slices.Sort(lines)
	return x.anonymous(strings.Join(lines, "\n"))
}

// difference shows the lines in which two states differ.
func difference(want, got string) string {
	var b strings.Builder
	a, c := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range max(len(a), len(c)) {
		var l, r string
		if i < len(a) {
			l = a[i]
		}
		if i < len(c) {
			r = c[i]
		}
		if l != r {
			fmt.Fprintf(&b, "  clean: %s\n  fault: %s\n", l, r)
		}
	}
	return b.String()
}
