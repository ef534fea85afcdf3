package api

import (
	"net/http"
	"strings"
)

// Site is the web form.
type Site interface {
	http.Handler
	// Has reports whether the form serves a path.
	Has(path string) bool
	// ServePanic responds to a request whose handler panicked.
	ServePanic(w http.ResponseWriter, r *http.Request)
}

// Front routes requests to the API or the form. The API gets all paths below /v1, and unknown paths unless a browser
// asks for them.
type Front struct {
	api  *API
	site Site
}

// NewFront returns a Front for an API and a form.
func NewFront(api *API, site Site) *Front { return &Front{api, site} }

// ServeHTTP passes a request on.
func (f *Front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if f.isAPI(r) {
		f.api.ServeHTTP(w, r)
		return
	}
	f.site.ServeHTTP(w, r)
}

// ServePanic responds to a request whose handler panicked.
func (f *Front) ServePanic(w http.ResponseWriter, r *http.Request) {
	if f.isAPI(r) {
		ServePanic(w, r)
		return
	}
	f.site.ServePanic(w, r)
}

func (f *Front) isAPI(r *http.Request) bool {
	if strings.HasPrefix(r.URL.Path, "/v1/") {
		return true
	}
	return !f.site.Has(r.URL.Path) && !strings.Contains(r.Header.Get("Accept"), "text/html")
}
