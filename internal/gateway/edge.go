package gateway

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"net/netip"
	"strings"
)

// Edge is a CloudFront distribution in front of the API. It authenticates with a secret header; only then is its word
// taken for the viewer's address. The zero Edge means that there is none: every request is passed on unchanged.
type Edge struct {
	// Secret returns the secret that the edge sends. It is nil if there is no edge.
	Secret func(context.Context) (string, error)
}

// Headers that the edge adds. The viewer's address is CloudFront's own; the other two are the template's.
const (
	edgeSecret    = "X-Edge-Secret"
	edgeHost      = "X-Edge-Host"
	viewerAddress = "CloudFront-Viewer-Address"
)

// Only returns a handler that passes requests from the edge to next, with the viewer's address as their source and the
// host name that the viewer asked for. It answers any other request with 403, or with 503 while the secret cannot be
// read.
func (e Edge) Only(next http.Handler) http.Handler {
	if e.Secret == nil {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		secret, err := e.Secret(r.Context())
		switch {
		case err != nil || secret == "":
			w.Header().Set("Retry-After", "5")
			http.Error(w, "The service is not available for a moment. Try again.", http.StatusServiceUnavailable)
			return
		case !same(r.Header.Get(edgeSecret), secret):
			http.Error(w, "This address is not for people: use the service's own.", http.StatusForbidden)
			return
		}
		source, ok := viewer(r.Header.Get(viewerAddress))
		if !ok {
			// Counted as one address rather than as the edge's many.
			source = "unknown"
		}
		r.RemoteAddr = source
		if host := r.Header.Get(edgeHost); host != "" {
			r.Host = host
		}
		for _, name := range []string{edgeSecret, edgeHost, viewerAddress} {
			r.Header.Del(name)
		}
		next.ServeHTTP(w, r)
	})
}

// same compares two texts in constant time.
func same(got, want string) bool {
	a, b := sha256.Sum256([]byte(got)), sha256.Sum256([]byte(want))
	return subtle.ConstantTimeCompare(a[:], b[:]) == 1
}

// viewer reads an address with a port after the last colon: 203.0.113.9:46532, 2001:db8::1:46532 or [2001:db8::1]:46532.
func viewer(text string) (string, bool) {
	colon := strings.LastIndexByte(text, ':')
	if colon < 0 {
		return "", false
	}
	address, err := netip.ParseAddr(strings.Trim(text[:colon], "[]"))
	if err != nil {
		return "", false
	}
	return address.String(), true
}
