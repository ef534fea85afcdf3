package gateway_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"losttrn/internal/cloud"
	"losttrn/internal/gateway"
	"losttrn/internal/local/localtest"
)

// event is what API Gateway sends for a request.
func event(method, path, body string) events.APIGatewayV2HTTPRequest {
	var e events.APIGatewayV2HTTPRequest
	e.Version, e.RawPath, e.Body = "2.0", path, body
	e.RequestContext.RequestID = "request-1"
	e.RequestContext.HTTP.Method, e.RequestContext.HTTP.Path = method, path
	e.RequestContext.HTTP.SourceIP = "203.0.113.9"
	e.Headers = map[string]string{"host": "example.execute-api.eu-west-2.amazonaws.com"}
	return e
}

// quiet is a log that nobody reads.
var quiet = slog.New(slog.DiscardHandler)

// never fails the test if it is called.
func never(t *testing.T) http.Handler {
	return http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("this handler must not be called") })
}

// handle gives an event to a handler.
func handle(t *testing.T, handler http.HandlerFunc, e events.APIGatewayV2HTTPRequest) gateway.Answer {
	t.Helper()
	answer, err := gateway.Handle(handler, never(t), quiet)(t.Context(), e)
	if err != nil {
		t.Fatalf("an error is a 500 without shape: %v", err)
	}
	if got := answer.Headers["x-request-id"]; got != "request-1" {
		t.Errorf("x-request-id: %q", got)
	}
	return answer
}

// seen is what a handler saw of a request.
type seen struct {
	method, path, rawQuery, uri, host, remote, source, requestID, body string
	length                                                             int64
	header                                                             http.Header
	cookies                                                            map[string]string
}

func see(t *testing.T, e events.APIGatewayV2HTTPRequest) seen {
	t.Helper()
	var s *seen
	handle(t, func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Errorf("read body: %v", err)
		}
		s = &seen{r.Method, r.URL.Path, r.URL.RawQuery, r.RequestURI, r.Host, r.RemoteAddr, gateway.SourceAddress(r),
			gateway.RequestID(r.Context()), string(body), r.ContentLength, r.Header, map[string]string{}}
		for _, cookie := range r.Cookies() {
			s.cookies[cookie.Name] = cookie.Value
		}
	}, e)
	if s == nil {
		t.Fatal("the handler was not called")
	}
	return *s
}

func TestRequest(t *testing.T) {
	e := event(http.MethodPost, "/v1/lookups", `{"firstName":"Siân"}`)
	e.RawQueryString = "a=1&a=2&b=%20"
	e.Headers["content-type"] = "application/json"
	e.Headers["x-forwarded-for"] = "198.51.100.7"
	e.Headers["accept"] = "application/json, text/html" // two headers of one name come joined
	e.Cookies = []string{"__Host-answers=abc", "__Host-language=cy"}
	got := see(t, e)
	if got.method != "POST" || got.path != "/v1/lookups" || got.rawQuery != "a=1&a=2&b=%20" || got.uri != "/v1/lookups?a=1&a=2&b=%20" {
		t.Errorf("request line: %+v", got)
	}
	if got.host != "example.execute-api.eu-west-2.amazonaws.com" {
		t.Errorf("host: %q", got.host)
	}
	if got.remote != "203.0.113.9" || got.source != "203.0.113.9" {
		t.Errorf("the source is %q, not the address that API Gateway saw", got.source)
	}
	if got.requestID != "request-1" {
		t.Errorf("request id: %q", got.requestID)
	}
	if got.body != `{"firstName":"Siân"}` || got.length != int64(len(got.body)) {
		t.Errorf("body: %q of %d", got.body, got.length)
	}
	if got.header.Get("Content-Type") != "application/json" || got.header.Get("Accept") != "application/json, text/html" {
		t.Errorf("headers: %v", got.header)
	}
	if len(got.cookies) != 2 || got.cookies["__Host-answers"] != "abc" || got.cookies["__Host-language"] != "cy" {
		t.Errorf("cookies: %v", got.cookies)
	}
	if got := got.header["Cookie"]; len(got) != 1 {
		t.Errorf("cookie headers: %q", got)
	}
}

func TestOneCookie(t *testing.T) {
	e := event(http.MethodGet, "/", "")
	e.Cookies = []string{"a=b"}
	if got := see(t, e); len(got.cookies) != 1 || got.cookies["a"] != "b" || got.header.Get("Cookie") != "a=b" {
		t.Errorf("cookies: %v, %v", got.cookies, got.header)
	}
}

func TestBase64Body(t *testing.T) {
	for _, body := range []string{"", "email=jo%40example.com&x=1", "\x00\xff\xfe", strings.Repeat("x", 100_000)} {
		e := event(http.MethodPost, "/email", base64.StdEncoding.EncodeToString([]byte(body)))
		e.IsBase64Encoded = true
		if got := see(t, e); got.body != body || got.length != int64(len(body)) {
			t.Errorf("%.20q: body %.20q of %d", body, got.body, got.length)
		}
	}
}

func TestBadBase64IsTheSendersFault(t *testing.T) {
	e := event(http.MethodPost, "/email", "!!!")
	e.IsBase64Encoded = true
	answer := handle(t, never(t).ServeHTTP, e)
	if answer.StatusCode != http.StatusBadRequest {
		t.Errorf("status %d", answer.StatusCode)
	}
}

