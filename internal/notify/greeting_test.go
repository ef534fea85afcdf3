package notify_test

import (
	"strings"
	"testing"

	"losttrn/internal/message"
)

// TestGreeting goes in where the email is asked for and looks at what the provider is given.
func TestGreeting(t *testing.T) {
	for name, want := range map[string]string{
		"Ann Example":               "Dear Ann Example",
		"José  O’Neill-Smith":       "Dear José O’Neill-Smith",
		"Zoe\u0308 D'Arcy":          "Dear Zoe\u0308 D'Arcy",
		"李 小龍":                      "Dear 李 小龍",
		strings.Repeat("a", 60):     "Dear " + strings.Repeat("a", 60),
		strings.Repeat("a", 61):     "Hello",
		"":                          "Hello",
		"Call 0207 946 0000":        "Hello",
		"Write to me@example.com":   "Hello",
		"See example.com":           "Hello",
		"See https://example":       "Hello",
		"[Ann](example)":            "Hello",
		"Ann\u202Etxt":              "Hello",
		"Ann, your account is shut": "Hello",
		"Ann ١٢٣":                   "Hello",
	} {
		for _, kind := range []message.Kind{message.KindTRN, message.KindUnlocked} {
			s := newServer(t)
			e := email(t, kind)
			e.Name = name
			mailer := mailer(newMemory(t), s.client())
			if err := mailer.Deliver(t.Context(), e); err != nil {
				t.Fatalf("%q: %v", name, err)
			}
			if got := s.taken[0]["personalisation"].(map[string]any)["greeting"]; got != want {
				t.Errorf("%q as %s: %q, want %q", name, kind, got, want)
			}
		}
	}
}
