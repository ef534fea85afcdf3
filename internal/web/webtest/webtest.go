// Package webtest runs the form in tests: the true use case and matching over stores in memory, with four people in
// the register and faults to switch on.
package webtest

import (
	"bytes"
	"context"
	"io/fs"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"losttrn/internal/catalogue"
	"losttrn/internal/lookup"
	"losttrn/internal/matching"
	"losttrn/internal/queue"
	"losttrn/internal/teacher"
	"losttrn/internal/web"
)

// Secret is a cookie secret.
const Secret = "local-11111111-1111-4111-8111-111111111111"

// Stand is the form and what stands behind it.
type Stand struct {
	Site   *web.Site
	Outbox *Outbox
	Log    *Lines

	mu      sync.Mutex
	now     time.Time
	secrets string
	failure error
	peeks   int
	helped  []lookup.HelpdeskRequest
	kept    map[string]lookup.Outcome
}

// Option changes how a Stand is set up.
type Option func(*web.Options)

// WithLanguages offers languages.
func WithLanguages(languages ...*catalogue.Language) Option {
	return func(o *web.Options) { o.Languages = languages }
}

// WithAssets serves assets instead of stand-ins.
func WithAssets(files fs.FS) Option { return func(o *web.Options) { o.Assets = files } }

// New sets up a form at noon on 22 November 2026.
func New(t testing.TB, options ...Option) *Stand {
	t.Helper()
	s := &Stand{now: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC), secrets: Secret, Outbox: &Outbox{},
		Log: &Lines{}, kept: map[string]lookup.Outcome{}}
	service := &lookup.Service{Register: register{s}, Journal: journal{s}, Queue: s.Outbox, Limiter: limiter{s},
		Secret: func(context.Context) (string, error) { return "an identity secret of thirty-two characters", nil }, Clock: s.Now,
		Log: slog.New(slog.NewJSONHandler(s.Log, nil))}
	o := web.Options{Service: peekCounter{service, s}, CookieSecrets: s.readSecrets, Clock: s.Now,
		Log: slog.New(slog.NewJSONHandler(s.Log, nil)), Assets: Assets()}
	for _, option := range options {
		option(&o)
	}
	site, err := web.New(o)
	if err != nil {
		t.Fatalf("set up the form: %v", err)
	}
	s.Site = site
	return s
}

// Assets stand in for built ones.
func Assets() fs.FS {
	files := fstest.MapFS{"manifest.json": {Data: []byte(`{"pages.css":"pages-1.css","pages.js":"pages-1.js",
		"favicon.ico":"favicon-1.ico","favicon.svg":"favicon-1.svg","govuk-icon-mask.svg":"mask-1.svg",
		"govuk-icon-180.png":"icon-1.png"}`)}}
	for _, name := range []string{"pages-1.css", "pages-1.js", "favicon-1.ico", "favicon-1.svg", "mask-1.svg", "icon-1.png"} {
		files[name] = &fstest.MapFile{Data: []byte("/* " + name + " */")}
	}
	files["pages-1.css.br"] = &fstest.MapFile{Data: []byte("brotli")}
	files["pages-1.css.gz"] = &fstest.MapFile{Data: []byte("gzip")}
	return files
}

// Now is the time.
func (s *Stand) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

// Pass lets time pass.
func (s *Stand) Pass(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = s.now.Add(d)
}

// Rotate changes the cookie secrets.
func (s *Stand) Rotate(secrets string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.secrets = secrets
}

// Fail makes every read of the register fail; nil mends it.
func (s *Stand) Fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failure = err
}

// Peeks is how often the form asked whether the answers match already.
func (s *Stand) Peeks() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.peeks
}

// HelpdeskRequests are the requests kept for the helpdesk.
func (s *Stand) HelpdeskRequests() []lookup.HelpdeskRequest {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]lookup.HelpdeskRequest(nil), s.helped...)
}

func (s *Stand) readSecrets(context.Context) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.secrets, nil
}

func (s *Stand) fault() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.failure
}

type peekCounter struct {
	*lookup.Service
	s *Stand
}

func (p peekCounter) Peek(ctx context.Context, source string, q lookup.Query) (bool, error) {
	p.s.mu.Lock()
	p.s.peeks++
	p.s.mu.Unlock()
	return p.Service.Peek(ctx, source, q)
}

type limiter struct{ s *Stand }

func (limiter) Count(context.Context, string, lookup.Query) error { return nil }

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

// String is all lines.
func (l *Lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// Outbox is a queue that delivers at once, as first-in-first-out queues do: what has the same id is delivered once.
type Outbox struct {
	mu      sync.Mutex
	matches map[string]queue.Match
	emails  map[string]queue.Email
}

// SendMatch takes a match.
func (o *Outbox) SendMatch(_ context.Context, match queue.Match) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.matches == nil {
		o.matches = map[string]queue.Match{}
	}
	o.matches[match.LookupID] = match
	return nil
}

// SendEmail takes an email.
func (o *Outbox) SendEmail(_ context.Context, email queue.Email) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.emails == nil {
		o.emails = map[string]queue.Email{}
	}
	o.emails[email.Reference()] = email
	return nil
}

// Matches are the matches taken.
func (o *Outbox) Matches() []queue.Match {
	o.mu.Lock()
	defer o.mu.Unlock()
	var all []queue.Match
	for _, match := range o.matches {
		all = append(all, match)
	}
	return all
}

// Emails are the emails taken.
func (o *Outbox) Emails() []queue.Email {
	o.mu.Lock()
	defer o.mu.Unlock()
	var all []queue.Email
	for _, email := range o.emails {
		all = append(all, email)
	}
	return all
}

type register struct{ s *Stand }

func (r register) Candidates(_ context.Context, p matching.Person) ([]teacher.Record, error) {
	if err := r.s.fault(); err != nil {
		return nil, err
	}
	var found []teacher.Record
	for _, record := range Teachers() {
		if !p.DateOfBirth.IsZero() && p.DateOfBirth == record.DateOfBirth ||
			!p.NINO.IsZero() && p.NINO == record.NINO || !p.Email.IsZero() && p.Email == record.Email {
			found = append(found, record)
		}
	}
	return found, nil
}

// Teachers are the register. The two Sams are one person recorded twice, but for the middle name.
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

type journal struct{ s *Stand }

func (j journal) Outcome(_ context.Context, id string) (lookup.Outcome, error) {
	j.s.mu.Lock()
	defer j.s.mu.Unlock()
	return j.s.kept[id], nil
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

// Canaries are texts that must never be seen in a log line: the details of a person of the register.
func Canaries() []string {
	return strings.Fields("amara@example.com Amara Osei 1985 QQ123456A 1000001")
}
