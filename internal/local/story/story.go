// Package story describes what happened to a lookup in the local stack: what was given, how the records compared, what
// was decided and why, what was written and what was sent. It reads the tables, the functions' logs and the gateway's
// requests. AWS keeps the logs for a time, and no request of the gateway.
package story

import (
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"time"

	"losttrn/internal/local/logs"
	"losttrn/internal/lookup"
)

// Row is a lookup in a list.
type Row struct {
	LookupID      string    `json:"lookupId"`
	Reference     string    `json:"reference"`
	At            time.Time `json:"at"`
	Email         string    `json:"email"` // as it was given, "" if the lookup did not come through this gateway
	Outcome       string    `json:"outcome"`
	UnlockOutcome string    `json:"unlockOutcome"`
	UnlockReasons []string  `json:"unlockReasons"`
	Emails        []string  `json:"emails"` // the kinds that were sent, in order
}

// most is how many lookups are kept, and how many lines of each.
const (
	most      = 2000
	mostLines = 200
)

// Lines holds the functions' log lines about each lookup. It is safe for concurrent use.
type Lines struct {
	mu    sync.Mutex
	order []string // lookup ids, oldest first
	of    map[string][]logs.Line
}

// NewLines returns an empty Lines.
func NewLines() *Lines { return &Lines{of: map[string][]logs.Line{}} }

// Add stores a line, if it is about a lookup.
func (l *Lines) Add(line logs.Line) {
	id := line.Field("lookupId")
	if id == "" || line.Figure {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, known := l.of[id]; !known {
		l.order = append(l.order, id)
		if len(l.order) > most {
			delete(l.of, l.order[0])
			l.order = l.order[1:]
		}
	}
	if len(l.of[id]) < mostLines {
		l.of[id] = append(l.of[id], line)
	}
}

// Rows returns the stored lookups, newest first.
func (l *Lines) Rows() []Row {
	l.mu.Lock()
	defer l.mu.Unlock()
	rows := make([]Row, 0, len(l.order))
	for _, id := range slices.Backward(l.order) {
		rows = append(rows, row(id, l.of[id]))
	}
	return rows
}

// Of returns the lines of a lookup, which is named by its id or its reference.
func (l *Lines) Of(name string) (lookupID string, lines []logs.Line) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, id := range slices.Backward(l.order) {
		if Names(name, id) {
			return id, slices.Clone(l.of[id])
		}
	}
	return "", nil
}

// Names reports whether a name, as typed, is a lookup's id or reference.
func Names(name, id string) bool {
	return strings.EqualFold(name, id) || plain(name) == plain(lookup.Reference(id))
}

func plain(reference string) string {
	return strings.ToUpper(strings.NewReplacer("-", "", " ", "").Replace(reference))
}

func row(id string, lines []logs.Line) Row {
	r := Row{LookupID: id, Reference: lookup.Reference(id), UnlockReasons: []string{}, Emails: []string{}}
	for _, line := range lines {
		if r.At.IsZero() || line.Time.Before(r.At) {
			r.At = line.Time
		}
		switch {
		case line.Field("outcome") != "":
			r.Outcome = line.Field("outcome")
		case line.Field("unlockOutcome") != "":
			r.UnlockOutcome, r.UnlockReasons = line.Field("unlockOutcome"), texts(line, "unlockReasons")
		case line.Field("code") == sent:
			r.Emails = append(r.Emails, line.Field("kind"))
		}
	}
	return r
}

// sent is the code of the line that package notify writes when GOV.UK Notify took an email.
const sent = "sent"

// texts returns a list of texts in a line.
func texts(line logs.Line, name string) []string {
	list := []string{}
	for _, f := range line.Fields {
		if f.Name == name {
			_ = json.Unmarshal(f.Value, &list) // a line of another version holds none
		}
	}
	return list
}
