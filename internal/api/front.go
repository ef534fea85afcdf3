package api

import (
	"net/http"
	"strings"
)

// Site is the web form.
type Site interface {
	http.Handler
	// Has tells whether the form has something at a path.
	Has(path string) bool
	// Sorry answers for a request whose handler failed in a way that it did not foresee.
	Sorry(w http.ResponseWriter, r *http.Request)
}

// Front shares the endpoint between the API and the form: paths below /v1 are the API's, and so are paths that there
// are not, unless it is a browser that asks.
type Front struct {
	api  *API
	site Site
}

// NewFront puts both behind one endpoint.
func NewFront(api *API, site Site) *Front { return &Front{api, site} }

// ServeHTTP passes a request on.
func (f *Front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if f.isAPI(r) {
		f.api.ServeHTTP(w, r)
		return
	}
	f.site.ServeHTTP(w, r)
}

// Sorry answers for a request whose handler failed in a way that it did not foresee.
func (f *Front) Sorry(w http.ResponseWriter, r *http.Request) {
	if f.isAPI(r) {
		Failed(w, r)
		return
	}
	f.site.Sorry(w, r)
}

func (f *Front) isAPI(r *http.Request) bool {
	if strings.HasPrefix(r.URL.Path, "/v1/") {
		return true
	}
	return !f.site.Has(r.URL.Path) && !strings.Contains(r.Header.Get("Accept"), "text/html")
}
