package endtoend_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"losttrn/internal/attribute"
	"losttrn/internal/local/faults"
	"losttrn/internal/local/loadcmd"
	"losttrn/internal/local/reportcmd"
	"losttrn/internal/local/running"
	"losttrn/internal/local/stack"
	"losttrn/internal/local/waiting"
)

// canaries are values that occur nowhere else, each with the kind of thing that it is: what a person gives, or what only
// the register knows ("record's …").
var canaries = map[string]string{
	"canaryalice@example.com": "email", "canaryfirst": "first name", "canarymiddle": "middle name", "canarylast": "last name",
	"canaryformerfirst": "previous name", "canaryformerlast": "previous name", "1943-03-13": "date of birth", "13 march 1943": "date of birth",
	"qq918273": "NINO", "9182736": "TRN given", "canarycollege": "provider", "canarynote": "note", "canaryunknown": "unknown member",
	"canarymiddlerecord": "record's middle name", "canaryhidden": "record's previous name", "canaryowner@example.com": "record's email",
	"canaryschool": "record's provider", "canaryalert": "record's alert", "8273641": "TRN", "8273642": "record's former TRN",
	"canaryextract": "cell of an extract", "canarykey": "idempotency key", "canarypath": "path",
}

// given are the kinds that a person gives.
var given = []string{"email", "first name", "middle name", "last name", "previous name", "date of birth", "NINO", "TRN given", "provider"}

// placed says which kinds the specification puts where: nothing else may be there, and each of these is. A place that is
// not named holds none.
var placed = map[string][]string{
	"pages":                  {"email", "first name", "last name", "previous name", "date of birth", "NINO", "provider", "note"},
	"answers of the API":     {"unknown member"},
	"messages of matches":    {"email", "first name", "last name", "TRN"},
	"messages of emails":     {"email", "first name", "last name", "TRN"},
	"dead letters":           {"email", "first name", "last name", "TRN"}, // a message is set aside as it is
	"table teachers":         nil,                                         // the register itself
	"table lookups":          {"email", "first name", "last name", "TRN"},
	"table emails":           {"email", "TRN"},
	"table helpdeskRequests": append([]string{"note", "TRN"}, given...), // the candidates
	"table providers":        {"cell of an extract"},
	"email trn":              {"email", "first name", "last name", "TRN"},
	"email unlocked":         {"email", "first name", "last name"},
	"email helpdesk_request": {"email"},
	"email helpdesk_ticket":  append([]string{"note", "TRN"}, given...),
	"email owner_notice":     {"record's email"},
	"bucket report reports":  append([]string{"note", "TRN"}, given...),
	"bucket export runs":     append([]string{"note", "TRN"}, given...),

	"bucket register incoming": {"cell of an extract"},
}

// searched are places in which nothing personal may stand, and that must not be empty: else nothing was looked at.
var searched = []string{"logs", "metrics", "attributes of messages", "addresses of calls", "cookies", "headers of answers", "redirects",
	"subjects and references", "keys of objects", "table limits", "email helpdesk_report", "bucket register loads"}

