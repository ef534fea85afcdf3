package web

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"losttrn/internal/answer"
	"losttrn/internal/catalogue"
	"losttrn/internal/lookup"
	"losttrn/internal/teacher"
	"losttrn/internal/web/journey"
)

// Service is the use case behind the form.
type Service interface {
	// Lookup finds a record and sends its TRN; the same idempotency key and query are the same lookup.
	Lookup(ctx context.Context, r lookup.Request) (lookup.Answer, error)
	// Peek tells whether what was given so far matches exactly one record.
	Peek(ctx context.Context, source string, q lookup.Query) (bool, error)
	// RequestHelp asks the helpdesk after a lookup that matched nothing.
	RequestHelp(ctx context.Context, lookupID string, r lookup.Request) error
}

// Options are what the form is made of. Service and CookieSecrets are required.
type Options struct {
	Service Service
	// CookieSecrets seal the cookie. They are asked for with every request, so a change of them needs no restart.
	CookieSecrets journey.Secrets
	// Languages are those that a person can choose from, the first unless they do; none means English.
	Languages []*catalogue.Language
	Clock     func() time.Time // none means the system's
	Log       *slog.Logger     // none means the default
	Random    io.Reader        // none means crypto/rand
	Assets    fs.FS            // none means BuiltAssets
}

// Site is the form, an http.Handler. It is safe for concurrent use if its options are.
type Site struct {
	service   Service
	seal      *journey.Seal
	languages []*catalogue.Language
	clock     func() time.Time
	log       *slog.Logger
	random    io.Reader
	assets    *assets
	crossSite *http.CrossOriginProtection
	routes    map[string]route
}

// route is what is done at a path; a method without a handler is not allowed there.
type route struct{ get, post func(*visit) }

// New is the form. It fails with ErrNoAssets if the assets are not built in.
func New(o Options) (*Site, error) {
	if o.Service == nil || o.CookieSecrets == nil {
		return nil, errors.New("web: a service and cookie secrets are required")
	}
	if len(o.Languages) == 0 {
		o.Languages = []*catalogue.Language{catalogue.English}
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Random == nil {
		o.Random = rand.Reader
	}
	if o.Assets == nil {
		o.Assets = BuiltAssets()
	}
	files, err := newAssets(o.Assets)
	if err != nil {
		return nil, err
	}
	return &Site{service: o.Service, seal: journey.NewSeal(o.CookieSecrets, o.Random), languages: o.Languages, clock: o.Clock, log: o.Log,
		random: o.Random, assets: files, crossSite: http.NewCrossOriginProtection(), routes: routes()}, nil
}

func routes() map[string]route {
	all := map[string]route{
		"/":                 {get: (*visit).start},
		"/check-answers":    {get: (*visit).checkAnswers, post: (*visit).submit},
		"/trn-found":        {get: (*visit).found},
		"/no-match":         {get: (*visit).noMatch},
		"/helpdesk-request": {get: (*visit).helpRequested, post: (*visit).requestHelp},
		"/cookies":          {get: (*visit).cookies},
		"/accessibility":    {get: (*visit).accessibility},
		"/privacy":          {get: (*visit).privacy},
	}
	for question, form := range forms {
		q := journey.Question(question)
		all[q.Path()] = route{
			get:  func(v *visit) { v.ask(q, form) },
			post: func(v *visit) { v.answer(q, form) },
		}
	}
	return all
}

// ServeHTTP answers one request.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	secure(w.Header())
	v := s.visit(w, r)
	if strings.HasPrefix(r.URL.Path, assetPrefix) {
		s.serveAsset(v)
		return
	}
	at, ok := s.routes[r.URL.Path]
	if !ok {
		v.refuse(answer.NotFound)
		return
	}
	handle := at.get
	switch r.Method {
	case http.MethodGet, http.MethodHead:
		if v.chooseLanguage() {
			return
		}
	case http.MethodPost:
		handle = at.post
	default:
		handle = nil
	}
	switch {
	case handle == nil:
		v.notAllowed(at)
	case s.crossSite.Check(r) != nil:
		v.refuse(answer.Forbidden)
	default:
		handle(v)
	}
}

func (s *Site) serveAsset(v *visit) {
	switch {
	case v.r.Method != http.MethodGet && v.r.Method != http.MethodHead:
		v.notAllowed(route{get: (*visit).start})
	case !s.assets.serve(v.w, v.r):
		v.refuse(answer.NotFound)
	}
}

// Sorry answers with the page that says that something went wrong, for what becomes of a panic.
func (s *Site) Sorry(w http.ResponseWriter, r *http.Request) {
	secure(w.Header())
	s.visit(w, r).show(answer.Internal)
}

// Has tells whether there is a page or an asset at a path.
func (s *Site) Has(path string) bool {
	_, page := s.routes[path]
	return page || strings.HasPrefix(path, assetPrefix)
}

// today is the day in Europe/London.
func (s *Site) today() teacher.Date { return teacher.LondonDate(s.clock()) }

// secure sets what keeps a page to itself. The pages hold no inline script or style, and load nothing from anywhere
// else.
func secure(h http.Header) {
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "+
		"font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	h.Set("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	// Not no-referrer: browsers would then send the form's posts with "Origin: null", which older ones need to
	// send truly to be told from another site's.
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
	h.Set("Cache-Control", "no-store")
}
