package matching

import (
	"testing"

	"losttrn/internal/teacher"
)

func TestNameAgrees(t *testing.T) {
	record := teacher.Record{
		Name:          teacher.Name{First: "Anne", Middle: "Maria", Last: "Smith-Jones"},
		PreviousNames: []teacher.Name{{First: "Ania", Last: "Kowalska"}, {Last: "Baker"}, {Last: "A"}},
	}
	for _, c := range []struct {
		name   string
		person Person
		want   bool
	}{
		{"current", Person{First: "Anne", Last: "Smith Jones"}, true},
		{"previous", Person{First: "Ania", Last: "Kowalska"}, true},
		{"current first with previous last", Person{First: "Anne", Last: "Kowalska"}, true},
		{"previous first with current last", Person{First: "Ania", Last: "Jones"}, true},
		{"current first with a last name alone", Person{First: "Anne", Last: "Baker"}, true},
		{"given previous last", Person{First: "Anne", Last: "Other", PreviousLast: "Kowalska"}, true},
		{"given previous first", Person{First: "Other", Last: "Smith", PreviousFirst: "Anne"}, true},
		{"other order", Person{First: "Kowalska", Last: "Anne Maria"}, true},
		{"initial in the other order", Person{First: "A", Last: "Anne"}, false},
		{"two first names", Person{First: "Anne", Last: "Ania"}, false},
		{"two last names", Person{First: "Smith", Last: "Kowalska"}, false},
		{"blank first", Person{Last: "Smith"}, false},
		{"blank last", Person{First: "Anne"}, false},
		{"blank", Person{}, false},
		{"middle name for a first name", Person{First: "Maria", Last: "Smith"}, false},
		{"previous name of one word beside others", Person{First: "Other", Last: "Other", PreviousLast: "Smith Jones"}, false},
	} {
		if got := compareNames(c.person, record); got.agreed.has(nameBit) != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

func TestNameAgreesNeedsARecordedName(t *testing.T) {
	for _, record := range []teacher.Record{
		{},
		{Name: teacher.Name{First: "Anne"}},
		{Name: teacher.Name{Last: "Smith"}},
		{Name: teacher.Name{First: "-", Last: "'"}},
	} {
		for _, person := range []Person{{First: "Anne", Last: "Smith"}, {First: "", Last: ""}, {First: "-", Last: "'"}} {
			if compareNames(person, record).agreed.has(nameBit) {
				t.Errorf("%+v agrees with %+v", person, record.Name)
			}
		}
	}
}

// TestPreviousFirstNames: one that was given goes without the middle name of now, and one on record has its other spelling.
func TestPreviousFirstNames(t *testing.T) {
	for _, c := range []struct {
		person Person
		record teacher.Record
	}{
		{Person{First: "Other", Middle: "Lee", PreviousFirst: "Mary", Last: "Smith"}, teacher.Record{Name: teacher.Name{First: "Mary Jane", Last: "Smith"}}},
		{Person{First: "Joerg", Last: "Smith"}, teacher.Record{Name: teacher.Name{First: "Other", Last: "Smith"}, PreviousNames: []teacher.Name{{First: "Jörg", Last: "Webb"}}}},
	} {
		if got := compareNames(c.person, c.record); !got.agreed.has(nameBit) {
			t.Errorf("%+v and %+v: %+v", c.person, c.record, got)
		}
	}
}

// TestWholeNames: words divided and ordered otherwise are one name, and so is a name of before with an initial.
func TestWholeNames(t *testing.T) {
	for _, c := range []struct {
		person Person
		record teacher.Record
	}{
		{Person{First: "Wong", Last: "Siu Ming"}, teacher.Record{Name: teacher.Name{First: "Ming Wong", Last: "Siu"}}},
		{Person{First: "S", Last: "Kumar"}, teacher.Record{Name: teacher.Name{First: "Other", Last: "Other"}, PreviousNames: []teacher.Name{{First: "S", Last: "Kumar"}}}},
	} {
		if got := compareNames(c.person, c.record); !got.agreed.has(nameBit) {
			t.Errorf("%+v and %+v: %+v", c.person, c.record, got)
		}
	}
}

// TestATitleBeforeALastNameIsNoEdit: a slip is seen beside a title.
func TestATitleBeforeALastNameIsNoEdit(t *testing.T) {
	record := teacher.Record{Name: teacher.Name{First: "Anne", Last: "Marsh"}}
	for last, want := range map[string]bool{"March": true, "Mrs March": true, "Mrs Match": false} {
		if got := compareNames(Person{First: "Anne", Last: last}, record); !got.near.has(nameBit) || got.oneEdit != want {
			t.Errorf("%s: %+v", last, got)
		}
	}
}

func compareNames(p Person, r teacher.Record) comparison {
	var c comparison
	newMatcher(p).compareName(&r, &c)
	return c
}

func TestNameOfOneWord(t *testing.T) {
	for _, c := range []struct {
		first, last       string
		recFirst, recLast string
		want              bool
	}{
		{"Suharto", "Suharto", "", "Suharto", true},
		{".", "Suharto", "Suharto", "", true},
		{"-", "Suharto", "FNU", "Suharto", true},
		{"Suharto", "LNU", "Suharto", "Suharto", true},
		{"fnu", "Suharto", ".", "Suharto", true},
		{"Ahmad", "Suharto", "", "Suharto", false},
		{"Suharto", ".", "Ahmad", "Suharto", false},
		{"FNU", "Suharto", "FNU", "Hassan", false},
		{".", "S", "", "S", false},
		{"F.N.U.", "Suharto", "", "Suharto", true},
		{"No given name", "Suharto", "XXX", "Suharto", true},
		{"Unknown", "Suharto", "*", "Suharto", true},
		{"Suharto Ahmad", ".", "Ahmad", "Suharto", true}, // two names in one
		{"Suharto", "Ahmad", "", "Ahmad Suharto", true},
		{"Suharto Ahmad", ".", "Ahmad", "Hassan", false},
		{"明", "-", "", "明", true},
	} {
		r := teacher.Record{Name: teacher.Name{First: c.recFirst, Last: c.recLast}}
		if got := compareNames(Person{First: c.first, Last: c.last}, r); got.agreed.has(nameBit) != c.want || got.near != 0 {
			t.Errorf("%+v: %+v", c, got)
		}
	}
}

func TestNamesOfOneLetter(t *testing.T) {
	for _, c := range []struct {
		first, last, recFirst, recLast string
		want                           bool
	}{
		{"S", "Kumar", "S", "Kumar", true},
		{"S.", "Kumar", "s", "KUMAR", true},
		{"Kumar", "S", "Kumar", "S", true},
		{"S", "Kumar", "Senthil", "Kumar", false},
		{"S", "Kumar", "S", "Kumar-Rao", false},
		{"S", "K", "S", "K", false},
	} {
		r := teacher.Record{Name: teacher.Name{First: c.recFirst, Last: c.recLast}}
		if got := compareNames(Person{First: c.first, Last: c.last}, r); got.agreed.has(nameBit) != c.want {
			t.Errorf("%+v: %+v", c, got)
		}
	}
}

// The same words may stand otherwise in first, middle and last name.
func TestSameWordsOtherwiseDivided(t *testing.T) {
	ways := []teacher.Name{{First: "Thi Mai", Last: "Nguyen"}, {First: "Nguyen Thi", Last: "Mai"}, {First: "Mai", Last: "Nguyen Thi"},
		{First: "Mai", Middle: "Thi", Last: "Nguyễn"}, {First: "Nguyen", Last: "Thi-Mai"}}
	for _, given := range ways {
		for _, recorded := range ways {
			if !compareNames(Person{First: given.First, Middle: given.Middle, Last: given.Last}, teacher.Record{Name: recorded}).agreed.has(nameBit) {
				t.Errorf("%+v, %+v", given, recorded)
			}
		}
	}
	for _, other := range []teacher.Name{{First: "Lan", Middle: "Thi", Last: "Nguyen"}, {First: "Mai", Last: "Tran Thi"}} {
		if compareNames(Person{First: "Nguyen Thi", Last: "Mai"}, teacher.Record{Name: other}).agreed.has(nameBit) {
			t.Errorf("%+v", other)
		}
	}
}

func TestNameNearOrAgainst(t *testing.T) {
	r := teacher.Record{Name: teacher.Name{First: "Anna", Last: "Thompson"}, PreviousNames: []teacher.Name{{First: "Anna", Last: "Hall"}}}
	for _, c := range []struct {
		first, last   string
		near, oneEdit bool
	}{
		{"Anna", "Brown", true, false}, {"Anna", "Thomson", true, true}, {"Anna", "Hill", true, true}, {"Anna", "Thmopson", true, true},
		{"Anna", "Thomsen", true, false}, {"Hannah", "Thompson", false, false},
		{"Anna", "Thompsons", true, true}, {"Anna", "Thompso", true, true}, {"Anna", "Thompsonia", true, false}, {"Anna", "Thomps", true, false},
		{"Thomson", "Anna", true, true}, {"Brown", "Anna", true, false}, // in the other order
	} {
		got := compareNames(Person{First: c.first, Last: c.last}, r)
		if got.near.has(nameBit) != c.near || got.oneEdit != c.oneEdit || got.against.has(nameBit) == c.near {
			t.Errorf("%s %s: %+v", c.first, c.last, got)
		}
	}
}

// One letter tells names of two letters apart.
func TestNameOneEditNeedsThreeLetters(t *testing.T) {
	for _, c := range []struct {
		given, recorded string
		want            bool
	}{{"Lee", "Lea", true}, {"Lee", "Leen", true}, {"Leen", "Lee", true}, {"Lin", "Li", false}, {"Li", "Lin", false}, {"Li", "Lu", false}} {
		got := compareNames(Person{First: "Anna", Last: c.given}, teacher.Record{Name: teacher.Name{First: "Anna", Last: c.recorded}})
		if !got.near.has(nameBit) || got.oneEdit != c.want {
			t.Errorf("%s, %s: %+v", c.given, c.recorded, got)
		}
	}
}

// In the other order, what families share is no first name; alone it is one.
func TestNameInTheOtherOrder(t *testing.T) {
	for _, c := range []struct {
		given, recorded string
		want            bool
	}{{"Van Tran", "Van", false}, {"Mac Tran", "Mac", false}, {"Mc Tran", "Mc", false}, {"St Tran", "St", false}, {"Saint Tran", "Saint", false},
		{"Van", "Van", true}, {"Mai Tran", "Mai", true}} {
		got := compareNames(Person{First: "Webb", Last: c.given}, teacher.Record{Name: teacher.Name{First: c.recorded, Last: "Webb"}})
		if got.agreed.has(nameBit) != c.want {
			t.Errorf("%s, %s: %+v", c.given, c.recorded, got)
		}
	}
}

// A person's previous name counts whole, if both halves were given; half of one is no one's only name.
func TestPreviousNameAsAWhole(t *testing.T) {
	one := teacher.Record{Name: teacher.Name{Last: "Suharto"}}
	two := teacher.Record{Name: teacher.Name{First: "Mai", Middle: "Thi", Last: "Nguyen"}}
	for _, c := range []struct {
		first, last string
		record      teacher.Record
		want        bool
	}{{"", "Suharto", one, false}, {"Suharto", "", one, false}, {"Suharto", "Suharto", one, true}, {"Nguyen Thi", "Mai", two, true}} {
		got := compareNames(Person{First: "Ann", Last: "Webb", PreviousFirst: c.first, PreviousLast: c.last}, c.record)
		if got.agreed.has(nameBit) != c.want {
			t.Errorf("%s %s: %+v", c.first, c.last, got)
		}
	}
}

// The middle name that a person gives is of the name of now: a previous first name is not made longer by it.
func TestPreviousFirstNameHasNoMiddleName(t *testing.T) {
	record := teacher.Record{Name: teacher.Name{First: "Sarajane", Last: "Rahman"}}
	for _, c := range []struct {
		first, previous string
		want            bool
	}{{"Sara", "", true}, {"Yusuf", "Sara", false}} {
		got := compareNames(Person{First: c.first, Middle: "Jane", Last: "Rahman", PreviousFirst: c.previous}, record)
		if got.agreed.has(nameBit) != c.want {
			t.Errorf("%s, before %s: %+v", c.first, c.previous, got)
		}
	}
}
