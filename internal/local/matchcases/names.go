package matchcases

import (
	"losttrn/internal/matching"
	"losttrn/internal/teacher"
)

// naming is a case that the name decides: date of birth and training provider agree, and the person is found if and
// only if the name agrees as well.
type naming struct {
	name     string
	given    Fields // names only
	recorded teacher.Name
	previous []teacher.Name
	agrees   bool
}

func names(first, last string) Fields { return Fields{FirstName: first, LastName: last} }

func recorded(first, last string) teacher.Name { return teacher.Name{First: first, Last: last} }

// cases returns a case for each naming, numbered from a first number.
func cases(from int, namings []naming) []Case {
	list := make([]Case, len(namings))
	for i, n := range namings {
		v := valuesOf(from + i)
		person := n.given
		person.Email, person.DateOfBirth, person.TrainingProvider = v.email, v.date, "Example Training"
		r := v.record(n.recorded)
		r.Providers = []teacher.Provider{{Name: "Example Training"}}
		r.PreviousNames = n.previous
		list[i] = Case{Name: n.name, Person: person, Records: []teacher.Record{r}, Want: matching.NotFound}
		if n.agrees {
			list[i].Want, list[i].TRN = matching.Found, v.trn
			list[i].Evidence = nameDateProvider
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
	{"one letter, the whole name being equal", names("R", "Marsh"), recorded("R", "Marsh"), nil, true},
	{"one letter, half of the last name being equal", names("R", "Marsh"), recorded("R", "Marsh-Brown"), nil, false},
	{"title", names("Mrs Sarah", "Webb"), recorded("Sarah", "Webb"), nil, true},
	{"title alone", names("Mrs", "Webb"), recorded("Sarah", "Webb"), nil, false},
	{"two people", names("Sarah & John", "Webb"), recorded("Sarah", "Webb"), nil, false},
	{"umlauts written out", names("Joerg", "Schaefer"), recorded("Jörg", "Schäfer"), nil, true},
	{"o with stroke written out", names("Soeren", "Moeller"), recorded("Søren", "Møller"), nil, true},
	{"Mc is Mac", names("Ewan", "Mc Donald"), recorded("Ewan", "MacDonald"), nil, true},
	{"O' left out", names("Sean", "Neill"), recorded("Sean", "O'Neill"), nil, true},
	{"St is Saint", names("Isla", "St. John"), recorded("Isla", "Saint John"), nil, true},
	{"St John is not John", names("Isla", "St John"), recorded("Isla", "John"), nil, false},
	{"Sara is Sarah", names("Sara", "Marsh"), recorded("Sarah", "Marsh"), nil, true},
	{"Ayesha is Aisha", names("Ayesha", "Begum"), recorded("Aisha", "Begum"), nil, true},
	{"brothers Jean-Pierre and Jean-Claude", names("Jean-Pierre", "Martin"), recorded("Jean-Claude", "Martin"), nil, false},
	{"brothers Mohammed Ali and Mohammed Hassan", names("Mohammed Ali", "Khan"), recorded("Mohammed Hassan", "Khan"), nil, false},
	{"Mohammed left out", names("Ali", "Khan"), recorded("Mohammed Ali", "Khan"), nil, true},
	{"a particle that is a whole name", names("Joan", "Lo"), recorded("Joan", "Lo-Smith"), nil, true},
	{"Jnr is Jr", names("John", "Green Jnr."), recorded("John", "Green Jr"), nil, true},
	{"junior is not senior", names("John", "Green Jr"), recorded("John", "Green Snr"), nil, false},
	{"one name, the other a full stop", names(".", "Suharto"), recorded("", "Suharto"), nil, true},
	{"one name twice", names("Suharto", "Suharto"), recorded("FNU", "Suharto"), nil, true},
	{"one name is not half of two", names("Ahmad", "Suharto"), recorded("", "Suharto"), nil, false},
	{"words otherwise divided", names("Nguyen Thi", "Mai"), teacher.Name{First: "Mai", Middle: "Thi", Last: "Nguyễn"}, nil, true},
	{"brackets", names("Sally (Sarah)", "Webb (née Jones)"), recorded("Sally", "Webb"), nil, true},
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
