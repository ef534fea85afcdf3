package gateway

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"losttrn/internal/local/runtimeapi"
)

type invoker func(ctx context.Context, event []byte) ([]byte, error)

func (f invoker) Invoke(ctx context.Context, event []byte) ([]byte, error) { return f(ctx, event) }

// exchange sends a request through a gateway, and returns the event that the
// function saw and the response.
func exchange(t *testing.T, r *http.Request, answer string) (Event, *http.Response, string) {
	t.Helper()
	var seen Event
	g := New(invoker(func(_ context.Context, event []byte) ([]byte, error) {
		if err := json.Unmarshal(event, &seen); err != nil {
			t.Errorf("the event is not JSON: %v", err)
		}
		return []byte(answer), nil
	}), func(err error) { t.Log(err) })
	w := httptest.NewRecorder()
	g.ServeHTTP(w, r)
	response := w.Result()
	body, _ := io.ReadAll(response.Body)
	return seen, response, string(body)
}

func TestARequestBecomesAnEvent(t *testing.T) {
	r := httptest.NewRequest("POST", "http://localhost:8080/a%20b/c?x=1&x=2&y=a%20b&z", strings.NewReader(`{"a":"é"}`))
	r.RemoteAddr = "192.0.2.7:4321"
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	r.Header.Set("User-Agent", "test")
	r.Header.Add("X-Twice", "1")
	r.Header.Add("X-Twice", "2")
	r.Header.Set("X-Forwarded-For", "198.51.100.1")
	r.Header.Set("Cookie", "a=1; b=2")
	e, _, _ := exchange(t, r, `{"statusCode":204}`)

	if e.RequestContext.RequestID == "" || time.Since(time.UnixMilli(e.RequestContext.TimeEpoch)) > time.Minute {
		t.Errorf("context: %+v", e.RequestContext)
	}
	e.RequestContext.RequestID, e.RequestContext.Time, e.RequestContext.TimeEpoch = "", "", 0
	body := `{"a":"é"}`
	want := Event{
		Version: "2.0", RouteKey: "$default", RawPath: "/a b/c", RawQueryString: "x=1&x=2&y=a%20b&z",
		Cookies: []string{"a=1", "b=2"},
		Headers: map[string]string{
			"content-type": "application/json; charset=utf-8", "user-agent": "test", "x-twice": "1,2",
			"host": "localhost:8080", "content-length": "10",
			"x-forwarded-for": "198.51.100.1, 192.0.2.7", "x-forwarded-proto": "http", "x-forwarded-port": "8080",
		},
		QueryStringParameters: map[string]string{"x": "1,2", "y": "a b", "z": ""},
		RequestContext: RequestContext{
			AccountID: "000000000000", APIID: "local", DomainName: "localhost:8080", DomainPrefix: "localhost:8080",
			HTTP:     Description{Method: "POST", Path: "/a b/c", Protocol: "HTTP/1.1", SourceIP: "192.0.2.7", UserAgent: "test"},
			RouteKey: "$default", Stage: "$default",
		},
		Body: &body,
	}
	if diff := cmp.Diff(want, e); diff != "" {
		t.Error(diff)
	}
}

func TestBodiesThatAreNotTextAreEncoded(t *testing.T) {
	for contentType, encoded := range map[string]bool{
		"application/x-www-form-urlencoded": true,
		"multipart/form-data; boundary=x":   true,
		"application/octet-stream":          true,
		"application/json":                  false,
		"application/problem+json":          false,
		"text/plain":                        false,
		"":                                  false,
		"not a type":                        true,
	} {
		r := httptest.NewRequest("POST", "/", strings.NewReader("a=1"))
		if contentType != "" {
			r.Header.Set("Content-Type", contentType)
		}
		e, _, _ := exchange(t, r, `{}`)
		want := "a=1"
		if encoded {
			want = base64.StdEncoding.EncodeToString([]byte(want))
		}
		if e.IsBase64Encoded != encoded || e.Body == nil || *e.Body != want {
			t.Errorf("%q: encoded %v, body %v", contentType, e.IsBase64Encoded, *e.Body)
		}
	}
	e, _, _ := exchange(t, httptest.NewRequest("GET", "/", nil), `{}`)
	if e.Body != nil || e.IsBase64Encoded {
		t.Errorf("no body became %v", e.Body)
	}
}

