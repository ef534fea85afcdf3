package matchcases

import (
	"losttrn/internal/matching"
	"losttrn/internal/teacher"
)

// naming is a case in which everything hangs on the name: date of birth and National Insurance number agree too,
// and the person is found if, and only if, the name does as well.
type naming struct {
	name     string
	given    Fields // names only
	recorded teacher.Name
	previous []teacher.Name
	agrees   bool
}

func names(first, last string) Fields { return Fields{FirstName: first, LastName: last} }

func recorded(first, last string) teacher.Name { return teacher.Name{First: first, Last: last} }

// cases makes a case of each naming, numbered from a first number.
func cases(from int, namings []naming) []Case {
	list := make([]Case, len(namings))
	for i, n := range namings {
		v := valuesOf(from + i)
		person := n.given
		person.Email, person.DateOfBirth, person.NationalInsuranceNumber = v.email, v.date, v.nino
		r := v.record(n.recorded)
		r.PreviousNames = n.previous
		list[i] = Case{Name: n.name, Person: person, Records: []teacher.Record{r}, Want: matching.NotFound}
		if n.agrees {
			list[i].Want, list[i].TRN = matching.Found, v.trn
			list[i].Evidence = []matching.Evidence{matching.Name, matching.DateOfBirth, matching.NINO}
		}
	}
	return list
}

var complainedNames = []naming{
	{"accent left out", names("Jose", "Garcia"), recorded("José", "García"), nil, true},
	{"accent typed in", names("José", "García"), recorded("Jose", "Garcia"), nil, true},
	{"accent as a letter of its own", names("Jose\u0301", "Garcia"), recorded("Jos\u00e9", "Garcia"), nil, true},
	{"curly apostrophe typed", names("Sinead", "O’Connor"), recorded("Sinead", "O'Connor"), nil, true},
	{"curly apostrophe recorded", names("Sinead", "O'Connor"), recorded("Sinead", "O’Connor"), nil, true},
	{"apostrophe left out", names("Sinead", "OConnor"), recorded("Sinead", "O'Connor"), nil, true},
	{"space for a hyphen", names("Anna", "Smith Jones"), recorded("Anna", "Smith-Jones"), nil, true},
	{"hyphen for a space", names("Anna", "Smith-Jones"), recorded("Anna", "Smith Jones"), nil, true},
	{"strangers who share a de", names("Maria", "de Souza"), recorded("Maria", "de Silva"), nil, false},
	{"strangers who share de la", names("Maria", "de la Cruz"), recorded("Maria", "de la Rosa"), nil, false},
	{"Sarah Jane recorded as first and middle", names("Sarah Jane", "Webb"), teacher.Name{First: "Sarah", Middle: "Jane", Last: "Webb"}, nil, true},
	{"Sarah recorded as Sarah Jane", names("Sarah", "Webb"), recorded("Sarah Jane", "Webb"), nil, true},
	{"Sarah-Jane recorded as Sarah Jane", names("Sarah-Jane", "Webb"), recorded("Sarah Jane", "Webb"), nil, true},
}

