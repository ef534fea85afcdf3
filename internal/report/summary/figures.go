// Package summary is the helpdesk manager's page: the figures of a report, with charts and tables, in one HTML
// file that needs nothing else and holds nothing personal.
package summary

import (
	"maps"
	"slices"
	"time"

	"losttrn/internal/teacher"
)

// Outcome is how a lookup ended.
type Outcome string

// The outcomes of a lookup.
const (
	Found    Outcome = "trn_sent"
	Helpdesk Outcome = "helpdesk"
	NotFound Outcome = "no_match"
)

// UnlockOutcome is what became of the unlocking that follows a matched lookup.
type UnlockOutcome string

// The outcomes of unlocking.
const (
	Unlocked  UnlockOutcome = "unlocked"
	NotLocked UnlockOutcome = "not_locked"
	Refused   UnlockOutcome = "refused"
	Pending   UnlockOutcome = "pending" // the match was still in the queue when the tables were exported
)

// Figures are what the page shows. The methods add to them; they are not safe for concurrent use.
type Figures struct {
	At       time.Time    // the moment reported
	From, To teacher.Date // the days of the lookups counted

	days       map[teacher.Date]*dayFigures
	unlocks    map[UnlockOutcome]int
	reasons    map[string]int
	repeats    []int // by repeatGroups
	repeated   int
	roles      int
	waiting    int
	oldestWait int
}

type dayFigures struct{ found, helpdesk, notFound int }

func (d *dayFigures) add(o dayFigures) {
	d.found, d.helpdesk, d.notFound = d.found+o.found, d.helpdesk+o.helpdesk, d.notFound+o.notFound
}

func (d dayFigures) all() int { return d.found + d.helpdesk + d.notFound }

// repeatGroups are how many TRNs an address found, in the groups that are shown.
var repeatGroups = []struct {
	label string
	least int
}{{"2 TRNs", 2}, {"3 TRNs", 3}, {"4 TRNs", 4}, {"5 to 9 TRNs", 5}, {"10 to 49 TRNs", 10}, {"50 to 199 TRNs", 50}, {"200 TRNs or more", 200}}

// New is figures of nothing yet.
func New(at time.Time, from, to teacher.Date) Figures {
	return Figures{At: at, From: from, To: to, days: map[teacher.Date]*dayFigures{}, unlocks: map[UnlockOutcome]int{},
		reasons: map[string]int{}, repeats: make([]int, len(repeatGroups))}
}

// Lookup counts a lookup received on a day.
func (f *Figures) Lookup(day teacher.Date, outcome Outcome) {
	d := f.days[day]
	if d == nil {
		d = &dayFigures{}
		f.days[day] = d
	}
	switch outcome {
	case Found:
		d.found++
	case Helpdesk:
		d.helpdesk++
	case NotFound:
		d.notFound++
	}
	if day.After(f.To) {
		f.To = day
	}
}

// Unlock counts what became of a matched lookup. The reasons are counted if it was refused: each, so that they
// may be more than the refusals.
func (f *Figures) Unlock(outcome UnlockOutcome, reasons []string) {
	f.unlocks[outcome]++
	if outcome == Refused {
		for _, reason := range reasons {
			f.reasons[reason]++
		}
	}
}

// Repeat counts an address that found several TRNs.
func (f *Figures) Repeat(trns int, role bool) {
	f.repeated++
	if role {
		f.roles++
	}
	for i := range slices.Backward(repeatGroups) {
		if trns >= repeatGroups[i].least {
			f.repeats[i]++
			return
		}
	}
}

// Request counts a person who waits, and for how many weekdays.
func (f *Figures) Request(weekdays int) {
	f.waiting++
	f.oldestWait = max(f.oldestWait, weekdays)
}

func (f *Figures) total() (sum dayFigures) {
	for _, d := range f.days {
		sum.add(*d)
	}
	return sum
}

// reasonNames are the reasons for which an unlock is refused, in the order of the rules, as the page words them.
var reasonNames = []struct{ code, name string }{
	{"unlocking_switched_off", "Unlocking was switched off"},
	{"record_inactive", "The record is not active"},
	{"open_alert", "The record has an open alert"},
	{"record_in_doubt", "A newer row of the record could not be read"},
	{"email_used_for_another_trn", "The email found another TRN"},
}

// refusals are the reasons with their counts: all that are known, then any other by its code.
func (f *Figures) refusals() (names []string, codes []string, counts []int) {
	rest := maps.Clone(f.reasons)
	for _, r := range reasonNames {
		names, codes, counts = append(names, r.name), append(codes, r.code), append(counts, rest[r.code])
		delete(rest, r.code)
	}
	for _, code := range slices.Sorted(maps.Keys(rest)) {
		names, codes, counts = append(names, code), append(codes, code), append(counts, rest[code])
	}
	return names, codes, counts
}