// TestCanaries feeds values that occur nowhere else through every function, page and error, and searches all that is
// written: each stands where the specification puts it, and nowhere else.
func TestCanaries(t *testing.T) {
	t.Parallel()
	s := &seen{texts: map[string]*strings.Builder{}}
	dir := t.TempDir()
	wire := &faults.Proxy{Choose: s.call, Short: func(name string) string { return name }}
	run, err := stack.Start(t.Context(), stack.Options{Dir: dir, InMemory: true, Built: true, Limits: true, Wire: wire, Report: func(err error) { t.Log(err) },
		Parameters: map[string]string{"VisibilityTimeout": "1", "MaxReceiveCount": "10", "LimitPerEmail": "12"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(run.Stop)
	w := &fixture{Stack: run, dir: dir, db: run.DynamoDBClient()}
	w.Gateway = s.before(t, w.Gateway)
	w.storeCanary(t)
	w.found(t)
	w.unknown(t)
	w.refusedInEveryWay(t)
	w.throughTheForm(t)
	w.troubledNotify(t)
	w.extractsAndReports(t)
	w.settled(t)
	s.look(t, w)

	for place := range s.texts {
		if place == "table teachers" {
			continue
		}
		for _, kind := range s.kinds(place) {
			if !slices.Contains(placed[place], kind) {
				t.Errorf("%s: the %s stands there", place, kind)
			}
		}
	}
	for place, kinds := range placed {
		found := s.kinds(place)
		for _, kind := range kinds {
			if !slices.Contains(found, kind) {
				t.Errorf("%s: there is no %s, so the search proves nothing", place, kind)
			}
		}
	}
	for _, place := range searched {
		if s.texts[place] == nil || strings.TrimSpace(s.texts[place].String()) == "" {
			t.Errorf("%s: nothing was written there", place)
		}
	}
}

// canaryFields are what the person gives, all fields.
func canaryFields() map[string]any {
	return map[string]any{"email": "CanaryAlice@example.com", "firstName": "Canaryfirst", "middleName": "Canarymiddle", "lastName": "Canarylast",
		"previousFirstName": "Canaryformerfirst", "previousLastName": "Canaryformerlast", "dateOfBirth": "1943-03-13",
		"nationalInsuranceNumber": "QQ 91 82 73 A", "trn": "9182736", "trainingProvider": "Canarycollege"}
}

// storeCanary stores the record of the person, with more on it than she knows.
func (w *fixture) storeCanary(t *testing.T) {
	t.Helper()
	w.put(t, "teachers", attribute.Item{"trn": attribute.String("8273641"), "firstName": attribute.String("Canaryfirst"), "middleName": attribute.String("Canarymiddlerecord"),
		"lastName": attribute.String("Canarylast"), "dateOfBirth": attribute.String("1943-03-13"), "status": attribute.String("active"), "locked": attribute.Bool(true),
		"nationalInsuranceNumber": attribute.String("QQ918273A"), "ninoKey": attribute.String("QQ918273"), "formerTrns": attribute.Strings([]string{"8273642"}),
		"email": attribute.String("canaryowner@example.com"), "emailKey": attribute.String("canaryowner@example.com"),
		"previousNames":     attribute.MapList(attribute.Item{"firstName": attribute.String("Canaryhidden"), "lastName": attribute.String("Canaryhidden")}),
		"trainingProviders": attribute.MapList(attribute.Item{"name": attribute.String("Canaryschool")}),
		"alerts": attribute.MapList(attribute.Item{"id": attribute.String("a1"), "type": attribute.String("Canaryalert"),
			"startDate": attribute.String("2012-03-01"), "endDate": attribute.String("2013-03-01")})})
}

// found finds the person, who is unlocked and of whom the record's owner is told.
func (w *fixture) found(t *testing.T) {
	t.Helper()
	id := w.lookUp(t, canaryFields(), "trn_sent")
	if got := w.decided(t, id); got != "unlocked[]" {
		t.Errorf("decided %s", got)
	}
	waiting.Until(t, "the owner is told", func() bool { return slices.Contains(w.sent(t, id), "owner_notice") })
}

// unknown gives details that match nobody, asks the helpdesk with a note, and is found by several records.
func (w *fixture) unknown(t *testing.T) {
	t.Helper()
	fields := canaryFields()
	fields["dateOfBirth"], fields["lastName"] = "1944-04-14", "Canarylastly"
	delete(fields, "nationalInsuranceNumber")
	id := w.lookUp(t, fields, "no_match")
	fields["note"] = "Canarynote: I taught in Kent"
	if a := w.post(t, "/v1/lookups/"+id+"/helpdesk-requests", fields, ""); a.status != http.StatusAccepted {
		t.Fatalf("answered %d %s", a.status, a.body)
	}
	twin := w.item(t, "teachers", "trn", "8273641")
	delete(twin, "emailKey")
	twin["trn"], twin["formerTrns"] = attribute.String("4999999"), attribute.Strings([]string{"4999998"})
	w.put(t, "teachers", twin)
	w.lookUp(t, canaryFields(), "helpdesk")
	twin["status"] = attribute.String("deactivated")
	w.put(t, "teachers", twin)
}

// refusedInEveryWay makes each kind of request that is refused, with what a person may have typed in every part of it.
func (w *fixture) refusedInEveryWay(t *testing.T) {
	t.Helper()
	fields := canaryFields()
	fields["dateOfBirth"], fields["canaryunknown"] = "1943-03-33", "Canarynote"
	w.post(t, "/v1/lookups", fields, "canarykey")
	asJSON := map[string]string{"Content-Type": "application/json", "Idempotency-Key": "canarykey"}
	for _, body := range []string{`{"email":"canaryalice@example.com"`, `["Canaryfirst"]`, `{"email":1943}`, strings.Repeat("Canarynote", 10_000)} {
		w.send(t, http.MethodPost, "/v1/lookups", strings.NewReader(body), asJSON)
	}
	w.send(t, http.MethodPost, "/v1/lookups", strings.NewReader("email=canaryalice@example.com"), map[string]string{"Content-Type": "text/plain"})
	w.send(t, http.MethodGet, "/v1/lookups?email=canaryalice@example.com", nil, nil)
	w.send(t, http.MethodGet, "/v1/canarypath/canaryalice@example.com", nil, nil)
	w.post(t, "/v1/lookups/"+strings.Repeat("0", 8)+"-0000-4000-8000-000000000000/helpdesk-requests", canaryFields(), "")
	w.send(t, http.MethodPost, "/v1/notify-receipts", strings.NewReader(`{"to":"canaryalice@example.com"`), map[string]string{"Authorization": "Bearer canarykey"})
	w.enqueue(t, "matches", "g", "poison", `{"version":1,"lookupId":"canary","trn":"x","email":"canaryalice@example.com"`)
	w.enqueue(t, "emails", "g", "poison", map[string]any{"version": 1, "kind": "trn", "lookupId": "canary", "trn": "12", "email": "canaryalice@example.com"})
	for range 20 { // until the limit is reached
		if a := w.post(t, "/v1/lookups", canaryFields(), ""); a.status == http.StatusTooManyRequests {
			return
		}
	}
	t.Error("no limit was reached")
}

// throughTheForm gives every answer of the form, right and wrong, as a person whom nobody knows.
func (w *fixture) throughTheForm(t *testing.T) {
	t.Helper()
	v := &visitor{t: t, w: w, cookies: map[string]string{}}
	v.do(http.MethodGet, "/email?new", nil)
	pages := []struct {
		path         string
		right, wrong url.Values
	}{
		{"/email", url.Values{"email": {"other+canaryalice@example.com"}}, url.Values{"email": {"canaryalice@example.com@"}}},
		{"/name", url.Values{"firstName": {"Canaryfirst"}, "lastName": {"Canarylastly"}, "nameChanged": {"yes"}, "previousFirstName": {"Canaryformerfirst"}, "previousLastName": {"Canaryformerlast"}},
			url.Values{"firstName": {"Canaryfirst"}, "lastName": {""}}},
		{"/date-of-birth", url.Values{"dateOfBirth-day": {"13"}, "dateOfBirth-month": {"March"}, "dateOfBirth-year": {"1943"}}, url.Values{"dateOfBirth-day": {"13"}}},
		{"/national-insurance-number", url.Values{"nationalInsuranceNumber": {"QQ918274A"}}, url.Values{"nationalInsuranceNumber": {"QQ918273XX"}}},
		{"/training-provider", url.Values{"trainingProvider": {"Canarycollege"}}, url.Values{"trainingProvider": {strings.Repeat("Canarycollege", 40)}}},
	}
	for _, p := range pages {
		v.do(http.MethodGet, p.path, nil)
		v.do(http.MethodPost, p.path, p.wrong)
		v.do(http.MethodPost, p.path, p.right)
	}
	v.do(http.MethodGet, "/check-answers?canarypath=canaryalice@example.com", nil)
	if status, location, _ := v.do(http.MethodPost, "/check-answers", url.Values{}); status != http.StatusSeeOther || location != "/no-match" {
		t.Fatalf("%d %s", status, location)
	}
	v.do(http.MethodGet, "/no-match", nil)
	v.do(http.MethodPost, "/helpdesk-request", url.Values{"note": {strings.Repeat("Canarynote ", 60)}})
	v.do(http.MethodPost, "/helpdesk-request", url.Values{"note": {"Canarynote"}})
	v.do(http.MethodGet, "/helpdesk-request", nil)
	v.do(http.MethodGet, "/canarypath", nil)
}

// troubledNotify has GOV.UK Notify fail, and refuse for good: its answers quote what was sent.
func (w *fixture) troubledNotify(t *testing.T) {
	t.Helper()
	for _, status := range []int{500, 429, 400} {
		w.send(t, http.MethodPost, "/_local/outbox/faults", strings.NewReader(fmt.Sprintf(`{"status":%d,"count":1}`, status)),
			map[string]string{"Content-Type": "application/json"})
		fields := canaryFields()
		fields["email"] = fmt.Sprintf("canaryalice@example.com.n%d.example.com", status)
		w.lookUp(t, fields, "trn_sent")
		w.settled(t)
	}
}

// extractsAndReports loads an extract with good and bad rows, and makes the reports.
func (w *fixture) extractsAndReports(t *testing.T) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "extract.csv")
	file := "trn,first_name,last_name,date_of_birth,training_providers,alerts,updated_at\n" +
		"3999998,Canaryextract,Canaryextract,1943-04-13,10007165|Canaryextract,,2025-01-01\n" +
		"canaryextract,Canaryextract,Canaryextract,canaryextract,canaryextract|canaryextract,canaryextract|canaryextract,canaryextract\n"
	if err := os.WriteFile(path, []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	if code := loadcmd.Run(context.WithoutCancel(t.Context()), []string{"-file", path, "-via", "bucket", "-stack", filepath.Join(w.dir, running.File)}, &said, &said); code != 1 {
		t.Fatalf("%d: %s", code, said.String())
	}
	_, err := reportcmd.Stack{StateFile: filepath.Join(w.dir, running.File), Out: filepath.Join(t.TempDir(), "report"), Clock: time.Now,
		Timeout: waiting.Limit, Say: func(string) {}}.Make(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if a := w.send(t, http.MethodPost, "/_local/schedules/ExportFunctionDaily", nil, nil); a.status != http.StatusAccepted {
		t.Fatalf("the schedule: %d %s", a.status, a.body)
	}
	waiting.Until(t, "the helpdesk is told of the night's report", func() bool {
		return slices.ContainsFunc(w.outbox(t), func(e email) bool { return e.Template == "helpdesk_report" })
	})
}