var exampleNames = append(apostrophes(), []naming{
	{"sharp s", names("Anna", "Strasse"), recorded("Anna", "Straße"), nil, true},
	{"o with stroke", names("Soren", "Moller"), recorded("Søren", "Møller"), nil, true},
	{"l with stroke", names("Lukasz", "Walesa"), recorded("Łukasz", "Wałęsa"), nil, true},
	{"letter case", names("ANNA", "mcdonald"), recorded("Anna", "McDonald"), nil, true},
	{"non-breaking hyphen and runs of spaces", names("Anna  Maria", "Smith\u2011\u2013 Jones"), recorded("Anna Maria", "Smith-Jones"), nil, true},
	{"wide letters", names("Ａｎｎａ", "Smith"), recorded("Anna", "Smith"), nil, true},
	{"Cyrillic", names("АННА", "Иванова"), recorded("Анна", "иванова"), nil, true},
	{"Chinese, one character", names("明", "王"), recorded("明", "王"), nil, true},
	{"Devanagari vowel signs tell names apart", names("राम", "शर्मा"), recorded("रोमा", "शर्मा"), nil, false},
	{"Bob is Robert", names("Bob", "Marsh"), recorded("Robert", "Marsh"), nil, true},
	{"Robert is Bob", names("Robert", "Marsh"), recorded("Bob", "Marsh"), nil, true},
	{"Liz is Elizabeth", names("Liz", "Marsh"), recorded("Elizabeth", "Marsh"), nil, true},
	{"Kate is Catherine", names("Kate", "Marsh"), recorded("Catherine", "Marsh"), nil, true},
	{"Kate is Katherine", names("Kate", "Marsh"), recorded("Katherine", "Marsh"), nil, true},
	{"Catherine is Katherine", names("Catherine", "Marsh"), recorded("Katherine", "Marsh"), nil, true},
	{"Bob is not Rob", names("Bob", "Marsh"), recorded("Rob", "Marsh"), nil, false},
	{"Liz is not Beth", names("Liz", "Marsh"), recorded("Beth", "Marsh"), nil, false},
	{"Bill is not Rupert", names("Bill", "Marsh"), recorded("Rupert", "Marsh"), nil, false},
	{"initial for a first name", names("R", "Marsh"), recorded("Robert", "Marsh"), nil, false},
	{"initial with a full stop", names("R.", "Marsh"), recorded("Robert", "Marsh"), nil, false},
	{"initial for an initial", names("R", "Marsh"), recorded("R", "Marsh"), nil, false},
	{"Smith is Smith-Jones", names("Anna", "Smith"), recorded("Anna", "Smith-Jones"), nil, true},
	{"Smith-Jones is Jones", names("Anna", "Smith-Jones"), recorded("Anna", "Jones"), nil, true},
	{"Smith-Jones is not Smith-Brown", names("Anna", "Smith-Jones"), recorded("Anna", "Smith-Brown"), nil, false},
	{"Smith is not Smithson", names("Anna", "Smith"), recorded("Anna", "Smithson"), nil, false},
	{"particle left out", names("Jan", "Berg"), recorded("Jan", "van der Berg"), nil, true},
	{"van alone", names("Jan", "van"), recorded("Jan", "van Dijk"), nil, false},
	{"von shared", names("Jan", "von Braun"), recorded("Jan", "von Trapp"), nil, false},
	{"al shared", names("Omar", "al-Masri"), recorded("Omar", "al-Amin"), nil, false},
	{"bin shared", names("Omar", "bin Said"), recorded("Omar", "bin Tariq"), nil, false},
	{"record's previous last name", names("Anna", "Brown"), recorded("Anna", "Marsh"), []teacher.Name{recorded("Anna", "Brown")}, true},
	{"person's previous last name", Fields{FirstName: "Anna", LastName: "Marsh", PreviousLastName: "Brown"}, recorded("Anna", "Brown"), nil, true},
	{"person's previous first name with current last", Fields{FirstName: "Anna", LastName: "Marsh", PreviousFirstName: "Jean"}, recorded("Jean", "Marsh"), nil, true},
	{"both previous names of the person", Fields{FirstName: "Anna", LastName: "Marsh", PreviousFirstName: "Jean", PreviousLastName: "Brown"}, recorded("Jean", "Brown"), nil, true},
	{"previous on both sides", Fields{FirstName: "Anna", LastName: "Webb", PreviousLastName: "Brown"}, recorded("Anna", "Marsh"), []teacher.Name{recorded("Anna", "Brown")}, true},
	{"previous last name alone recorded", names("Anna", "Brown"), recorded("Anna", "Marsh"), []teacher.Name{{Last: "Brown"}}, true},
	{"names in the other order", names("Nguyen", "Linh"), recorded("Linh", "Nguyen"), nil, true},
	{"first name alone", names("Anna", "Marsh"), recorded("Anna", "Brown"), nil, false},
	{"last name alone", names("Anna", "Marsh"), recorded("Ellen", "Marsh"), nil, false},
	{"no first name recorded", names("Anna", "Marsh"), recorded("", "Marsh"), nil, false},
}...)

// apostrophes has one naming for each kind of apostrophe that people type.
func apostrophes() []naming {
	var list []naming
	for _, mark := range []string{"'", "’", "‘", "‛", "ʼ", "ʻ", "′", "`", "´", "＇"} {
		list = append(list, naming{"apostrophe " + mark, names("D"+mark+"Arcy", "O"+mark+"Neill"), recorded("Darcy", "O'Neill"), nil, true})
	}
	return list
}
