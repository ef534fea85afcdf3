//go:build properties

package properties_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"losttrn/internal/attribute"
	"losttrn/internal/local/faults"
	"losttrn/internal/local/helpdesk"
	"losttrn/internal/local/localtest"
	"losttrn/internal/lookup"
	"losttrn/internal/message"
)

// How many people and mailboxes a harness has: so few that they conflict often.
const (
	people    = 4
	mailboxes = 3
)

// machine is a harness with its model.
type machine struct {
	*testing.T
	h       *harness
	m       *model
	persons map[string]person // by TRN
	handled []message.Match   // what was handled, to be delivered again
}

// TestAnythingInAnyOrder lets everything happen in random order, and compares the tables with the model after each step.
func TestAnythingInAnyOrder(t *testing.T) {
	s := &servers{Servers: localtest.Servers(t), wire: &faults.Wire{}}
	counts := map[string]int{}
	rapid.Check(t, func(r *rapid.T) {
		x := newMachine(t, s)
		actions := map[string]func(*rapid.T){"": x.check}
		for _, a := range []struct {
			name  string
			act   func(*rapid.T)
			often int
		}{
			{"lookup", x.lookup, 6}, {"deliver", x.deliver, 4}, {"redeliver", x.redeliver, 1}, {"race", x.race, 3}, {"crash", x.crash, 3},
			{"load", x.load, 1}, {"reject", x.reject, 1}, {"lock", x.lock, 2}, {"merge", x.merge, 1}, {"switch", x.turn, 1},
			{"lift", x.lift, 1}, {"retry", x.retry, 2}, {"erase", x.erase, 1},
		} {
			for n := range a.often {
				actions[fmt.Sprint(a.name, " ", n)] = func(r *rapid.T) {
					x.h.now = x.h.now.Add(time.Minute)
					a.act(r)
					counts[a.name]++ // not if it could not be done
				}
			}
		}
		r.Repeat(actions)
	})
	t.Logf("done: %v", counts)
}

func newMachine(t *testing.T, s *servers) *machine {
	h := newHarness(t, s)
	x := &machine{T: t, h: h, persons: map[string]person{},
		m: &model{people: map[string]*account{}, mailboxes: map[string]*mailbox{}, lookups: map[string]*made{}, on: true}}
	for n := range people {
		p := h.person(n)
		x.persons[p.trn] = p
		x.m.people[p.trn] = &account{locked: n > 0, active: true, former: map[string]bool{}}
		h.load(t, p, row{status: "active", locked: fmt.Sprint(n > 0), lockedAt: "2012-01-01"})
	}
	for n := range mailboxes {
		x.m.mailboxes[h.mailbox(n, 0)] = &mailbox{found: map[string]string{}}
	}
	return x
}

func (x *machine) time() string { return x.h.now.UTC().Format(message.TimeFormat) }

func (x *machine) anybody(r *rapid.T) (person, *account) {
	trn := rapid.SampledFrom(slices.Sorted(maps.Keys(x.persons))).Draw(r, "person")
	return x.persons[trn], x.m.people[trn]
}

func (x *machine) lookup(r *rapid.T) {
	p, a := x.anybody(r)
	box := rapid.IntRange(0, mailboxes-1).Draw(r, "mailbox")
	answer := x.h.lookUp(x.T, p, x.h.mailbox(box, rapid.IntRange(0, 2).Draw(r, "spelling")))
	want := lookup.NoMatch
	if a.active {
		want = lookup.TRNSent
		x.m.lookups[answer.LookupID] = &made{trn: p.trn, mailbox: x.h.mailbox(box, 0), sent: map[string]bool{}}
	}
	if answer.Outcome != want {
		r.Fatalf("answered %s, want %s", answer.Outcome, want)
	}
}

// take takes a match that waits.
func (x *machine) take(r *rapid.T) message.Match {
	if len(x.h.matches) == 0 {
		r.Skip("nothing waits")
	}
	i := rapid.IntRange(0, len(x.h.matches)-1).Draw(r, "message")
	m := x.h.matches[i]
	x.h.matches = slices.Delete(x.h.matches, i, i+1)
	return m
}

func (x *machine) apply(m message.Match) {
	x.m.handle(x.m.lookups[m.LookupID], m.MatchedAt.UTC().Format(message.TimeFormat), x.time())
}

func (x *machine) deliver(r *rapid.T) {
	m := x.take(r)
	if err := x.h.handle(x.T, m, -1, ""); err != nil {
		r.Fatal(err)
	}
	x.apply(m)
	x.handled = append(x.handled, m)
}

func (x *machine) redeliver(r *rapid.T) {
	if len(x.handled) == 0 {
		r.Skip("nothing was handled")
	}
	m := rapid.SampledFrom(x.handled).Draw(r, "message")
	if err := x.h.handle(x.T, m, -1, ""); err != nil {
		r.Fatal(err)
	}
	x.apply(m)
}

