// Package summary writes the helpdesk manager's page: the figures of a report, with charts and tables, in one
// self-contained HTML file without personal data.
package summary

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"losttrn/internal/lookup"
	"losttrn/internal/teacher"
	"losttrn/internal/unlocking"
)

// Pending is a match that was still in the queue when the tables were exported.
const Pending = "pending"

// Words is a code with its text for the helpdesk.
type Words struct{ Code, Words string }

// Figures are what the page shows. The zero value of each is that there was none.
type Figures struct {
	At       time.Time    // the moment reported
	From, To teacher.Date // the days of the lookups counted
	Reasons  []Words      // for refusing an unlock, in the order of the rules
	Warnings []string     // about the exports, for the top of the page

	days       map[teacher.Date]dayFigures
	asked      map[string]int // requests to the helpdesk, by why
	unlocks    map[string]int
	reasons    map[string]int
	deliveries map[string]int
	repeats    []int // by repeatGroups
	waiting    []int // by waitGroups
	oldestWait int
	foundSince int
	roles      int      // of the repeats
	pending    []string // references of lookups
	unreadable map[string]int
	counts     Counts
}

// Counts are the figures of the nightly email.
type Counts struct {
	Repeats    int `json:"repeats"` // mailboxes that found several TRNs
	NewRepeats int `json:"newRepeats"`
	Waiting    int `json:"waiting"` // people
	NewWaiting int `json:"newWaiting"`
	Bounced    int `json:"undelivered"` // TRN emails of the days reported
	Pending    int `json:"pending"`     // matches undecided for more than an hour
}

type dayFigures struct{ found, helpdesk, notFound int }

func (d *dayFigures) add(o dayFigures) {
	d.found, d.helpdesk, d.notFound = d.found+o.found, d.helpdesk+o.helpdesk, d.notFound+o.notFound
}

func (d dayFigures) all() int { return d.found + d.helpdesk + d.notFound }

// group is a range of numbers that is shown as one.
type group struct {
	label string
	least int
}

// repeatGroups are how many TRNs a mailbox found, in the groups that are shown.
var repeatGroups = []group{{"2 TRNs", 2}, {"3 TRNs", 3}, {"4 TRNs", 4}, {"5 to 9 TRNs", 5}, {"10 to 49 TRNs", 10}, {"50 to 199 TRNs", 50}, {"200 TRNs or more", 200}}

// waitGroups are how many working days people wait.
var waitGroups = []group{{"Less than a working day", 0}, {"1 working day", 1}, {"2 working days", 2}, {"3 to 5 working days", 3}, {"6 to 10 working days", 6}, {"More than 10 working days", 11}}

func count(groups []group, to []int, value, number int) {
	for i := range slices.Backward(groups) {
		if value >= groups[i].least {
			to[i] += number
			return
		}
	}
}

// New returns empty figures.
func New(at time.Time, from, to teacher.Date) *Figures {
	return &Figures{At: at, From: from, To: to, days: map[teacher.Date]dayFigures{}, asked: map[string]int{}, unlocks: map[string]int{},
		reasons: map[string]int{}, deliveries: map[string]int{}, unreadable: map[string]int{}, repeats: make([]int, len(repeatGroups)),
		waiting: make([]int, len(waitGroups))}
}

// Add adds a row of the summary's query: its figure, its day if the figure has one, its kind, and the count.
func (f *Figures) Add(figure, day, kind string, number int) error {
	switch figure {
	case "lookups":
		return f.lookups(day, kind, number)
	case "asked":
		f.asked[kind] += number
	case "unlocks":
		f.unlocks[kind] += number
	case "reasons":
		for _, reason := range strings.Fields(kind) { // a refusal can have several
			f.reasons[reason] += number
		}
	case "deliveries":
		f.deliveries[kind] += number
		if strings.HasSuffix(kind, "-failure") {
			f.counts.Bounced += number
		}
	case "repeats", "waiting":
		return f.grouped(figure, kind, number)
	case "roles":
		f.roles += number
	case "new_repeats":
		f.counts.NewRepeats += number
	case "new_waiting":
		f.counts.NewWaiting += number
	case "found_since":
		f.foundSince += number
	case "pending":
		f.pending = append(f.pending, kind)
		f.counts.Pending += number
	case "unreadable":
		f.unreadable[kind] += number
	default:
		return fmt.Errorf("the summary knows no figure %q", figure)
	}
	return nil
}

func (f *Figures) lookups(day, outcome string, number int) error {
	date, err := teacher.ParseDate(day)
	if err != nil {
		return fmt.Errorf("the summary's lookups: %w", err)
	}
	d := f.days[date]
	switch lookup.Outcome(outcome) {
	case lookup.TRNSent:
		d.found += number
	case lookup.Helpdesk:
		d.helpdesk += number
	case lookup.NoMatch:
		d.notFound += number
	}
	f.days[date] = d
	if date.After(f.To) {
		f.To = date
	}
	return nil
}

func (f *Figures) grouped(figure, kind string, number int) error {
	value, err := strconv.Atoi(kind)
	if err != nil {
		return fmt.Errorf("the summary's %s: %w", figure, err)
	}
	if figure == "repeats" {
		f.counts.Repeats += number
		count(repeatGroups, f.repeats, value, number)
		return nil
	}
	f.counts.Waiting += number
	f.oldestWait = max(f.oldestWait, value)
	count(waitGroups, f.waiting, value, number)
	return nil
}

// Counts returns the figures of the nightly email.
func (f *Figures) Counts() Counts { return f.counts }

// Unreadable returns how many items are in no report.
func (f *Figures) Unreadable() (n int) {
	for _, items := range f.unreadable {
		n += items
	}
	return n
}

func (f *Figures) total() (sum dayFigures) {
	for _, d := range f.days {
		sum.add(d)
	}
	return sum
}

// refusals returns the reasons with their counts: all that are known, then any other by its code.
func (f *Figures) refusals() (names []string, codes []string, counts []int) {
	rest := maps.Clone(f.reasons)
	for _, r := range f.Reasons {
		names, codes, counts = append(names, r.Words), append(codes, r.Code), append(counts, rest[r.Code])
		delete(rest, r.Code)
	}
	for _, code := range slices.Sorted(maps.Keys(rest)) {
		names, codes, counts = append(names, code), append(codes, code), append(counts, rest[code])
	}
	return names, codes, counts
}

// unlocked and refused are the headline figures.
func (f *Figures) unlocked() int { return f.unlocks[string(unlocking.Unlocked)] }
func (f *Figures) refused() int  { return f.unlocks[string(unlocking.Refused)] }
