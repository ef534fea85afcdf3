package register_test

import (
	"errors"
	"testing"

	"losttrn/internal/fault"
)

func TestOwner(t *testing.T) {
	w := newFixture(t)
	w.put(texts("trn", "0000001", "email", "Ann@Example.com", "emailKey", "ann@example.com"))
	w.put(texts("trn", "0000002", "lastName", "Example"))
	w.put(texts("trn", "0000003", "email", "not known"))
	for digits, want := range map[string]string{"0000001": "Ann@Example.com", "0000002": "", "0000003": "", "0000009": ""} {
		owner, err := w.store.Owner(t.Context(), person(t, "trn", digits).TRN)
		if owner.Typed() != want || (err != nil) != (want == "") || err != nil && !errors.Is(err, fault.NotFound) {
			t.Errorf("%s: %q, %v", digits, owner.Typed(), err)
		}
	}
}
