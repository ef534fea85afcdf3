package web_test

import (
	"context"
	"encoding/base64"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"losttrn/internal/gateway"
	"losttrn/internal/web/webtest"
)

// The form as API Gateway calls it: header names in lower case, forms in base64, cookies apart.
func TestBehindAPIGateway(t *testing.T) {
	s := webtest.New(t)
	handle := gateway.Handle(s.Site, http.HandlerFunc(s.Site.ServePanic), slog.New(slog.DiscardHandler))
	var cookies []string
	call := func(method, path string, form url.Values) gateway.Answer {
		t.Helper()
		event := events.APIGatewayV2HTTPRequest{RawPath: path, Cookies: append([]string{"_other=1"}, cookies...),
			Headers: map[string]string{"host": "trn.example.com", "origin": "https://trn.example.com", "accept-encoding": "br"}}
		event.RequestContext.HTTP.Method = method
		event.RequestContext.HTTP.SourceIP = "192.0.2.1"
		event.RequestContext.RequestID = "request-1"
		if form != nil {
			event.Headers["content-type"] = "application/x-www-form-urlencoded"
			event.Body, event.IsBase64Encoded = base64.StdEncoding.EncodeToString([]byte(form.Encode())), true
		}
		answer, err := handle(context.Background(), event)
		if err != nil {
			t.Fatal(err)
		}
		if len(answer.Cookies) > 0 {
			cookies = nil
		}
		for _, cookie := range answer.Cookies {
			pair, _, _ := strings.Cut(cookie, ";")
			cookies = append(cookies, pair)
		}
		return answer
	}
	for _, path := range history {
		form := url.Values{}
		for fields := amara.Fields(path); len(fields) > 0; fields = fields[2:] {
			form.Set(fields[0], fields[1])
		}
		answer := call(http.MethodPost, path, form)
		if answer.StatusCode != http.StatusSeeOther || len(answer.Cookies) != 2 {
			t.Fatalf("%s: %d, %d cookies", path, answer.StatusCode, len(answer.Cookies))
		}
		if answer.Headers["location"] == "/check-answers" {
			break
		}
	}
	if answer := call(http.MethodPost, "/check-answers", url.Values{}); answer.Headers["location"] != "/trn-found" {
		t.Fatalf("%d %v", answer.StatusCode, answer.Headers)
	}
	page := call(http.MethodGet, "/trn-found", nil)
	if !strings.Contains(strings.ReplaceAll(page.Body, "<wbr>", ""), amara.Email) || page.IsBase64Encoded || page.Headers["x-request-id"] != "request-1" {
		t.Errorf("%d %v", page.StatusCode, page.Headers)
	}
	style := call(http.MethodGet, "/assets/pages-1.css", nil)
	if body, err := base64.StdEncoding.DecodeString(style.Body); err != nil || !style.IsBase64Encoded || string(body) != "brotli" {
		t.Errorf("style %q, %v", style.Body, err)
	}
}
