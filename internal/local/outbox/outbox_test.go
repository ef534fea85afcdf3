package outbox_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"losttrn/internal/local/outbox"
)

const (
	service = "11111111-1111-4111-8111-111111111111"
	secret  = "22222222-2222-4222-8222-222222222222"
	apiKey  = "a-name-with-hyphens-" + service + "-" + secret
	trnID   = "00000000-0000-4000-8000-000000000001"
)

var templates = map[string]outbox.Template{
	trnID: {Kind: "trn", Subject: "For ((name))", Body: "Dear ((name)), it is ((trn))."},
}

type rig struct {
	t      *testing.T
	path   string
	box    *outbox.Outbox
	server *httptest.Server
}

func open(t *testing.T, path string) *rig {
	t.Helper()
	box, err := outbox.Open(path, templates, func() (string, error) { return apiKey, nil })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { box.Close() })
	server := httptest.NewServer(box.Handler())
	t.Cleanup(server.Close)
	return &rig{t, path, box, server}
}

func token(issuer, key string, issued time.Time, method jwt.SigningMethod) string {
	signed, err := jwt.NewWithClaims(method, jwt.MapClaims{"iss": issuer, "iat": issued.Unix()}).SignedString([]byte(key))
	if err != nil {
		panic(err)
	}
	return "Bearer " + signed
}

func (r *rig) call(method, path, body, authorization string) (int, map[string]any) {
	r.t.Helper()
	q, err := http.NewRequestWithContext(r.t.Context(), method, r.server.URL+path, bytes.NewReader([]byte(body)))
	if err != nil {
		r.t.Fatal(err)
	}
	q.Header.Set("Authorization", authorization)
	response, err := http.DefaultClient.Do(q)
	if err != nil {
		r.t.Fatal(err)
	}
	defer response.Body.Close()
	var answer map[string]any
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		r.t.Fatal(err)
	}
	return response.StatusCode, answer
}

func (r *rig) send(body string) (int, map[string]any) {
	return r.call("POST", "/v2/notifications/email", body, token(service, secret, time.Now(), jwt.SigningMethodHS256))
}

func message(reference string) string {
	return `{"email_address":"a@example.com","template_id":"` + trnID + `","personalisation":{"name":"Zoë","trn":"0012345"},"reference":"` + reference + `","sanitise_content_for":["name"]}`
}

func TestAnEmailIsSentFoundAndKept(t *testing.T) {
	r := open(t, filepath.Join(t.TempDir(), "outbox.jsonl"))
	status, answer := r.send(message("one&two-trn"))
	if status != http.StatusCreated || answer["reference"] != "one&two-trn" ||
		answer["content"].(map[string]any)["body"] != "Dear Zoë, it is 0012345." ||
		answer["template"].(map[string]any)["id"] != trnID {
		t.Errorf("%d %v", status, answer)
	}
	want := []outbox.Email{{
		ID: answer["id"].(string), TemplateID: trnID, To: "a@example.com", Template: "trn",
		Subject: "For Zoë", Body: "Dear Zoë, it is 0012345.", Reference: "one&two-trn",
	}}
	ignoreTime := cmpopts.IgnoreFields(outbox.Email{}, "SentAt")
	if diff := cmp.Diff(want, r.box.Emails(), ignoreTime); diff != "" {
		t.Error(diff)
	}

	r.send(message("other"))
	authorization := token(service, secret, time.Now(), jwt.SigningMethodHS256)
	for query, count := range map[string]int{
		"?reference=one%26two-trn": 1, "?reference=other": 1, "?reference=none": 0, "": 2, "?template_type=sms": 0,
	} {
		_, found := r.call("GET", "/v2/notifications"+query, "", authorization)
		if list := found["notifications"].([]any); len(list) != count {
			t.Errorf("%s finds %d", query, len(list))
		}
	}
	if status, one := r.call("GET", "/v2/notifications/"+want[0].ID, "", authorization); status != 200 || one["status"] != "delivered" {
		t.Errorf("one: %d %v", status, one)
	}
	if status, _ := r.call("GET", "/v2/notifications/none", "", authorization); status != 404 {
		t.Errorf("none: %d", status)
	}

	// Another start has both, and can be written to.
	r.box.Close()
	again := open(t, r.path)
	again.send(message("third"))
	if n := len(again.box.Emails()); n != 3 {
		t.Errorf("%d emails after a restart", n)
	}
}

