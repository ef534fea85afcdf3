package notify_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"losttrn/internal/notify"
)

const (
	service = "26785a09-ab16-4eb0-8407-a37497a57506"
	secret  = "3d844edf-8d35-48ac-975b-e847b4f122b0"
	apiKey  = "my-test_key-" + service + "-" + secret
)

func TestParseKey(t *testing.T) {
	cases := []struct {
		name, text string
		ok         bool
	}{
		{"name with hyphens", apiKey, true},
		{"plain name", "live-" + service + "-" + secret, true},
		{"name like a UUID", secret + "-" + service + "-" + secret, true},
		{"empty", "", false},
		{"no name", service + "-" + secret, false},
		{"secret cut short", apiKey[:len(apiKey)-1], false},
		{"secret alone", "live-" + secret, false},
		{"something after it", apiKey + "\n", false},
		{"not hexadecimal", "live-" + service + "-" + strings.Replace(secret, "3d", "zz", 1), false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := notify.ParseKey(c.text)
			if c.ok != (err == nil) || err != nil && !errors.Is(err, notify.ErrKey) {
				t.Errorf("ParseKey(%q): %v", c.text, err)
			}
		})
	}
}

func TestKeyIsMasked(t *testing.T) {
	key, err := notify.ParseKey(apiKey)
	if err != nil {
		t.Fatal(err)
	}
	for _, form := range []string{"%v", "%+v", "%#v", "%s"} {
		if printed := fmt.Sprintf(form, key); strings.Contains(printed, secret[:8]) || strings.Contains(printed, service[:8]) {
			t.Errorf("%s prints %s", form, printed)
		}
	}
	if got := key.LogValue().String(); got != "[masked]" {
		t.Errorf("logged as %s", got)
	}
}

func FuzzParseKey(f *testing.F) {
	f.Add(apiKey)
	f.Add("")
	f.Add(service + "-" + secret)
	f.Fuzz(func(t *testing.T, text string) {
		if _, err := notify.ParseKey(text); err == nil {
			// What is a key stays one under any other name, and ends in the same 73 characters.
			if len(text) < 74 {
				t.Fatalf("%q is too short for a key", text)
			}
			if _, err := notify.ParseKey("other-" + text[len(text)-73:]); err != nil {
				t.Errorf("%q is a key, but not under another name", text)
			}
		}
		if _, err := notify.ParseKey(text + "-" + service + "-" + secret); err != nil {
			t.Errorf("name %q: %v", text, err)
		}
	})
}
