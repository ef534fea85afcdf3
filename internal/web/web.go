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
	"losttrn/internal/web/page"
)

// Service is the use case behind the form.
type Service interface {
	// Lookup finds a record and sends its TRN; the same idempotency key and query are the same lookup.
	Lookup(ctx context.Context, r lookup.Request) (lookup.Answer, error)
	// Peek reports whether the details given so far match exactly one record.
	Peek(ctx context.Context, source string, q lookup.Query) (bool, error)
	// RequestHelp asks the helpdesk after a lookup that matched nothing.
	RequestHelp(ctx context.Context, lookupID string, r lookup.Request) error
}

// Options configure the form. Service, CookieSecrets and Metrics are required.
type Options struct {
	Service Service
	// About holds what the pages say about the service and its helpdesk.
	About page.Service
	// Providers reads the training providers that the form suggests; nil means none.
	Providers Providers
	Metrics   Metrics
	// CookieSecrets returns the secrets that seal the cookie. It is called for every request, so a change needs no
	// restart.
	CookieSecrets journey.Secrets
	// Languages are those that a person can choose from; the first is the default. nil means catalogue.Languages.
	Languages []*catalogue.Language
	Clock     func() time.Time // nil means the system's
	Log       *slog.Logger     // nil means the default
	Random    io.Reader        // nil means crypto/rand
	Assets    fs.FS            // nil means BuiltAssets
}

// Environment reads a function's configuration.
type Environment interface {
	Required(name string) string
	Optional(name string) string
	Count(name string) int
}

// About reads the configuration of what the pages say about the service and its helpdesk.
func About(env Environment) page.Service {
	return page.Service{Phase: env.Required("PHASE"), FeedbackURL: env.Optional("FEEDBACK_URL"), HelpdeskEmail: env.Required("HELPDESK_EMAIL"),
		HelpdeskPhone: env.Optional("HELPDESK_PHONE"), WorkingDays: env.Count("HELPDESK_WORKING_DAYS")}
}

// Site is the form, an http.Handler. It is safe for concurrent use if its options are.
type Site struct {
	service     Service
	about       page.Service
	suggestions *suggestions
	metrics     Metrics
	seal        *journey.Seal
	languages   []*catalogue.Language
	clock       func() time.Time
	log         *slog.Logger
	random      io.Reader
	assets      *assets
	crossSite   *http.CrossOriginProtection
	routes      map[string]route
}

// route holds the handlers of a path; a method without a handler is not allowed there.
type route struct{ get, post func(*exchange) }

// New returns the form. It fails with ErrNoAssets if the assets are not built in.
func New(o Options) (*Site, error) {
	if o.Service == nil || o.CookieSecrets == nil || o.Metrics == nil {
		return nil, errors.New("web: a service, cookie secrets and metrics are required")
	}
	if o.Providers == nil {
		o.Providers = noProviders{}
	}
	if len(o.Languages) == 0 {
		o.Languages = catalogue.Languages
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
	return &Site{service: o.Service, about: o.About, suggestions: &suggestions{source: o.Providers}, metrics: o.Metrics,
		seal: journey.NewSeal(o.CookieSecrets, o.Random), languages: o.Languages, clock: o.Clock, log: o.Log,
		random: o.Random, assets: files, crossSite: http.NewCrossOriginProtection(), routes: routes()}, nil
}

func routes() map[string]route {
	all := map[string]route{
		startPath:                   {get: (*exchange).start},
		checkPath:                   {get: (*exchange).checkAnswers, post: (*exchange).submit},
		foundPath:                   {get: (*exchange).found},
		noMatchPath:                 {get: (*exchange).noMatch},
		helpPath:                    {get: (*exchange).helpRequested, post: (*exchange).requestHelp},
		clearPath:                   {get: (*exchange).clearAnswers},
		"/cookies":                  {get: (*exchange).cookies},
		"/accessibility":            {get: (*exchange).accessibility},
		"/privacy":                  {get: (*exchange).privacy},
		"/favicon.ico":              {get: (*exchange).favicon},
		"/robots.txt":               {get: (*exchange).robots},
		"/.well-known/security.txt": {get: (*exchange).securityTxt},
	}
	for question, form := range forms {
		q := journey.Question(question)
		all[q.Path()] = route{
			get:  func(x *exchange) { x.showQuestion(q, form) },
			post: func(x *exchange) { x.takeAnswer(q, form) },
		}
	}
	return all
}

// ServeHTTP responds to one request.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	secure(w.Header())
	x := s.exchange(w, r)
	if strings.HasPrefix(r.URL.Path, assetPrefix) {
		x.serveAsset()
		return
	}
	at, ok := s.routes[r.URL.Path]
	switch {
	case !ok && s.isPage(strings.TrimRight(r.URL.Path, "/")):
		x.redirectPermanently(strings.TrimRight(r.URL.Path, "/"))
		return
	case !ok:
		x.refuse(answer.NotFound)
		return
	}
	handle := at.get
	switch r.Method {
	case http.MethodGet, http.MethodHead:
		if x.chooseLanguage() {
			return
		}
	case http.MethodPost:
		handle = at.post
	default:
		handle = nil
	}
	switch {
	case handle == nil:
		x.refuseMethod(at)
	case s.crossSite.Check(r) != nil:
		x.refuse(answer.Forbidden)
	default:
		handle(x)
	}
}

// redirectPermanently redirects a request to the correct path, with its method and body.
func (x *exchange) redirectPermanently(path string) {
	x.w.Header().Set("Location", path)
	x.w.WriteHeader(http.StatusPermanentRedirect)
}

func (x *exchange) serveAsset() {
	switch {
	case x.r.Method != http.MethodGet && x.r.Method != http.MethodHead:
		x.refuseMethod(route{get: (*exchange).start})
	case isSuggestions(x.r.URL.Path):
		x.serveSuggestions()
	case !x.assets.serve(x.w, x.r):
		x.refuse(answer.NotFound)
	}
}

// ServePanic responds to a request whose handler panicked with the page that says that something went wrong.
func (s *Site) ServePanic(w http.ResponseWriter, r *http.Request) {
	secure(w.Header())
	s.exchange(w, r).showFailure(answer.Internal)
}

// Has reports whether there is a page or an asset at a path, with or without a slash at its end.
func (s *Site) Has(path string) bool {
	return s.isPage(path) || s.isPage(strings.TrimRight(path, "/")) || strings.HasPrefix(path, assetPrefix)
}

func (s *Site) isPage(path string) bool {
	_, ok := s.routes[path]
	return ok
}

// today returns the day in Europe/London.
func (s *Site) today() teacher.Date { return teacher.LondonDate(s.clock()) }

// secure sets the security headers. The pages have no inline script or style, and load nothing from other hosts.
func secure(h http.Header) {
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "+
		"font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	h.Set("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	// Not no-referrer, because browsers would then send the form's posts with "Origin: null". Of older browsers the
	// true origin is needed to distinguish the post from another site's.
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
	h.Set("Cache-Control", "no-store")
}