func TestTokensAreChecked(t *testing.T) {
	r := open(t, filepath.Join(t.TempDir(), "outbox.jsonl"))
	now := time.Now()
	for name, authorization := range map[string]string{
		"none":        "",
		"not a token": "Bearer x",
		"service":     token(secret, secret, now, jwt.SigningMethodHS256),
		"secret":      token(service, service, now, jwt.SigningMethodHS256),
		"algorithm":   token(service, secret, now, jwt.SigningMethodHS512),
		"old":         token(service, secret, now.Add(-31*time.Second), jwt.SigningMethodHS256),
		"early":       token(service, secret, now.Add(33*time.Second), jwt.SigningMethodHS256),
	} {
		status, answer := r.call("POST", "/v2/notifications/email", message("r"), authorization)
		if status != http.StatusForbidden || answer["errors"].([]any)[0].(map[string]any)["error"] != "AuthError" {
			t.Errorf("%s: %d %v", name, status, answer)
		}
	}
	if len(r.box.Emails()) != 0 {
		t.Error("an email was sent")
	}
}

func TestRequestsAreChecked(t *testing.T) {
	r := open(t, filepath.Join(t.TempDir(), "outbox.jsonl"))
	for name, c := range map[string]struct{ body, kind, message string }{
		"no address":      {`{"template_id":"` + trnID + `"}`, "ValidationError", "email_address is a required property"},
		"bad address":     {strings.Replace(message("r"), "a@example.com", "a@example", 1), "ValidationError", "email_address Not a valid email address"},
		"bad id":          {strings.Replace(message("r"), trnID, "x", 1), "ValidationError", "template_id is not a valid UUID"},
		"unknown id":      {strings.Replace(message("r"), trnID, service, 1), "BadRequestError", "Template not found"},
		"personalisation": {strings.Replace(message("r"), `"name"`, `"nom"`, 1), "BadRequestError", "Missing personalisation: name"},
		"member":          {`{"email":"x"}`, "ValidationError", `unknown field "email"`},
	} {
		status, answer := r.send(c.body)
		first, _ := answer["errors"].([]any)[0].(map[string]any)
		if status != 400 || answer["status_code"] != 400.0 || first["error"] != c.kind || first["message"] != c.message {
			t.Errorf("%s: %d %v", name, status, answer)
		}
	}
	if len(r.box.Emails()) != 0 {
		t.Error("an email was sent")
	}
}

func TestFaults(t *testing.T) {
	r := open(t, filepath.Join(t.TempDir(), "outbox.jsonl"))
	control := httptest.NewServer(r.box.FaultHandler())
	t.Cleanup(control.Close)
	set := func(fault string) int {
		response, err := http.Post(control.URL, "application/json", strings.NewReader(fault))
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		return response.StatusCode
	}
	if status := set(`{"status":429,"count":2}`); status != http.StatusNoContent {
		t.Fatalf("set: %d", status)
	}
	for i, want := range []int{429, 429, 201} {
		if status, _ := r.send(message("a")); status != want {
			t.Errorf("send %d: %d", i, status)
		}
	}
	set(`{"status":500,"count":1,"after":true}`)
	if status, _ := r.send(message("lost")); status != 500 || len(r.box.Emails()) != 2 {
		t.Errorf("lost acknowledgement: %d, %d emails", status, len(r.box.Emails()))
	}
	set(`{"status":403,"address":"b@example.com"}`)
	if status, _ := r.send(message("c")); status != 201 {
		t.Errorf("another address: %d", status)
	}
	to := strings.Replace(message("d"), "a@", "b@", 1)
	for range 3 {
		if status, _ := r.send(to); status != 403 {
			t.Errorf("the address: %d", status)
		}
	}
	q, _ := http.NewRequestWithContext(t.Context(), http.MethodDelete, control.URL, nil)
	if response, err := http.DefaultClient.Do(q); err != nil || response.Body.Close() != nil {
		t.Fatal(err)
	}
	if status, _ := r.send(to); status != 201 {
		t.Errorf("after clearing: %d", status)
	}
	if status := set(`{"status":200}`); status != http.StatusBadRequest {
		t.Errorf("a fault that is none: %d", status)
	}
}

