package webtest

import (
	"bytes"
	"context"
	"sync"
	"time"

	"losttrn/internal/fault"
	"losttrn/internal/lookup"
	"losttrn/internal/matching"
	"losttrn/internal/message"
	"losttrn/internal/teacher"
)

// Lines are log lines.
type Lines struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// Write adds to the lines.
func (l *Lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(b)
}

// String returns all lines.
func (l *Lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// Outbox is a queue in memory that delivers at once and, as FIFO queues do, delivers messages with the same id once.
type Outbox struct {
	mu      sync.Mutex
	matches map[string]message.Match
	emails  map[string]message.Email
}

// SendMatch stores a match.
func (o *Outbox) SendMatch(_ context.Context, match message.Match) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.matches == nil {
		o.matches = map[string]message.Match{}
	}
	o.matches[match.LookupID] = match
	return nil
}

// ResendMatch stores a match again.
func (o *Outbox) ResendMatch(ctx context.Context, match message.Match, _ time.Time) error {
	return o.SendMatch(ctx, match)
}

// SendEmail stores an email.
func (o *Outbox) SendEmail(_ context.Context, email message.Email) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.emails == nil {
		o.emails = map[string]message.Email{}
	}
	o.emails[email.Reference()] = email
	return nil
}

// Matches returns the matches that were sent.
func (o *Outbox) Matches() []message.Match {
	o.mu.Lock()
	defer o.mu.Unlock()
	var all []message.Match
	for _, match := range o.matches {
		all = append(all, match)
	}
	return all
}

// Emails returns the emails that were sent.
func (o *Outbox) Emails() []message.Email {
	o.mu.Lock()
	defer o.mu.Unlock()
	var all []message.Email
	for _, email := range o.emails {
		all = append(all, email)
	}
	return all
}

// register holds Teachers.
type register struct{ s *Stand }

func (r register) Candidates(_ context.Context, p matching.Person) (matching.Candidates, error) {
	var found matching.Candidates
	if err := r.s.fault(); err != nil {
		return found, err
	}
	for _, record := range Teachers() {
		if !p.DateOfBirth.IsZero() && p.DateOfBirth == record.DateOfBirth ||
			!p.NINO.IsZero() && p.NINO == record.NINO || !p.Email.IsZero() && p.Email == record.Email {
			found.Records = append(found.Records, record)
		}
	}
	return found, nil
}

// Teachers returns the register. The two Sams are one person recorded twice, but for the middle name.
func Teachers() []teacher.Record {
	record := func(trn, first, last, birth, nino, email, provider string) teacher.Record {
		must := func(err error) {
			if err != nil {
				panic(err)
			}
		}
		r := teacher.Record{Name: teacher.Name{First: first, Last: last}, Status: teacher.Active}
		var err error
		r.TRN, err = teacher.ParseTRN(trn)
		must(err)
		r.DateOfBirth, err = teacher.ParseDate(birth)
		must(err)
		r.NINO, err = teacher.ParseNINO(nino)
		must(err)
		address, err := teacher.ParseEmail(email)
		must(err)
		r.Email = address.Key()
		r.Providers = []teacher.Provider{{Name: provider}}
		return r
	}
	return []teacher.Record{
		record("1000001", "Amara", "Osei", "1985-03-31", "QQ123456A", "amara@example.com", "University of Example"),
		record("1000002", "Bo", "Li", "1990-12-01", "QQ123456B", "bo@example.com", "Example College"),
		record("1000003", "Sam", "Twice", "1970-01-02", "QQ123456C", "sam@example.com", "Example School"),
		record("1000004", "Sam", "Twice", "1970-01-02", "QQ123456C", "sam@example.com", "Example School"),
	}
}

// providers are those of Teachers, and some that are not.
type providers struct{}

func (providers) Names(context.Context) ([]string, error) {
	return []string{"Example College", "Example School", "Northern College of Example, Leeds", "University of Example", "University of Nowhere Else"}, nil
}

// unreadable are training providers that cannot be read.
type unreadable struct{}

func (unreadable) Names(context.Context) ([]string, error) { return nil, fault.Unavailable }

// journal stores what is recorded in its Stand.
type journal struct{ s *Stand }

func (j journal) Recorded(_ context.Context, id string) (lookup.Recorded, error) {
	j.s.mu.Lock()
	defer j.s.mu.Unlock()
	return lookup.Recorded{Outcome: j.s.kept[id]}, nil
}

func (j journal) record(id string, outcome lookup.Outcome) (lookup.Outcome, bool) {
	j.s.mu.Lock()
	defer j.s.mu.Unlock()
	if recorded, ok := j.s.kept[id]; ok {
		return recorded, false
	}
	j.s.kept[id] = outcome
	return outcome, true
}

func (j journal) RecordNoMatch(_ context.Context, id string, _ time.Time) (lookup.Outcome, error) {
	outcome, _ := j.record(id, lookup.NoMatch)
	return outcome, nil
}

func (j journal) RecordSeveral(ctx context.Context, r lookup.HelpdeskRequest) (lookup.Outcome, error) {
	outcome, first := j.record(r.LookupID, lookup.Helpdesk)
	if first {
		_, err := j.RecordHelpdeskRequest(ctx, r)
		return outcome, err
	}
	return outcome, nil
}

func (j journal) RecordHelpdeskRequest(_ context.Context, r lookup.HelpdeskRequest) (lookup.HelpdeskRequest, error) {
	j.s.mu.Lock()
	defer j.s.mu.Unlock()
	for _, kept := range j.s.helped {
		if kept.LookupID == r.LookupID {
			return kept, nil
		}
	}
	j.s.helped = append(j.s.helped, r)
	return r, nil
}
