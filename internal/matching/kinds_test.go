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
