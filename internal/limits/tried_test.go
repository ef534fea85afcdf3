package limits_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"losttrn/internal/guess"
	"losttrn/internal/limits"
	"losttrn/internal/matching"
	"losttrn/internal/teacher"
)

func person(t testing.TB, last, born, nino string) matching.Person {
	t.Helper()
	p := matching.Person{First: "Ann", Last: last, Email: key(t, "ann@example.com")}
	var err error
	if p.DateOfBirth, err = teacher.ParseDate(born); err != nil {
		t.Fatal(err)
	}
	if nino != "" {
		if p.NINO, err = teacher.ParseNINO(nino); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

func read(t testing.TB, s *limits.Store, p matching.Person) (guess.Tried, error) {
	entries := guess.Entries(p)
	return s.Tried(t.Context(), entries, guess.Shelves(entries))
}

// add remembers a request as if nothing had been read before it.
func add(t testing.TB, s *limits.Store, p matching.Person) error {
	return s.Remember(t.Context(), guess.NewTried(guess.Entries(p)), guess.Values(p))
}

// remember does what a lookup that found nothing does.
func remember(t testing.TB, s *limits.Store, p matching.Person) {
	t.Helper()
	tried, err := read(t, s, p)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Remember(t.Context(), tried, guess.Values(p)); err != nil {
		t.Fatal(err)
	}
}

// silent are the kinds that are silent for a person.
func silent(t testing.TB, s *limits.Store, p matching.Person) string {
	t.Helper()
	tried, err := read(t, s, p)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(silentOf(t, p, tried))
}

func silentOf(t testing.TB, p matching.Person, tried guess.Tried) []matching.Evidence {
	t.Helper()
	verdict, err := guess.Decide(p, nil, tried, nil) // without records there is nothing more to read
	if err != nil {
		t.Fatal(err)
	}
	return verdict.Silent
}

var most = limits.PerHour{Address: 1000, Email: 1000}

func TestSixDifferentValuesAreRemembered(t *testing.T) {
	w := newFixture(t)
	store := w.store("six", most)
	for n := range guess.MaxValues {
		p := person(t, "Example", "1980-01-31", fmt.Sprintf("QQ12345%dC", n))
		if got := silent(t, store, p); got != "[]" {
			t.Errorf("after %d values %s are silent", n, got)
		}
		for range 3 { // a repeat changes nothing
			remember(t, store, p)
		}
	}
	if got := silent(t, store, person(t, "Example", "1980-01-31", "QQ999999C")); got != "[national_insurance_number]" {
		t.Errorf("%s are silent", got)
	}
	other := person(t, "Other", "1980-02-02", "")
	other.Email = key(t, "other@example.com")
	if got := silent(t, store, other); got != "[]" {
		t.Errorf("beside another mailbox and day %s are silent", got)
	}
}

// TestThirtyDaysAfterTheLast: a kind speaks again 30 days after the last new value, deleted or not, and the old values
// count no more.
func TestThirtyDaysAfterTheLast(t *testing.T) {
	w := newFixture(t)
	store := w.store("days", most)
	for n := range guess.MaxValues {
		remember(t, store, person(t, "Example", "1980-01-31", fmt.Sprintf("QQ12345%dC", n)))
		w.now = w.now.Add(24 * time.Hour)
	}
	p := person(t, "Example", "1980-01-31", "QQ999999C")
	w.now = w.now.Add(29*24*time.Hour - time.Second)
	if got := silent(t, store, p); got != "[national_insurance_number]" {
		t.Errorf("too soon %s are silent", got)
	}
	w.now = w.now.Add(time.Second)
	for n := range guess.MaxValues {
		if got := silent(t, store, p); got != "[]" {
			t.Errorf("30 days later, after %d values, %s are silent", n, got)
		}
		remember(t, store, person(t, "Example", "1980-01-31", fmt.Sprintf("QQ77777%dC", n)))
	}
	if got := silent(t, store, p); got != "[national_insurance_number]" {
		t.Errorf("after six further values %s are silent", got)
	}
}

// TestAllAtOnceAreRemembered: requests under way at one moment are all remembered, over an expired item too.
func TestAllAtOnceAreRemembered(t *testing.T) {
	w := newFixture(t)
	store := w.store("once", most)
	remember(t, store, person(t, "Example", "1980-01-31", "QQ111111C"))
	w.now = w.now.Add(31 * 24 * time.Hour)
	p := person(t, "Example", "1980-01-31", "QQ999999C")
	var all sync.WaitGroup
	for n := range 30 {
		all.Go(func() {
			if err := add(t, store, person(t, "Example", "1980-01-31", fmt.Sprintf("QQ1234%02dC", n))); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	tried, err := read(t, store, p)
	if err != nil {
		t.Fatal(err)
	}
	pairs := 0
	for _, e := range guess.Entries(p) {
		if e.Pair == (guess.Pair{A: matching.Name, B: matching.DateOfBirth}) {
			pairs++
			if got := len(tried.Values(e, matching.NINO)); got != 30 {
				t.Errorf("%d values of 30", got)
			}
		}
	}
	if pairs == 0 {
		t.Error("no pair of name and date of birth")
	}
}

func TestOff(t *testing.T) {
	p := person(t, "Example", "1980-01-31", "")
	for range 100 {
		tried, err := limits.Off{}.Tried(t.Context(), guess.Entries(p), nil)
		if silent := silentOf(t, p, tried); err != nil || len(silent) > 0 {
			t.Fatal(silent, err)
		}
		if err := (limits.Off{}).Remember(t.Context(), tried, guess.Values(p)); err != nil {
			t.Fatal(err)
		}
		if err := (limits.Off{}).Admit(t.Context(), "203.0.113.9", teacher.EmailKey{}); err != nil {
			t.Fatal(err)
		}
	}
}