func TestAnAnswerBecomesAResponse(t *testing.T) {
	for name, c := range map[string]struct {
		answer  string
		status  int
		headers map[string][]string
		body    string
	}{
		"all": {
			answer: `{"statusCode":201,"headers":{"content-type":"text/html","x-a":"1"},"cookies":["a=1; Secure","b=2"],"body":"hello"}`,
			status: 201, body: "hello",
			headers: map[string][]string{"Content-Type": {"text/html"}, "X-A": {"1"}, "Set-Cookie": {"a=1; Secure", "b=2"}},
		},
		"encoded":      {answer: `{"statusCode":200,"isBase64Encoded":true,"body":"/+4="}`, status: 200, body: "\xff\xee"},
		"status alone": {answer: `{"statusCode":404}`, status: 404, headers: map[string][]string{"Content-Type": {"text/plain; charset=utf-8"}}},
		"status text":  {answer: `{"statusCode":"202"}`, status: 202},
		"no status":    {answer: `{"a":1}`, status: 200, body: `{"a":1}`, headers: map[string][]string{"Content-Type": {"application/json"}}},
		"a text":       {answer: `"hello"`, status: 200, body: "hello"},
		"null":         {answer: `null`, status: 200},
		"not JSON":     {answer: `hello`, status: 500, body: `{"message":"Internal Server Error"}`},
		"bad status":   {answer: `{"statusCode":1000}`, status: 500, body: `{"message":"Internal Server Error"}`},
		"bad headers":  {answer: `{"statusCode":200,"headers":{"a":["b"]}}`, status: 500, body: `{"message":"Internal Server Error"}`},
		"bad encoding": {answer: `{"statusCode":200,"isBase64Encoded":true,"body":"%"}`, status: 500, body: `{"message":"Internal Server Error"}`},
	} {
		t.Run(name, func(t *testing.T) {
			_, response, body := exchange(t, httptest.NewRequest("GET", "/", nil), c.answer)
			if response.StatusCode != c.status || body != c.body && name != "null" {
				t.Errorf("got %d %q, want %d %q", response.StatusCode, body, c.status, c.body)
			}
			for name, want := range c.headers {
				if diff := cmp.Diff(want, response.Header[name]); diff != "" {
					t.Error(diff)
				}
			}
			if response.Header.Get("Apigw-Requestid") == "" {
				t.Error("no request id")
			}
		})
	}
}

func TestFailuresAreAnsweredAsAPIGatewayDoes(t *testing.T) {
	for name, c := range map[string]struct {
		err    error
		size   int
		status int
		body   string
	}{
		"function error": {err: &runtimeapi.Failure{Type: "e"}, status: 500, body: `{"message":"Internal Server Error"}`},
		"throttled":      {err: runtimeapi.ErrThrottled, status: 503, body: `{"message":"Service Unavailable"}`},
		"unavailable":    {err: errors.New("no"), status: 503, body: `{"message":"Service Unavailable"}`},
		"event size":     {err: runtimeapi.ErrTooLarge, status: 413, body: `{"message":"Request Entity Too Large"}`},
		"body size":      {size: maxBody + 1, status: 413, body: `{"message":"Request Entity Too Large"}`},
	} {
		t.Run(name, func(t *testing.T) {
			g := New(invoker(func(context.Context, []byte) ([]byte, error) { return nil, c.err }), func(error) {})
			w := httptest.NewRecorder()
			g.ServeHTTP(w, httptest.NewRequest("POST", "/", strings.NewReader(strings.Repeat("a", c.size))))
			if w.Code != c.status || w.Body.String() != c.body {
				t.Errorf("got %d %q", w.Code, w.Body)
			}
		})
	}
}

func TestTheGatewayWaitsNoLongerThanItsLimit(t *testing.T) {
	g := New(invoker(func(ctx context.Context, _ []byte) ([]byte, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}), func(error) {})
	g.timeout = time.Millisecond
	w := httptest.NewRecorder()
	g.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	if w.Code != http.StatusServiceUnavailable {
		t.Errorf("got %d", w.Code)
	}
}
