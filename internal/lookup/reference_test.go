package lookup_test

import (
	"errors"
	"regexp"
	"strings"
	"testing"

	"losttrn/internal/fault"
	"losttrn/internal/lookup"
)

func TestReference(t *testing.T) {
	form := regexp.MustCompile(`^[2-9C-FHJKMNPRTV-X]{5}-[2-9C-FHJKMNPRTV-X]{5}$`)
	seen := map[string]string{}
	for range 100_000 {
		id := lookup.NewID()
		reference := lookup.Reference(id)
		if !form.MatchString(reference) || strings.ContainsAny(reference, "01AEIOUBGLQSYZ") {
			t.Fatalf("%s: %q", id, reference)
		}
		if other := seen[reference]; other != "" { // by chance 1 in 5,300
			t.Errorf("%s and %s both have %s", id, other, reference)
		}
		seen[reference] = id
	}
}

// TestReferenceStays pins one: references of lookups that are kept must not change.
func TestReferenceStays(t *testing.T) {
	if got, want := lookup.Reference("11111111-1111-4111-8111-111111111111"), "MN93F-KWNMH"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestParseReference(t *testing.T) {
	want := lookup.Reference("11111111-1111-4111-8111-111111111111")
	bare := strings.ReplaceAll(want, "-", "")
	for _, typed := range []string{want, strings.ToLower(want), " " + want + " ", bare, bare[:3] + " " + bare[3:6] + " " + bare[6:]} {
		if got, err := lookup.ParseReference(typed); err != nil || got != want {
			t.Errorf("%q: got %q, %v", typed, got, err)
		}
	}
	for _, typed := range []string{"", bare[1:], bare + "2", "O" + bare[1:], "1" + bare[1:], "é" + bare[1:], "11111111-1111-4111-8111-111111111111"} {
		if got, err := lookup.ParseReference(typed); !errors.Is(err, fault.Invalid) || got != "" {
			t.Errorf("%q: got %q, %v", typed, got, err)
		}
	}
}