// crash has one call of a message fail, and leaves the message to be delivered again. What was done until then must be
// what the model does first.
func (x *machine) crash(r *rapid.T) {
	m := x.take(r)
	call, mode := rapid.IntRange(0, 6).Draw(r, "call"), rapid.SampledFrom([]faults.Mode{faults.Before, faults.After, faults.Throttled, faults.Failed}).Draw(r, "fault")
	err := x.h.handle(x.T, m, call, mode)
	if err == nil { // it makes fewer calls
		x.apply(m)
		x.handled = append(x.handled, m)
		return
	}
	x.h.matches = append(x.h.matches, m)
	if call == 0 && !x.recorded(m.LookupID) {
		return
	}
	actual, tried := x.actual(), []string{}
	for effects := range 5 {
		c := x.m.clone()
		queued, claim, decide, told := c.steps(c.lookups[m.LookupID], m.MatchedAt.UTC().Format(message.TimeFormat), x.time())
		for _, do := range []step{queued, claim, decide, told}[:effects] {
			do()
		}
		if c.String() == actual {
			x.m = c
			return
		}
		tried = append(tried, c.String())
	}
	r.Fatalf("after a crash at call %d (%s: %v) the tables hold\n%swhich is none of\n%s", call, mode, err, actual, strings.Join(tried, "or\n"))
}

func (x *machine) recorded(id string) bool {
	return len(localtest.Item(x.T, x.h.Servers, "lookups", id)) > 0
}

// race handles two messages at once. The end must be that of some order of their claims and of their decisions.
func (x *machine) race(r *rapid.T) {
	if len(x.h.matches) < 2 {
		r.Skip("fewer than two wait")
	}
	a, b := x.take(r), x.take(r)
	var both sync.WaitGroup
	var errA, errB error
	x.h.wire.Reset(nil, nil)
	both.Go(func() { errA = x.h.unlocks.Process(x.Context(), a) })
	both.Go(func() { errB = x.h.unlocks.Process(x.Context(), b) })
	both.Wait()
	if err := errors.Join(errA, errB); err != nil {
		r.Fatal(err)
	}
	x.handled = append(x.handled, a, b)
	actual, tried := x.actual(), []string{}
	for order := range 4 {
		c := x.m.clone()
		queuedA, claimA, decideA, toldA := c.steps(c.lookups[a.LookupID], a.MatchedAt.UTC().Format(message.TimeFormat), x.time())
		queuedB, claimB, decideB, toldB := c.steps(c.lookups[b.LookupID], b.MatchedAt.UTC().Format(message.TimeFormat), x.time())
		steps := []step{queuedA, queuedB, claimA, claimB, decideA, decideB, toldA, toldB}
		if order&1 > 0 {
			steps[2], steps[3] = claimB, claimA
		}
		if order&2 > 0 {
			steps[4], steps[5] = decideB, decideA
		}
		for _, do := range steps {
			do()
		}
		if c.String() == actual {
			x.m = c
			return
		}
		tried = append(tried, c.String())
	}
	r.Fatalf("two at once left\n%swhich is none of\n%s", actual, strings.Join(tried, "or\n"))
}

// load has the register say something else of a person.
func (x *machine) load(r *rapid.T) {
	p, a := x.anybody(r)
	if x.merged(p.trn) {
		r.Skip("the record was merged away")
	}
	status := rapid.SampledFrom([]string{"active", "active", "deactivated"}).Draw(r, "status")
	alert := rapid.SampledFrom([]string{"A1|Prohibition|2020-01-01|", "A1|Prohibition|2020-01-01|2021-01-01"}).Draw(r, "alert")
	x.h.load(x.T, p, row{status: status, alerts: alert})
	a.active, a.alert, a.doubt = status == "active", strings.HasSuffix(alert, "|"), false
}

// reject has the register send a row that cannot be read.
func (x *machine) reject(r *rapid.T) {
	p, a := x.anybody(r)
	x.h.load(x.T, p, row{status: "active", broken: true})
	a.doubt = true
}

// lock has the register say that an account is locked, since now or since long ago.
func (x *machine) lock(r *rapid.T) {
	p, a := x.anybody(r)
	if x.merged(p.trn) {
		r.Skip("the record was merged away")
	}
	anew := rapid.Bool().Draw(r, "anew")
	since := "2012-01-01"
	if anew {
		since = x.h.now.Format(time.RFC3339)
	}
	status := "deactivated"
	if a.active {
		status = "active"
	}
	alert := "A1|Prohibition|2020-01-01|2021-01-01"
	if a.alert {
		alert = "A1|Prohibition|2020-01-01|"
	}
	x.h.load(x.T, p, row{status: status, alerts: alert, locked: "true", lockedAt: since})
	a.locked = a.locked || anew || a.unlockedAt == ""
	a.doubt = false
}

func (x *machine) merged(trn string) bool {
	for _, a := range x.m.people {
		if a.former[trn] {
			return true
		}
	}
	return false
}