func TestBadMethodIsTheSendersFault(t *testing.T) {
	if answer := handle(t, never(t).ServeHTTP, event("GE T", "/", "")); answer.StatusCode != http.StatusBadRequest {
		t.Errorf("status %d", answer.StatusCode)
	}
}

func TestPaths(t *testing.T) {
	for raw, want := range map[string]string{
		"":                   "/",
		"/":                  "/",
		"/v1/lookups/":       "/v1/lookups/",
		"/caf%C3%A9":         "/café",
		"/a%2Fb":             "/a/b",
		"/a%zz":              "/a%zz",
		"//evil.example.com": "//evil.example.com",
		"/../v1/lookups":     "/../v1/lookups",
	} {
		if got := see(t, event(http.MethodGet, raw, "")); got.path != want {
			t.Errorf("%q: path %q, want %q", raw, got.path, want)
		}
	}
}

func TestAnswer(t *testing.T) {
	answer := handle(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Add("Vary", "Accept")
		w.Header().Add("Vary", "Cookie")
		http.SetCookie(w, &http.Cookie{Name: "a", Value: "1"})
		http.SetCookie(w, &http.Cookie{Name: "b", Value: "2"})
		w.WriteHeader(http.StatusSeeOther)
		w.WriteHeader(http.StatusOK) // too late
		_, _ = io.WriteString(w, "Siân ")
		_, _ = io.WriteString(w, "😀")
	}, event(http.MethodGet, "/", ""))
	if answer.StatusCode != http.StatusSeeOther || answer.Body != "Siân 😀" || answer.IsBase64Encoded {
		t.Errorf("%d %q %t", answer.StatusCode, answer.Body, answer.IsBase64Encoded)
	}
	if answer.Headers["content-type"] != "text/html; charset=utf-8" || answer.Headers["vary"] != "Accept, Cookie" {
		t.Errorf("headers: %v", answer.Headers)
	}
	if len(answer.Cookies) != 2 || answer.Cookies[0] != "a=1" || answer.Cookies[1] != "b=2" {
		t.Errorf("cookies: %q", answer.Cookies)
	}
	if _, joined := answer.Headers["set-cookie"]; joined {
		t.Error("cookies stand among the headers too, where they are joined and break")
	}
}

func TestAnHandlerThatWritesNothing(t *testing.T) {
	answer := handle(t, func(http.ResponseWriter, *http.Request) {}, event(http.MethodGet, "/", ""))
	if answer.StatusCode != http.StatusOK || answer.Body != "" || answer.IsBase64Encoded {
		t.Errorf("%+v", answer)
	}
}

func TestBinaryAnswers(t *testing.T) {
	for name, write := range map[string]func(w http.ResponseWriter){
		"not UTF-8": func(w http.ResponseWriter) { _, _ = w.Write([]byte("\x89PNG\r\n")) },
		"compressed": func(w http.ResponseWriter) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write([]byte("ascii"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			var want bytes.Buffer
			answer := handle(t, func(w http.ResponseWriter, _ *http.Request) {
				write(w)
				write(tee{w, &want})
			}, event(http.MethodGet, "/x", ""))
			got, err := base64.StdEncoding.DecodeString(answer.Body)
			if !answer.IsBase64Encoded || err != nil || !bytes.HasPrefix(got, want.Bytes()) || len(got) != 2*want.Len() {
				t.Errorf("%t, %v, %q", answer.IsBase64Encoded, err, got)
			}
		})
	}
}

// tee keeps what is written as well.
type tee struct {
	http.ResponseWriter
	kept *bytes.Buffer
}

func (t tee) Write(b []byte) (int, error) {
	t.kept.Write(b)
	return t.ResponseWriter.Write(b)
}

func TestHeadHasNoBody(t *testing.T) {
	answer := handle(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		w.WriteHeader(http.StatusTeapot)
		_, _ = io.WriteString(w, "\xff")
	}, event(http.MethodHead, "/", ""))
	if answer.StatusCode != http.StatusTeapot || answer.Headers["content-type"] != "text/plain" || answer.Body != "" || answer.IsBase64Encoded {
		t.Errorf("%+v", answer)
	}
}

func TestConcurrentRequestsAreApart(t *testing.T) {
	h := gateway.Handle(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(w, r.Body)
	}), never(t), quiet)
	t.Run("all", func(t *testing.T) {
		for i := range 20 {
			body := strings.Repeat(string(rune('a'+i)), 1000)
			t.Run(body[:1], func(t *testing.T) {
				t.Parallel()
				if answer, err := h(t.Context(), event(http.MethodPost, "/", body)); err != nil || answer.Body != body {
					t.Errorf("%v, %.10q", err, answer.Body)
				}
			})
		}
	})
}

// TestAnEventOfAnotherKindDoesNothing: it reaches no handler, and is told what it is not.
func TestAnEventOfAnotherKindDoesNothing(t *testing.T) {
	for name, raw := range localtest.ForeignEvents() {
		var log bytes.Buffer
		handle := cloud.AnyEvent(gateway.Handle(never(t), never(t), slog.New(slog.NewJSONHandler(&log, nil))))
		answer, err := handle(t.Context(), json.RawMessage(raw))
		if err != nil || answer.StatusCode != http.StatusBadRequest || !strings.Contains(answer.Body, "nothing was done") ||
			!strings.Contains(log.String(), "nothing is done") {
			t.Errorf("%s: %d %q, %v, log %s", name, answer.StatusCode, answer.Body, err, &log)
		}
	}
}
