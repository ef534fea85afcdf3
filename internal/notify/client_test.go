package notify_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"losttrn/internal/fault"
	"losttrn/internal/lookup"
	"losttrn/internal/message"
	"losttrn/internal/notify"
	"losttrn/internal/teacher"
)

const lookupID = "01234567-89ab-4def-8123-456789abcdef"

var (
	now         = time.Date(2026, 5, 1, 9, 0, 0, 0, time.UTC)
	templateIDs = map[message.Kind]string{
		message.KindTRN:             "00000000-0000-4000-8000-000000000001",
		message.KindUnlocked:        "00000000-0000-4000-8000-000000000002",
		message.KindHelpdeskRequest: "00000000-0000-4000-8000-000000000003",
		message.KindHelpdeskTicket:  "00000000-0000-4000-8000-000000000004",
		message.KindHelpdeskReport:  "00000000-0000-4000-8000-000000000005",
		message.KindOwnerNotice:     "00000000-0000-4000-8000-000000000006",
	}
)

func clock() time.Time { return now }

// fixedKey is a key that is always the same.
type fixedKey string

func (k fixedKey) Value(context.Context) (string, error) { return string(k), nil }

func email(t testing.TB, kind message.Kind) message.Email {
	t.Helper()
	to, err := teacher.ParseEmail("Ann+school@example.com")
	if err != nil {
		t.Fatal(err)
	}
	e := message.Email{LookupID: lookupID, Kind: kind}
	switch kind {
	case message.KindTRN, message.KindUnlocked:
		e.To, e.Name = to, "Ann [Example](https://evil.example.com)"
	case message.KindHelpdeskRequest:
		e.To = to
	case message.KindHelpdeskReport:
		e.Report = message.Report{New: 2, Waiting: 7, Location: "s3://reports/2026-05-01"}
	}
	if kind == message.KindTRN {
		if e.TRN, err = teacher.ParseTRN("0123456"); err != nil {
			t.Fatal(err)
		}
	}
	return e
}

// letter is what the mailer makes of the email of a kind.
func letter(t testing.TB, kind message.Kind) notify.Letter {
	t.Helper()
	s := &capture{}
	if err := mailer(newMemory(t), s).Deliver(t.Context(), email(t, kind)); err != nil {
		t.Fatal(err)
	}
	return s.letter
}

// capture keeps the last letter that it was given to send.
type capture struct{ letter notify.Letter }

func (c *capture) Send(_ context.Context, l notify.Letter) error { c.letter = l; return nil }

func (c *capture) FindByReference(context.Context, string) (time.Time, bool, error) {
	return time.Time{}, false, nil
}

func (s *server) client() *notify.Client {
	return notify.NewClient(s.URL, fixedKey(apiKey), templateIDs, clock)
}

// sendings is what Notify is sent for the email of each kind, beside what all have.
var sendings = map[message.Kind]map[string]any{
	message.KindTRN: {"sanitise_content_for": []any{"greeting"}, "personalisation": map[string]any{
		"greeting": "Hello", "trn": "0123456", "contact": "qts.enquiries@education.gov.uk"}},
	message.KindUnlocked: {"sanitise_content_for": []any{"greeting"}, "personalisation": map[string]any{
		"greeting": "Hello", "contact": "qts.enquiries@education.gov.uk"}},
	message.KindHelpdeskRequest: {"personalisation": map[string]any{
		"reference": lookup.Reference(lookupID), "working_days": "5 working days", "contact": "qts.enquiries@education.gov.uk"}},
	message.KindHelpdeskTicket: {"email_address": "helpdesk@example.com", "sanitise_content_for": []any{"details", "note"}, "personalisation": map[string]any{
		"reference": lookup.Reference(lookupID), "why": "Their details match several records.",
		"details": "Email: Ann+school@example.com\nFirst name: Ann\nLast name: Example\nDate of birth: 1980-01-31\n" +
			"National Insurance number: QQ123456C\nTRN: 0123456",
		"note": "I was at school in Leeds.", "candidates": "1000001, 0000002"}},
	message.KindOwnerNotice: {"email_address": "owner@example.com", "personalisation": map[string]any{"contact": "qts.enquiries@education.gov.uk"}},
	message.KindHelpdeskReport: {"email_address": "helpdesk@example.com", "personalisation": map[string]any{
		"new": "2", "waiting": "7", "location": "s3://reports/2026-05-01"}},
}

