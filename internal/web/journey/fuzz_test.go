package journey_test

import (
	"crypto/rand"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"losttrn/internal/web/journey"
)

// FuzzCookie brings any cookie. Nothing but what the service made is read, however it was changed.
func FuzzCookie(f *testing.F) {
	s := seal(secret)
	j, err := journey.New(rand.Reader, noon)
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