// merge has a record absorb another.
func (x *machine) merge(r *rapid.T) {
	from, gone := x.anybody(r)
	into, stays := x.anybody(r)
	if from.trn == into.trn || x.merged(from.trn) || x.merged(into.trn) || !stays.active {
		r.Skip("these are not merged")
	}
	x.h.load(x.T, from, row{status: "merged:" + into.trn})
	gone.active, gone.doubt, stays.former[from.trn] = false, false, true
	for trn := range gone.former {
		stays.former[trn] = true
	}
	gone.alert = false
}

func (x *machine) turn(*rapid.T) { x.m.on = !x.m.on; x.h.on = x.m.on }

// change has the helpdesk change something; it is false if there was nothing to change.
func (x *machine) change(r *rapid.T, change helpdesk.Change, err error) bool {
	if _, refused := errors.AsType[*helpdesk.Refusal](err); refused {
		return false
	}
	if err == nil {
		_, err = change.Do(x.Context())
	}
	if err != nil {
		r.Fatal(err)
	}
	return true
}

func (x *machine) lift(r *rapid.T) {
	n := rapid.IntRange(0, mailboxes-1).Draw(r, "mailbox")
	box := x.m.mailboxes[x.h.mailbox(n, 0)]
	change, err := x.h.desk.Lift(x.Context(), x.h.email(x.T, n, rapid.IntRange(0, 2).Draw(r, "spelling")), "it is a family's")
	if done := x.change(r, change, err); done != (len(box.found) > 0) {
		r.Fatalf("lifted: %t, and the mailbox found %v", done, box.found)
	}
	if len(box.found) > 0 {
		box.lifted = x.time()
	}
}

func (x *machine) retry(r *rapid.T) {
	var refused []string
	for id, l := range x.m.lookups {
		if strings.HasPrefix(l.decision, "refused") {
			refused = append(refused, id)
		}
	}
	if len(refused) == 0 {
		r.Skip("nobody was refused")
	}
	slices.Sort(refused)
	id := refused[rapid.IntRange(0, len(refused)-1).Draw(r, "lookup")]
	change, err := x.h.desk.Retry(x.Context(), helpdesk.Subject{LookupID: id}, "lifted")
	if !x.change(r, change, err) {
		r.Fatal("a refusal was not judged again")
	}
	x.h.fetch(x.T)
	x.m.lookups[id].decision = ""
}

// erase has a mailbox forgotten, and what waits for it in the queues.
func (x *machine) erase(r *rapid.T) {
	n := rapid.IntRange(0, mailboxes-1).Draw(r, "mailbox")
	key := x.h.mailbox(n, 0)
	change, err := x.h.desk.Erase(x.Context(), helpdesk.Subject{Email: x.h.email(x.T, n, 1)})
	x.change(r, change, err)
	of := func(m message.Match) bool { return m.Email.Key().Text() == key }
	x.h.matches, x.handled = slices.DeleteFunc(x.h.matches, of), slices.DeleteFunc(x.handled, of)
	maps.DeleteFunc(x.m.lookups, func(_ string, l *made) bool { return l.mailbox == key })
	if box := x.m.mailboxes[key]; len(box.found) < 2 {
		x.m.mailboxes[key] = &mailbox{found: map[string]string{}}
	}
}

// actual are the tables, and the emails sent, as a model shows them.
func (x *machine) actual() string {
	a := &model{people: map[string]*account{}, mailboxes: map[string]*mailbox{}, lookups: map[string]*made{}}
	for trn := range x.persons {
		item := localtest.Item(x.T, x.h.Servers, "teachers", trn)
		of := &account{locked: attribute.Flag(item, "locked"), active: attribute.Text(item, "status") == "active", former: map[string]bool{},
			doubt: attribute.Text(item, "inDoubtSince") != ""}
		for _, alert := range attribute.Maps(item, "alerts") {
			of.alert = of.alert || attribute.Text(alert, "endDate") == ""
		}
		for _, former := range attribute.Texts(item, "formerTrns") {
			of.former[former] = true
		}
		a.people[trn] = of
	}
	for key := range x.m.mailboxes {
		found := attribute.Nested(localtest.Item(x.T, x.h.Servers, "emails", key), "trns")
		a.mailboxes[key] = &mailbox{found: map[string]string{}}
		for trn := range found {
			a.mailboxes[key].found[trn] = attribute.Text(found, trn)
		}
	}
	for id, l := range x.m.lookups {
		item := localtest.Item(x.T, x.h.Servers, "lookups", id)
		is := &made{trn: l.trn, mailbox: l.mailbox, sent: map[string]bool{}}
		if len(item) > 0 {
			is.trn, is.mailbox = attribute.Text(item, "trn"), attribute.Text(item, "emailKey")
		}
		if outcome := attribute.Text(item, "unlockOutcome"); outcome != "" {
			is.decision = outcome + fmt.Sprint(attribute.Texts(item, "unlockReasons"))
		}
		for _, kind := range x.h.kinds(id) {
			is.sent[kind] = true
		}
		a.lookups[id] = is
	}
	return a.String()
}

// check compares the tables with the model.
func (x *machine) check(r *rapid.T) {
	if actual, want := x.actual(), x.m.String(); actual != want {
		r.Fatalf("the tables hold\n%swant\n%s", actual, want)
	}
}
