package gateway_test

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"losttrn/internal/gateway"
)

const proof = "the-edge-and-nobody-else"

// through sends a request with headers to a service behind an edge, and returns what came of it.
func through(edge gateway.Edge, headers map[string]string) (status int, source, host, secret string) {
	e := event(http.MethodPost, "/v1/lookups", "{}")
	for name, value := range headers {
		e.Headers[name] = value
	}
	answer, _ := gateway.Handle(edge.Only(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		source, host, secret = gateway.SourceAddress(r), r.Host, r.Header.Get("X-Edge-Secret")
	})), http.NotFoundHandler(), quiet)(context.Background(), e)
	return answer.StatusCode, source, host, secret
}

func TestWithoutAnEdgeNoHeaderIsBelieved(t *testing.T) {
	status, source, host, _ := through(gateway.Edge{}, map[string]string{
		"cloudfront-viewer-address": "198.51.100.7:1", "x-edge-host": "evil.example.com", "x-edge-secret": proof})
	if status != http.StatusOK || source != "203.0.113.9" || host != "example.execute-api.eu-west-2.amazonaws.com" {
		t.Errorf("%d, source %s, host %s", status, source, host)
	}
}

func TestBehindAnEdgeTheViewerIsTheSource(t *testing.T) {
	edge := gateway.Edge{Secret: func(context.Context) (string, error) { return proof, nil }}
	for given, want := range map[string]string{
		"198.51.100.7:46532":      "198.51.100.7",
		"2001:db8::1:46532":       "2001:db8::1",
		"[2001:db8::1]:46532":     "2001:db8::1",
		"2001:db8:0:0:0:0:0:1:80": "2001:db8::1",
		"":                        "unknown",
		"nonsense":                "unknown",
		"198.51.100.7":            "unknown",
	} {
		status, source, host, secret := through(edge, map[string]string{
			"x-edge-secret": proof, "x-edge-host": "find.example.com", "cloudfront-viewer-address": given})
		if status != http.StatusOK || source != want || host != "find.example.com" || secret != "" {
			t.Errorf("%q: %d, source %q, host %q, secret passed on %t", given, status, source, host, secret != "")
		}
	}
}

func TestPastAnEdgeNobodyIsServed(t *testing.T) {
	edge := gateway.Edge{Secret: func(context.Context) (string, error) { return proof, nil }}
	for _, given := range []string{"", "x", proof + "x", proof[1:]} {
		status, source, _, _ := through(edge, map[string]string{"x-edge-secret": given, "cloudfront-viewer-address": "198.51.100.7:1"})
		if status != http.StatusForbidden || source != "" {
			t.Errorf("%q: %d, served %t", given, status, source != "")
		}
	}
	for name, secret := range map[string]func(context.Context) (string, error){
		"unreadable": func(context.Context) (string, error) { return "", errors.New("down") },
		"blank":      func(context.Context) (string, error) { return "", nil },
	} {
		if status, source, _, _ := through(gateway.Edge{Secret: secret}, map[string]string{"x-edge-secret": ""}); status != http.StatusServiceUnavailable || source != "" {
			t.Errorf("%s: %d", name, status)
		}
	}
}