func TestSend(t *testing.T) {
	for _, kind := range message.Kinds() {
		t.Run(string(kind), func(t *testing.T) {
			s := newServer(t)
			if err := s.client().Send(t.Context(), letter(t, kind)); err != nil {
				t.Fatal(err)
			}
			want := []map[string]any{{
				"email_address": "Ann+school@example.com", "template_id": templateIDs[kind], "reference": lookupID + "-" + string(kind),
			}}
			maps.Copy(want[0], sendings[kind])
			if diff := cmp.Diff(want, s.taken); diff != "" {
				t.Errorf("taken (-want +got):\n%s", diff)
			}
		})
	}
}

func TestFindByReference(t *testing.T) {
	s := newServer(t)
	client := s.client()
	sent := letter(t, message.KindTRN)
	sent.Reference = "an id & more=+%/?#-trn" // whatever the reference, it is one value of the query
	if _, found, err := client.FindByReference(t.Context(), sent.Reference); err != nil || found {
		t.Fatalf("before it was sent: found %v, %v", found, err)
	}
	if err := client.Send(t.Context(), sent); err != nil {
		t.Fatal(err)
	}
	at, found, err := client.FindByReference(t.Context(), sent.Reference)
	if err != nil || !found || !at.Equal(time.Date(2026, 5, 1, 8, 59, 0, 123456000, time.UTC)) {
		t.Errorf("after it was sent: found %v at %v, %v", found, at, err)
	}
	if _, found, err := client.FindByReference(t.Context(), "an id"); err != nil || found {
		t.Errorf("another reference: found %v, %v", found, err)
	}
}

// TestFindByReferenceComparesTheReference: a server that ignored the query must not make emails count as sent.
func TestFindByReferenceComparesTheReference(t *testing.T) {
	s := newServer(t)
	s.answer = func(w http.ResponseWriter, _ *http.Request) {
		reply(w, http.StatusOK, `{"notifications":[{"reference":"another"},{"reference":null}]}`)
	}
	if _, found, err := s.client().FindByReference(t.Context(), lookupID+"-trn"); err != nil || found {
		t.Errorf("found %v, %v", found, err)
	}
}

// TestRefusals: only what is wrong with the one email is final. All else is for us or Notify to mend.
func TestRefusals(t *testing.T) {
	answer := func(kind, message string) string {
		return fmt.Sprintf(`{"status_code":0,"errors":[{"error":%q,"message":%q}]}`, kind, message+" canary@example.com 7654321")
	}
	final, ours := fault.Invalid, fault.Unavailable
	for _, c := range []struct {
		status int
		body   string
		want   error
	}{
		{400, answer("ValidationError", "email_address Not a valid email address"), final},
		{400, answer("ValidationError", "email_address is a required property"), final},
		{400, answer("BadRequestError", "Emails cannot be longer than 2000000 bytes. Your message is 3000000 bytes."), final},
		{400, `{"status_code":400,"errors":[{"error":"ValidationError","message":"x"},{"error":"ValidationError","message":"email_address Not a valid email address"}]}`, final},
		{413, `<html>too large</html>`, final},

		{400, answer("BadRequestError", "Can't send to this recipient using a team-only API key"), ours},
		{400, answer("BadRequestError", "Can't send to this recipient when service is in trial mode"), ours},
		{400, answer("BadRequestError", "Template not found"), ours},
		{400, answer("BadRequestError", "Template has been deleted"), ours},
		{400, answer("BadRequestError", "Missing personalisation: trn"), ours},
		{400, answer("BadRequestError", "email_reply_to_id does not exist in database for service id"), ours},
		{400, answer("ValidationError", "template_id is not a valid UUID"), ours},
		{400, answer("ValidationError", "Additional properties are not allowed"), ours},
		{400, answer("BadRequestError", "email_address"), ours},
		{400, `<html>bad request</html>`, ours},
		{400, ``, ours},
		{401, answer("AuthError", "Unauthorized: authentication token must be provided"), ours},
		{403, answer("AuthError", "Error: Your system clock must be accurate to within 30 seconds"), ours},
		{403, answer("AuthError", "Invalid token: API key not found"), ours},
		{403, `<html>forbidden</html>`, ours},
		{404, answer("NoResultFound", "No result found"), ours},
		{405, ``, ours}, {408, ``, ours}, {415, ``, ours}, {421, ``, ours}, {425, ``, ours}, {451, ``, ours}, {499, ``, ours},
		{204, ``, ours}, {302, ``, ours}, {500, answer("Exception", "Internal server error"), ours}, {502, ``, ours}, {503, ``, ours},
		{429, answer("RateLimitError", "Exceeded rate limit for key type LIVE of 3000 requests per 60 seconds"), fault.Throttled},
		{429, answer("TooManyRequestsError", "Exceeded send limits (250,000) for today"), fault.Throttled},
	} {
		t.Run(fmt.Sprintf("%d %.60s", c.status, c.body), func(t *testing.T) {
			s := newServer(t)
			s.answer = func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Location", "https://evil.example.com/")
				reply(w, c.status, c.body)
			}
			sendErr := s.client().Send(t.Context(), letter(t, message.KindTRN))
			_, _, findErr := s.client().FindByReference(t.Context(), lookupID+"-trn")
			if !errors.Is(sendErr, c.want) {
				t.Errorf("send: %v, want %v", sendErr, c.want)
			}
			if errors.Is(findErr, fault.Invalid) || !errors.Is(findErr, fault.Unavailable) && !errors.Is(findErr, fault.Throttled) {
				t.Errorf("find: %v; nothing is wrong with an email that was not sent", findErr)
			}
			for _, err := range []error{sendErr, findErr} {
				if fault.Reason(err) != fmt.Sprintf("notify_%d", c.status) {
					t.Errorf("reason %s", fault.Reason(err))
				}
				if strings.Contains(err.Error(), "canary") || strings.Contains(err.Error(), "7654321") {
					t.Errorf("the error quotes the answer: %v", err)
				}
			}
		})
	}
}

