package sample

import "unicode"

// Kind is what a person is an example of.
type Kind string

// The kinds of people to try, in the order of People.
const (
	Locked      Kind = "locked"       // the account is unlocked
	OpenAlert   Kind = "open_alert"   // the TRN is sent, the unlock refused
	NotLocked   Kind = "not_locked"   // the TRN is sent, there is nothing to unlock
	ClosedAlert Kind = "closed_alert" // locked, with an alert that has ended: the account is unlocked
	AlsoLocked  Kind = "also_locked"  // as Locked, to show the outcome for a second person of one mailbox
)

// Person is somebody of the default register, to try the service with. Name, date of birth and National
// Insurance number belong to one record and to no other, and nobody else has the name and date of birth.
type Person struct {
	Kind        Kind
	TRN         string
	FirstName   string
	LastName    string
	DateOfBirth string // YYYY-MM-DD
	NINO        string
	Email       string
}

// People are people of the default register to try: one of each kind, the three that the local stack prints
// (Locked, OpenAlert, NotLocked) first.
func People() []Person {
	kinds := []Kind{Locked, OpenAlert, NotLocked, ClosedAlert, AlsoLocked}
	type identity struct{ first, last, born string }
	bearers := map[identity]int{}
	for i := range Default.Count {
		r := Default.record(i)
		bearers[identity{r.first, r.last, date(r.born)}]++
	}
	found := map[Kind]Person{}
	for i := range Default.Count {
		r := Default.record(i)
		kind, ok := r.kind()
		if _, taken := found[Locked]; kind == Locked && taken {
			kind = AlsoLocked
		}
		if _, taken := found[kind]; !ok || taken || bearers[identity{r.first, r.last, date(r.born)}] > 1 {
			continue
		}
		row := r.row()
		found[kind] = Person{kind, row[0], r.first, r.last, date(r.born), r.nino, r.email}
	}
	people := make([]Person, 0, len(kinds))
	for _, kind := range kinds {
		people = append(people, found[kind])
	}
	return people
}

// kind returns what the record is an example of, if it is a plain one: active, never merged, one ASCII name, with a
// National Insurance number and an email address.
func (r record) kind() (Kind, bool) {
	if r.status != "active" || r.formerTRN != 0 || r.nino == "" || r.email == "" || len(r.previous) > 0 || !plain(r.first+r.last) {
		return "", false
	}
	open := false
	for _, a := range r.alerts {
		open = open || a.end.IsZero() || a.end.After(extracted)
	}
	switch {
	case r.locked && len(r.alerts) == 0:
		return Locked, true
	case r.locked && open:
		return OpenAlert, true
	case r.locked:
		return ClosedAlert, true
	case len(r.alerts) == 0:
		return NotLocked, true
	}
	return "", false
}

func plain(name string) bool {
	for _, c := range name {
		if c > unicode.MaxASCII || !unicode.IsLetter(c) {
			return false
		}
	}
	return true
}