// TestReceipts: each email has its receipt, which comes again until it is taken; one to "bounce…" fails for good.
func TestReceipts(t *testing.T) {
	type receipt struct{ Reference, To, Status, authorization string }
	got := make(chan receipt, 10)
	refusals := 2
	callback := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		if refusals--; refusals >= 0 {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		var r receipt
		if err := json.NewDecoder(q.Body).Decode(&r); err != nil {
			t.Error(err)
		}
		r.authorization = q.Header.Get("Authorization")
		got <- r
	}))
	t.Cleanup(callback.Close)
	r := open(t, filepath.Join(t.TempDir(), "outbox.jsonl"))
	r.box.SendReceipts(outbox.Receipts{URL: callback.URL, Token: func() (string, error) { return "secret", nil }, Report: func(err error) { t.Error(err) }})
	for _, want := range []receipt{
		{"one", "a@example.com", "delivered", "Bearer secret"},
		{"two", "Bounce-a@example.com", "permanent-failure", "Bearer secret"},
	} {
		r.send(strings.Replace(message(want.Reference), "a@example.com", want.To, 1))
		select {
		case receipt := <-got:
			if receipt != want {
				t.Errorf("got %+v, want %+v", receipt, want)
			}
		case <-t.Context().Done():
			t.Fatal("no receipt")
		}
	}
}

// TestValuesAreSanitised: the values that are named lose their links, the others are as they were sent.
func TestValuesAreSanitised(t *testing.T) {
	r := open(t, filepath.Join(t.TempDir(), "outbox.jsonl"))
	hostile := "[Ann](https://evil.example.com) HTTPS://evil.example.com/x www.evil.example.com"
	r.send(strings.Replace(message("a"), "Zoë", hostile, 1))
	r.send(strings.Replace(strings.Replace(message("b"), "Zoë", hostile, 1), `["name"]`, "[]", 1))
	emails := r.box.Emails()
	if got := emails[0].Subject; strings.Contains(got, "evil") || !strings.Contains(got, "Ann") {
		t.Errorf("sanitised: %q", got)
	}
	if got := emails[1].Subject; got != "For "+hostile {
		t.Errorf("not named: %q", got)
	}
}

// TestAddressesAsNotifyTakesThem: the stand-in refuses what Notify refuses, and nothing else.
func TestAddressesAsNotifyTakesThem(t *testing.T) {
	r := open(t, filepath.Join(t.TempDir(), "outbox.jsonl"))
	for address, takes := range map[string]bool{
		".a@example.com": true, "a.@example.com": true, "a@ab--cd.example": true, "a@xn--ab.example": true, "a@XN--ab.xn--p1ai": true,
		"a@ab---cd.example": false, "a@xn--.example": false, "a..b@example.com": false, "a@example": false, "a@example.c": false, "a@-b.example": false,
		"a@b_c.example": false, "a b@example.com": false, "a@b@example.com": false, "a@example.com.": false, "é@example.com": false, "a@é.example": false,
	} {
		if status, _ := r.send(strings.Replace(message("r"), "a@example.com", address, 1)); (status == http.StatusCreated) != takes {
			t.Errorf("%s: %d", address, status)
		}
	}
}