func TestFindUnreadable(t *testing.T) {
	for _, body := range []string{``, `<html>`, `[]`, `{}`, `{"notifications":null}`, `{"notifications":[{"reference":1}]}`, `{"notifications":[`} {
		s := newServer(t)
		s.answer = func(w http.ResponseWriter, _ *http.Request) { reply(w, http.StatusOK, body) }
		if _, found, err := s.client().FindByReference(t.Context(), lookupID+"-trn"); found || !errors.Is(err, fault.Unavailable) {
			t.Errorf("%q: found %v, %v", body, found, err)
		}
	}
}

// TestPrime: priming goes through to Notify with a valid token, and sends nothing.
func TestPrime(t *testing.T) {
	s := newServer(t)
	if err := s.client().Prime(t.Context()); err != nil {
		t.Error(err)
	}
	if len(s.taken) != 0 {
		t.Error("something was sent")
	}
}

func TestClockSkewIsRetried(t *testing.T) {
	s := newServer(t)
	s.clock = func() time.Time { return now.Add(31 * time.Second) }
	if err := s.client().Send(t.Context(), letter(t, message.KindTRN)); !errors.Is(err, fault.Unavailable) || fault.Reason(err) != "notify_403" {
		t.Errorf("31 s off: %v", err)
	}
	s.clock = func() time.Time { return now.Add(29 * time.Second) }
	if err := s.client().Send(t.Context(), letter(t, message.KindTRN)); err != nil {
		t.Errorf("29 s off: %v", err)
	}
}

func TestHangingNotify(t *testing.T) {
	s := newServer(t)
	s.answer = func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := s.client().Send(ctx, letter(t, message.KindTRN)); !errors.Is(err, fault.Unavailable) {
		t.Errorf("got %v, want %v", err, fault.Unavailable)
	}
}

func TestUnreachableNotify(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	origin := "http://" + listener.Addr().String()
	_ = listener.Close()
	if err := notify.NewClient(origin, fixedKey(apiKey), templateIDs, clock).Send(t.Context(), letter(t, message.KindTRN)); !errors.Is(err, fault.Unavailable) {
		t.Errorf("got %v, want %v", err, fault.Unavailable)
	}
}

func TestLostAcknowledgement(t *testing.T) {
	s := newServer(t)
	s.lose = true
	client := s.client()
	if err := client.Send(t.Context(), letter(t, message.KindTRN)); !errors.Is(err, fault.Unavailable) {
		t.Errorf("got %v, want %v", err, fault.Unavailable)
	}
	if _, found, err := client.FindByReference(t.Context(), lookupID+"-trn"); err != nil || !found {
		t.Errorf("found %v, %v", found, err)
	}
	if len(s.taken) != 1 {
		t.Errorf("taken %d times", len(s.taken))
	}
}

// failingKey cannot be read.
type failingKey struct{}

func (failingKey) Value(context.Context) (string, error) { return "", fault.Unavailable }

func TestKeyTroubleIsRetried(t *testing.T) {
	s := newServer(t)
	for _, key := range []notify.KeySource{failingKey{}, fixedKey("not a key")} {
		err := notify.NewClient(s.URL, key, templateIDs, clock).Send(t.Context(), letter(t, message.KindTRN))
		if !errors.Is(err, fault.Unavailable) {
			t.Errorf("%v: got %v, want %v", key, err, fault.Unavailable)
		}
	}
	if len(s.taken) != 0 {
		t.Error("something was sent")
	}
	if err := notify.NewClient(s.URL+"/", fixedKey(apiKey+"\n"), templateIDs, clock).Send(t.Context(), letter(t, message.KindTRN)); err != nil {
		t.Errorf("a key with a line end: %v", err)
	}
}
