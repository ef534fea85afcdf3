package message_test

import (
	//nolint:gosec // what SQS sends with each message

	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"losttrn/internal/fault"
	"losttrn/internal/message"
	"losttrn/internal/teacher"
)

func TestMatchBody(t *testing.T) {
	m := message.Match{LookupID: "lookup-1", TRN: mustTRN(t, "0000123"), Email: mustEmail(t, " Ann+X@Example.com "), Name: `Siân "O’Example"`,
		MatchedAt: time.Date(2026, 7, 1, 13, 0, 0, 5_600_000, time.FixedZone("BST", 3600)), Evidence: []string{"name", "trn"}}
	want := `{"version":1,"lookupId":"lookup-1","trn":"0000123","email":"Ann+X@Example.com","name":"Siân \"O’Example\"",` +
		`"matchedAt":"2026-07-01T12:00:00.005Z","evidence":["name","trn"]}`
	if got := m.Body(); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestEmailBody(t *testing.T) {
	e := message.Email{LookupID: "lookup-1", Kind: message.KindTRN, To: mustEmail(t, "ann@example.com"), Name: "Ann Example", TRN: mustTRN(t, "0000123")}
	if got, want := e.Body(), `{"version":1,"lookupId":"lookup-1","kind":"trn","email":"ann@example.com","name":"Ann Example","trn":"0000123"}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	e.Kind, e.TRN = message.KindUnlocked, teacher.TRN{}
	if got, want := e.Body(), `{"version":1,"lookupId":"lookup-1","kind":"unlocked","email":"ann@example.com","name":"Ann Example"}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := e.Reference(); got != "lookup-1-unlocked" {
		t.Errorf("reference %s", got)
	}
}

// TestBodiesAreReadBack: whatever a person typed arrives as it was sent.
func TestBodiesAreReadBack(t *testing.T) {
	name := rapid.String().Filter(func(s string) bool { return strings.ToValidUTF8(s, "?") == s })
	rapid.Check(t, func(t *rapid.T) {
		trn, _ := teacher.ParseTRN(rapid.StringMatching(`[0-9]{7}`).Draw(t, "TRN"))
		email, err := teacher.ParseEmail(rapid.StringMatching(`[A-Za-z][A-Za-z0-9'+]{0,9}`).Draw(t, "local") + "@Example.com")
		if err != nil {
			t.Fatal(err)
		}
		at := time.UnixMilli(rapid.Int64Range(0, 4e12).Draw(t, "time")).UTC()
		m := message.Match{LookupID: "lookup-1", TRN: trn, Email: email, Name: name.Draw(t, "name"), MatchedAt: at,
			Evidence: rapid.SliceOfN(rapid.SampledFrom([]string{"name", "email", "trn"}), 1, 3).Draw(t, "evidence")}
		if got, err := message.ParseMatch(m.Body()); err != nil || !reflect.DeepEqual(got, m) {
			t.Errorf("%s: %v", m.Body(), err)
		}
		e := message.Email{LookupID: "lookup-1", Kind: rapid.SampledFrom(message.Kinds()).Draw(t, "kind")}
		switch e.Kind {
		case message.KindTRN:
			e.To, e.Name, e.TRN = email, m.Name, trn
		case message.KindUnlocked:
			e.To, e.Name = email, m.Name
		case message.KindHelpdeskReport:
			e.Report = message.Report{New: rapid.IntRange(0, 9).Draw(t, "new"), Waiting: 9, Location: "s3://bucket/reports/run"}
		case message.KindHelpdeskTicket, message.KindOwnerNotice:
		default:
			e.To = email
		}
		if got, err := message.ParseEmail(e.Body()); err != nil || got != e {
			t.Errorf("%s: %v", e.Body(), err)
		}
	})
}

// TestWhatCanNeverBeProcessed is invalid, each with its reason; nothing of the text is in the error.
func TestWhatCanNeverBeProcessed(t *testing.T) {
	const match = `{"version":1,"lookupId":"l","trn":"1234567","email":"canary@example.com","name":"n","matchedAt":"2026-11-22T12:00:00.000Z","evidence":[]}`
	const email = `{"version":1,"lookupId":"l","kind":"trn","email":"canary@example.com","name":"n","trn":"1234567"}`
	if _, err := message.ParseMatch(match); err != nil {
		t.Fatal(err)
	}
	if _, err := message.ParseEmail(email); err != nil {
		t.Fatal(err)
	}
	replace := func(old, with string) func(string) string {
		return func(s string) string {
			if !strings.Contains(s, old) {
				return ""
			}
			return strings.Replace(s, old, with, 1)
		}
	}
	for _, test := range []struct {
		name   string
		change func(string) string // "" where it does not apply
		reason string
	}{
		{"cut", func(s string) string { return s[:len(s)-1] }, "unreadable"},
		{"text", func(string) string { return "canary" }, "unreadable"},
		{"list", func(s string) string { return "[" + s + "]" }, "unreadable"},
		{"empty", func(string) string { return " " }, "unreadable"},
		{"garbage after it", func(s string) string { return s + "x" }, "unreadable"},
		{"two", func(s string) string { return s + s }, "unreadable"},
		{"number for a text", replace(`"lookupId":"l"`, `"lookupId":7`), "unreadable"},
		{"text for the version", replace(`"version":1`, `"version":"1"`), "unreadable"},
		{"no version", replace(`"version":1,`, ``), "unknown_version"},
		{"later version", replace(`"version":1`, `"version":2`), "unknown_version"},
		{"later version of other fields", func(string) string { return `{"version":2,"lookupId":{"of":"two"}}` }, "unknown_version"},
		{"null", func(string) string { return "null" }, "unknown_version"},
		{"no lookup", replace(`"lookupId":"l",`, ``), "incomplete"},
		{"no TRN", replace(`"1234567"`, `""`), "incomplete"},
		{"short TRN", replace(`1234567`, `123456`), "incomplete"},
		{"no email", replace(`"email":"canary@example.com",`, ``), "incomplete"},
		{"bad email", replace(`canary@example.com`, `canary@`), "incomplete"},
		{"no time", replace(`"matchedAt":"2026-11-22T12:00:00.000Z",`, ``), "incomplete"},
		{"bad time", replace(`2026-11-22T12`, `2026-13-22T12`), "incomplete"},
		{"unknown kind", replace(`"kind":"trn"`, `"kind":"canary"`), "unknown_kind"},
		{"no kind", replace(`"kind":"trn",`, ``), "unknown_kind"},
	} {
		t.Run(test.name, func(t *testing.T) {
			check := func(of, body string, parse func(string) error) {
				if body == "" {
					return
				}
				err := parse(body)
				if !errors.Is(err, fault.Invalid) || fault.Reason(err) != test.reason {
					t.Errorf("%s: %v, want %s", of, err, test.reason)
				}
				if err != nil && strings.Contains(err.Error(), "canary") {
					t.Errorf("%s: the error holds what was sent: %v", of, err)
				}
			}
			check("match", test.change(match), func(s string) error { _, err := message.ParseMatch(s); return err })
			check("email", test.change(email), func(s string) error { _, err := message.ParseEmail(s); return err })
		})
	}
}

// TestReferencesAreReadBack: the reference of an email tells its lookup and kind; of others it tells nothing.
func TestReferencesAreReadBack(t *testing.T) {
	for _, kind := range message.Kinds() {
		e := message.Email{LookupID: "11111111-1111-4111-8111-111111111111", Kind: kind}
		if id, got, ok := message.ParseReference(e.Reference()); !ok || id != e.LookupID || got != kind {
			t.Errorf("%s: %s, %s, %t", e.Reference(), id, got, ok)
		}
	}
	for _, reference := range []string{"", "-trn", "trn", "11111111-1111-4111-8111-111111111111", "11111111-1111-4111-8111-111111111111-other"} {
		if _, _, ok := message.ParseReference(reference); ok {
			t.Errorf("%q is the reference of an email", reference)
		}
	}
}

// TestWhatAKindHasNoUseForIsLeftOut, so that nothing personal is carried by an email that does not say it.
func TestWhatAKindHasNoUseForIsLeftOut(t *testing.T) {
	const all = `{"version":1,"lookupId":"l","kind":"KIND","email":"ann@example.com","name":"Ann","trn":"1234567","report":{"new":1,"waiting":2,"location":"here"}}`
	to, report := mustEmail(t, "ann@example.com"), message.Report{New: 1, Waiting: 2, Location: "here"}
	for kind, want := range map[message.Kind]message.Email{
		message.KindTRN:             {To: to, Name: "Ann", TRN: mustTRN(t, "1234567")},
		message.KindUnlocked:        {To: to, Name: "Ann"},
		message.KindHelpdeskRequest: {To: to},
		message.KindHelpdeskTicket:  {},
		message.KindOwnerNotice:     {},
		message.KindHelpdeskReport:  {Report: report},
	} {
		want.LookupID, want.Kind = "l", kind
		if got, err := message.ParseEmail(strings.Replace(all, "KIND", string(kind), 1)); err != nil || got != want {
			t.Errorf("%s: %+v, %v; want %+v", kind, got, err, want)
		}
	}
}

// TestFurtherFieldsAreIgnored, so that a sender can be newer than its receiver.
func TestFurtherFieldsAreIgnored(t *testing.T) {
	m := match(t, "lookup-1", "ann@example.com")
	got, err := message.ParseMatch(strings.Replace(m.Body(), "{", `{"later":{"x":1},`, 1))
	if err != nil || !reflect.DeepEqual(got, m) {
		t.Errorf("%v", err)
	}
}

func FuzzParseMatch(f *testing.F) {
	f.Add(`{"version":1,"lookupId":"l","trn":"1234567","email":"a@example.com","name":"n","matchedAt":"2026-11-22T12:00:00.000Z","evidence":["name"]}`)
	f.Add(`{"version":2}`)
	f.Add("\xff")
	f.Fuzz(func(t *testing.T, body string) {
		m, err := message.ParseMatch(body)
		if err != nil {
			if !errors.Is(err, fault.Invalid) {
				t.Errorf("%v is retried for ever", err)
			}
			return
		}
		if m.LookupID == "" || m.TRN.IsZero() || m.Email.IsZero() {
			t.Error("an incomplete match")
		}
	})
}

func FuzzParseEmail(f *testing.F) {
	f.Add(`{"version":1,"lookupId":"l","kind":"trn","email":"a@example.com","name":"n","trn":"1234567"}`)
	f.Add(`{"version":1,"lookupId":"l","kind":"owner_notice","email":"a@example.com"}`)
	f.Add(`{"version":1,"lookupId":"l","kind":"helpdesk_report","report":{"new":1,"waiting":-1,"location":"s3://x"}}`)
	f.Add(`{"version":1e0,"kind":7}`)
	f.Fuzz(func(t *testing.T, body string) {
		e, err := message.ParseEmail(body)
		if err != nil {
			if !errors.Is(err, fault.Invalid) {
				t.Errorf("%v is retried for ever", err)
			}
			return
		}
		if again, err := message.ParseEmail(e.Body()); err != nil || !reflect.DeepEqual(again, e) {
			t.Errorf("%+v is read back as %+v, %v", e, again, err)
		}
		if id, kind, ok := message.ParseReference(e.Reference()); !ok || id != e.LookupID || kind != e.Kind {
			t.Errorf("the reference %s is read as %s, %s, %t", e.Reference(), id, kind, ok)
		}
	})
}

func mustEmail(t testing.TB, s string) teacher.Email {
	t.Helper()
	email, err := teacher.ParseEmail(s)
	if err != nil {
		t.Fatalf("email %q: %v", s, err)
	}
	return email
}

func mustTRN(t testing.TB, s string) teacher.TRN {
	t.Helper()
	trn, err := teacher.ParseTRN(s)
	if err != nil {
		t.Fatalf("TRN %q: %v", s, err)
	}
	return trn
}

func match(t testing.TB, lookupID, email string) message.Match {
	t.Helper()
	return message.Match{
		LookupID: lookupID, TRN: mustTRN(t, "1000001"), Email: mustEmail(t, email), Name: "Ann Example",
		MatchedAt: time.Date(2026, 5, 1, 9, 0, 0, 0, time.UTC), Evidence: []string{"name", "date_of_birth", "email"},
	}
}
