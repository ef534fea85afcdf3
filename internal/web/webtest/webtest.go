// Package webtest runs the form in tests: the real use case and matching over stores in memory, with four people in the
// register and faults that can be switched on.
package webtest

import (
	"context"
	"io/fs"
	"log/slog"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"losttrn/internal/catalogue"
	"losttrn/internal/guess"
	"losttrn/internal/limits"
	"losttrn/internal/lookup"
	"losttrn/internal/matching"
	"losttrn/internal/metric"
	"losttrn/internal/web"
	"losttrn/internal/web/page"
)

// Secret is a cookie secret.
const Secret = "local-11111111-1111-4111-8111-111111111111"

// About is what the pages say about the service.
var About = page.Service{Phase: "beta", FeedbackURL: "https://feedback.example.com/find-a-lost-trn", HelpdeskEmail: "helpdesk@example.com",
	HelpdeskPhone: "020 7946 0000", WorkingDays: 5}

// Stand is the form with its service and stores.
type Stand struct {
	Site   *web.Site
	Outbox *Outbox
	Log    *Lines
	// Figures are the lines of the form's metrics.
	Figures *Lines

	mu      sync.Mutex
	now     time.Time
	secrets string
	failure error
	// unremembered is what remembering what was tried fails with.
	unremembered error
	peeks        int
	peeked       lookup.Query
	helped       []lookup.HelpdeskRequest
	kept         map[string]lookup.Outcome
}

// Option changes how a Stand is set up.
type Option func(*web.Options)

// WithLanguages offers languages.
func WithLanguages(languages ...*catalogue.Language) Option {
	return func(o *web.Options) { o.Languages = languages }
}

// WithAssets serves other assets than the stand-ins.
func WithAssets(files fs.FS) Option { return func(o *web.Options) { o.Assets = files } }

// WithoutProviders makes the training providers unreadable.
func WithoutProviders() Option { return func(o *web.Options) { o.Providers = unreadable{} } }

// New sets up a form at noon on 22 November 2026.
func New(t testing.TB, options ...Option) *Stand {
	t.Helper()
	s := &Stand{now: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC), secrets: Secret, Outbox: &Outbox{},
		Log: &Lines{}, Figures: &Lines{}, kept: map[string]lookup.Outcome{}}
	secret := func(context.Context) (string, error) { return "an identity secret of thirty-two characters", nil }
	off := limits.Off{Secret: secret}
	service := &lookup.Service{Register: register{s}, Journal: journal{s}, Queue: s.Outbox, Limiter: off, Tries: tries{off, s}, Secret: secret, Clock: s.Now,
		Log: slog.New(slog.NewJSONHandler(s.Log, nil)), Metrics: metric.New(s.Log, "test", "lookup", s.Now), ExampleNINOs: true}
	o := web.Options{Service: peekCounter{service, s}, CookieSecrets: s.readSecrets, Clock: s.Now, About: About, Providers: providers{},
		Metrics: metric.New(s.Figures, "test", "lookup", s.Now),
		Log:     slog.New(slog.NewJSONHandler(s.Log, nil)), Assets: Assets()}
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

// Assets are stand-ins for the built assets.
func Assets() fs.FS {
	files := fstest.MapFS{"manifest.json": {Data: []byte(`{"pages.css":"pages-1.css","pages.js":"pages-1.js",
		"suggestions.js":"suggestions-1.js","favicon.ico":"favicon-1.ico","favicon.svg":"favicon-1.svg","govuk-icon-mask.svg":"mask-1.svg",
		"govuk-icon-180.png":"icon-1.png"}`)}}
	for _, name := range []string{"pages-1.css", "pages-1.js", "suggestions-1.js", "favicon-1.ico", "favicon-1.svg", "mask-1.svg", "icon-1.png"} {
		files[name] = &fstest.MapFile{Data: []byte("/* " + name + " */")}
	}
	files["pages-1.css.br"] = &fstest.MapFile{Data: []byte("brotli")}
	files["pages-1.css.gz"] = &fstest.MapFile{Data: []byte("gzip")}
	return files
}

// Now returns the time.
func (s *Stand) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

// Pass moves the clock forward.
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

// FailToRemember makes every write of what was tried fail; nil mends it.
func (s *Stand) FailToRemember(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.unremembered = err
}

// Peeks returns how often the form asked whether the answers match already.
func (s *Stand) Peeks() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.peeks
}

// Peeked returns what the form asked about last.
func (s *Stand) Peeked() lookup.Query {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.peeked
}

// HelpdeskRequests returns the requests kept for the helpdesk.
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

// tries remembers nothing, and can fail to.
type tries struct {
	limits.Off
	s *Stand
}

func (t tries) Remember(context.Context, guess.Tried, map[matching.Evidence]string) error {
	t.s.mu.Lock()
	defer t.s.mu.Unlock()
	return t.s.unremembered
}

func (s *Stand) fault() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.failure
}

// peekCounter counts the calls of Peek.
type peekCounter struct {
	*lookup.Service
	s *Stand
}

func (p peekCounter) Peek(ctx context.Context, source string, q lookup.Query) (bool, error) {
	p.s.mu.Lock()
	p.s.peeks++
	p.s.peeked = q
	p.s.mu.Unlock()
	return p.Service.Peek(ctx, source, q)
}
