package journey_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"losttrn/internal/web/journey"
)

// FuzzCookie brings any cookie. Nothing but what the service made is read, however it was changed.
func FuzzCookie(f *testing.F) {
	s := seal(secret)
	// Fuzzing goes on in processes of its own, to which the seeds come from this one: the key is the same in all.
	j, err := journey.New(strings.NewReader("0123456789abcdef"), noon)
	if err != nil {
		f.Fatal(err)
	}
	made, err := s.Cookie(f.Context(), j, noon)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(made.Name + "=" + made.Value)
	f.Add(made.Name + "=" + made.Value[:40] + "A" + made.Value[41:])
	f.Add(made.Name + "=\"" + made.Value + "=\"")
	f.Add("=;,\x00")
	f.Fuzz(func(t *testing.T, header string) {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Cookie", header)
		got, err := s.Read(r, noon)
		switch {
		case err != nil && !errors.Is(err, journey.ErrNone) && !errors.Is(err, journey.ErrUnreadable):
			t.Errorf("%q: %v", header, err)
		case err == nil && got.Key != j.Key:
			t.Errorf("%q was read as %+v", header, got)
		}
	})
}
