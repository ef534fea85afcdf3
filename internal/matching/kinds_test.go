package matching

import (
	"reflect"
	"slices"
	"testing"

	"losttrn/internal/teacher"
)

// everything returns a person of whom all is known, and the record of it.
func everything(t *testing.T) (Person, teacher.Record) {
	date, err := teacher.NewDate(1980, 2, 1)
	if err != nil {
		t.Fatal(err)
	}
	p := Person{First: "Ann", Middle: "Jane", Last: "Example", PreviousFirst: "Anna", PreviousLast: "Sample", DateOfBirth: date,
		NINO: must(t, teacher.ParseNINO, "QQ123456C"), Email: must(t, teacher.ParseEmailKey, "ann@example.com"),
		TRN: must(t, teacher.ParseTRN, "0000001"), Provider: teacher.ParseProvider("University of Example")}
	for i := range reflect.TypeFor[Person]().NumField() {
		if reflect.ValueOf(p).Field(i).IsZero() {
			t.Fatalf("%s is not known here", reflect.TypeFor[Person]().Field(i).Name)
		}
	}
	return p, teacher.Record{TRN: p.TRN, Name: teacher.Name{First: p.First, Middle: p.Middle, Last: p.Last}, DateOfBirth: p.DateOfBirth,
		NINO: p.NINO, Email: p.Email, Providers: []teacher.Provider{p.Provider}, Status: teacher.Active}
}

// TestEveryKindIsWhole: a kind that lacked a key, or stayed when it was to be left out, could be guessed without end.
func TestEveryKindIsWhole(t *testing.T) {
	all, record := everything(t)
	allKeys, recordKeys := PersonKeys(all), RecordKeys(&record)
	for i, kind := range AllEvidence {
		if own := table[i].compare != nil; own == (kind == Name || kind == Provider) {
			t.Errorf("%s: compared in the table: %v", kind, own)
		}
		if len(allKeys.Of(kind)) == 0 || len(recordKeys.Of(kind)) == 0 {
			t.Errorf("%s has no keys", kind)
		}
		only := all.Only([]Evidence{kind})
		if agreed := Explain(only, record).Agreed; !slices.Equal(agreed, []Evidence{kind}) {
			t.Errorf("of %s alone, %v agree", kind, agreed)
		}
		if keys := PersonKeys(only); !slices.Equal(keys.Kinds(), []Evidence{kind}) {
			t.Errorf("of %s alone, there are keys of %v", kind, keys.Kinds())
		}
	}
	if none := all.Only(nil); !reflect.ValueOf(none).IsZero() {
		t.Errorf("what no kind clears: %+v", none)
	}
	if kept := all.Only(AllEvidence[:]); kept != all {
		t.Errorf("a kind that stays was cleared: %+v", kept)
	}
}

// Of the kinds of evidence, a number of one's own and one's mailbox identify a person; colleagues know the others.
func TestPersonal(t *testing.T) {
	var personal []Evidence
	for _, e := range AllEvidence {
		if e.Personal() {
			personal = append(personal, e)
		}
	}
	if want := []Evidence{NINO, Email, TRN}; !slices.Equal(personal, want) || Evidence("").Personal() {
		t.Errorf("%v are personal, want %v", personal, want)
	}
}

// The records of a birthday are read only where three kinds can agree with one that nothing else leads to: when a NINO, a
// TRN or a provider was given.
func TestDateCanDecide(t *testing.T) {
	all, _ := everything(t)
	for _, c := range []struct {
		given []Evidence
		want  bool
	}{
		{nil, false}, {[]Evidence{DateOfBirth}, false}, {[]Evidence{Name, DateOfBirth}, false}, {[]Evidence{Name, DateOfBirth, Email}, false},
		{[]Evidence{Name, DateOfBirth, NINO}, true}, {[]Evidence{Name, DateOfBirth, TRN}, true}, {[]Evidence{DateOfBirth, Provider}, true},
		{[]Evidence{Name, NINO, Email, TRN, Provider}, false}, {AllEvidence[:], true},
	} {
		p := all.Only(c.given)
		if got := p.DateCanDecide(); got != c.want {
			t.Errorf("%v given: %v", c.given, got)
		}
	}
	for _, madeUp := range []Person{
		{DateOfBirth: all.DateOfBirth, NINO: must(t, teacher.ParseNINO, "TN010280F")},
		{DateOfBirth: all.DateOfBirth, TRN: must(t, teacher.ParseTRN, "9999999")},
		{DateOfBirth: all.DateOfBirth, Provider: teacher.Provider{Name: "The Ltd."}},
	} {
		if madeUp.DateCanDecide() {
			t.Errorf("%+v is no evidence beside a date", madeUp)
		}
	}
}
