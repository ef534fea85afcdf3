package journey_test

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"losttrn/internal/lookup"
	"losttrn/internal/teacher"
	"losttrn/internal/web/journey"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func seal(secrets ...string) *journey.Seal {
	return journey.NewSeal(func(context.Context) (string, error) { return strings.Join(secrets, ","), nil }, rand.Reader)
}

const (
	secret = "a secret of at least thirty-two characters"
	other  = "another secret of at least thirty-two characters"
)

func read(t *testing.T, s *journey.Seal, cookie *http.Cookie, at time.Time) (journey.Journey, error) {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.AddCookie(&http.Cookie{Name: cookie.Name, Value: cookie.Value})
	return s.Read(r, at)
}

func mustCookie(t *testing.T, s *journey.Seal, j journey.Journey) *http.Cookie {
	t.Helper()
	cookie, err := s.Cookie(t.Context(), j, noon)
	if err != nil {
		t.Fatal(err)
	}
	return cookie
}

// largest is the journey with the longest answers that the checks let through.
func largest(t *testing.T) journey.Journey {
	t.Helper()
	j, err := journey.New(rand.Reader, noon)
	if err != nil {
		t.Fatal(err)
	}
	name, provider := strings.Repeat("𝒳", 100), strings.Repeat("𝒳", 200) // four bytes each
	label := strings.Repeat("a", 61)
	j.Answers = lookup.Details{Email: strings.Repeat("a", 64) + "@" + label + "." + label + "." + label + ".com",
		FirstName: name, LastName: name, PreviousFirstName: name, PreviousLastName: name, TrainingProvider: provider,
		NINO:        "QQ" + strings.Repeat(".", 31) + "123456C",
		DateOfBirth: lookup.TypedDate{Day: "\uff11\uff11st" + strings.Repeat(" ", 5), Month: "september.", Year: strings.Repeat("\uff12", 4)}}
	asked := []lookup.Field{lookup.FieldEmail, lookup.FieldFirstName, lookup.FieldLastName, lookup.FieldPreviousFirstName,
		lookup.FieldPreviousLastName, lookup.FieldDateOfBirth, lookup.FieldNINO, lookup.FieldTrainingProvider}
	today, err := teacher.NewDate(9999, 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	q, problems := j.Answers.CheckFields(today, asked...)
	if len(problems) > 0 {
		t.Fatalf("not the largest that is accepted: %v", problems)
	}
	for _, field := range asked {
		j.Answers.Tidy(field, q)
	}
	for q := journey.Email; q <= journey.TrainingProvider; q++ {
		j.Answer(q, true)
	}
	j.NameChange, j.Checked, j.HelpRequested = journey.NameChanged, true, true
	j.Sent = true
	j.LookupID, j.Outcome = "0192a5b4-1111-8111-8111-111111111111", lookup.NoMatch
	return j
}

func TestLargestCookieFits(t *testing.T) {
	s := seal(secret)
	j := largest(t)
	cookie := mustCookie(t, s, j)
	if n := len(cookie.String()); n > 4096 {
		t.Errorf("%d bytes", n)
	} else {
		t.Logf("%d bytes", n)
	}
	got, err := read(t, s, cookie, noon)
	if err != nil || got != j {
		t.Errorf("%v %+v", err, got)
	}
}

// TestOnlyTheEarlierAddressIsLeftOutOfAFullCookie: where there is no room for it, that a TRN was sent is still known.
func TestOnlyTheEarlierAddressIsLeftOutOfAFullCookie(t *testing.T) {
	s := seal(secret)
	full, usual := largest(t), journey.Journey{}
	full.Conclude("0192a5b4-1111-8111-8111-111111111111", lookup.TRNSent)
	usual.Answers.Email = full.Answers.Email
	usual.Conclude(full.LookupID, lookup.TRNSent)
	for _, test := range []struct {
		j    journey.Journey
		want string
	}{{full, ""}, {usual, full.Answers.Email}} {
		cookie := mustCookie(t, s, test.j)
		got, err := read(t, s, cookie, noon)
		if err != nil || len(cookie.String()) > 4096 || !got.Sent || got.SentTo != test.want {
			t.Errorf("%v, %d bytes, sent %t to %q", err, len(cookie.String()), got.Sent, got.SentTo)
		}
	}
}

func TestAnswersAreForgottenSoonAfterTheResult(t *testing.T) {
	s := seal(secret)
	for name, test := range map[string]struct {
		j    journey.Journey
		life time.Duration
	}{
		"no result": {journey.Journey{}, 2 * time.Hour},
		"no match":  {journey.Journey{Outcome: lookup.NoMatch}, 2 * time.Hour},
		"found":     {journey.Journey{Outcome: lookup.TRNSent}, 30 * time.Minute},
		"several":   {journey.Journey{Outcome: lookup.Helpdesk}, 30 * time.Minute},
		"helpdesk":  {journey.Journey{Outcome: lookup.NoMatch, HelpRequested: true}, 30 * time.Minute},
	} {
		cookie := mustCookie(t, s, test.j)
		_, before := read(t, s, cookie, noon.Add(test.life-time.Second))
		_, after := read(t, s, cookie, noon.Add(test.life))
		if before != nil || after != journey.ErrUnreadable || cookie.MaxAge != int(test.life.Seconds()) {
			t.Errorf("%s: %v, %v, Max-Age %d", name, before, after, cookie.MaxAge)
		}
	}
}

func TestCookieAttributes(t *testing.T) {
	cookie := mustCookie(t, seal(secret), journey.Journey{})
	if cookie.Name != "__Host-answers" || !cookie.Secure || !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode ||
		cookie.Path != "/" || cookie.Domain != "" || cookie.MaxAge != 7200 {
		t.Errorf("%s", cookie)
	}
	for _, forget := range journey.Forget() {
		if forget.MaxAge >= 0 || forget.Value != "" || forget.Path != "/" || !forget.Secure {
			t.Errorf("%s", forget)
		}
	}
}

func TestCookieTellsNothing(t *testing.T) {
	s := seal(secret)
	j := largest(t)
	one, two := mustCookie(t, s, j), mustCookie(t, s, j)
	if one.Value == two.Value {
		t.Error("the same answers make the same cookie")
	}
	raw, err := base64.RawURLEncoding.DecodeString(one.Value)
	if err != nil || strings.Contains(string(raw), "aaaa") {
		t.Errorf("%v: the cookie shows what it holds", err)
	}
}

func TestEveryChangedByteIsNoticed(t *testing.T) {
	s := seal(secret)
	cookie := mustCookie(t, s, journey.Journey{Answers: lookup.Details{Email: "amara@example.com"}})
	raw, err := base64.RawURLEncoding.DecodeString(cookie.Value)
	if err != nil {
		t.Fatal(err)
	}
	for i := range raw {
		changed := append([]byte(nil), raw...)
		changed[i] ^= 1
		cookie.Value = base64.RawURLEncoding.EncodeToString(changed)
		if _, err := read(t, s, cookie, noon); err != journey.ErrUnreadable {
			t.Fatalf("byte %d: %v", i, err)
		}
		cookie.Value = base64.RawURLEncoding.EncodeToString(raw[:i])
		if _, err := read(t, s, cookie, noon); err == nil {
			t.Fatalf("cut at %d: accepted", i)
		}
	}
}

func TestLifeAndSecrets(t *testing.T) {
	cookie := mustCookie(t, seal(secret), journey.Journey{})
	for _, test := range []struct {
		name string
		seal *journey.Seal
		at   time.Time
		want error
	}{
		{"fresh", seal(secret), noon, nil},
		{"just before two hours", seal(secret), noon.Add(journey.Life - time.Second), nil},
		{"two hours", seal(secret), noon.Add(journey.Life), journey.ErrUnreadable},
		{"from the future", seal(secret), noon.Add(-time.Hour), journey.ErrUnreadable},
		{"a clock a little behind", seal(secret), noon.Add(-30 * time.Second), nil},
		{"previous secret", seal(other, secret), noon, nil},
		{"secret gone", seal(other), noon, journey.ErrUnreadable},
	} {
		if _, err := read(t, test.seal, cookie, test.at); err != test.want {
			t.Errorf("%s: %v, want %v", test.name, err, test.want)
		}
	}
	if _, err := seal(secret).Read(httptest.NewRequest(http.MethodGet, "/", nil), noon); err != journey.ErrNone {
		t.Errorf("no cookie: %v", err)
	}
}

func TestShownDependsOnTheAnswersAlone(t *testing.T) {
	s := seal(secret)
	j := largest(t)
	shown := func(j journey.Journey) string {
		mark, err := s.Shown(t.Context(), j)
		if err != nil {
			t.Fatal(err)
		}
		return mark
	}
	first := shown(j)
	j.Checked, j.Outcome, j.LookupID = false, "", ""
	if shown(j) != first {
		t.Error("it depends on more than the answers")
	}
	j.Answers.Email = "other@example.com"
	if shown(j) == first {
		t.Error("it does not depend on the answers")
	}
}
