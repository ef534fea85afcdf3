package matchcases

import (
	"slices"
	"strings"

	"losttrn/internal/matching"
	"losttrn/internal/teacher"
)

// Pick returns one of the numbers below n. A property test draws it.
type Pick func(n int) int

// Words of names in all forms that matching knows something about: short forms, spellings, first words that families share or
// that are often left out, titles' neighbours, particles, prefixes that are written apart or together, letters that are written
// out, endings for women and men, and names that are words of others joined.
var (
	firstWords = []string{"Sarah", "Sara", "Jane", "Robert", "Bob", "Bobby", "Elizabeth", "Liz", "Katherine", "Kate", "Anne", "Mary", "Maria",
		"Mohammed", "Muhammad", "Md", "Syed", "Ali", "Abdul", "Abdel", "Rahman", "Karim", "Thi", "Van", "Mai", "Siu", "Ming", "Peter", "Li", "José",
		"Jörg", "Zoë", "Søren", "Sarahjane", "Abdulrahman", "Annemarie", "Mei", "Ling", "Jo", "Ann", "Oscar", "Smith", "De", "Mac", "St", "明", "محمد", "علي"}
	lastWords = []string{"Smith", "Jones", "Webb", "O'Neill", "O’Brien", "Neill", "McDonald", "MacDonald", "Donald", "John", "Souza", "Silva", "Müller",
		"Mueller", "Østergård", "Kowalska", "Kowalski", "Ivanova", "Petrov", "Rahman", "Abdulrahman", "Nguyen", "Li", "Lo", "Ash", "Khan", "Kumar", "Jr",
		"Junior", "Sarah", "Jane", "Macaulay", "Saintsbury", "王", "Иванова", "Oli", "Berg", "Kaur"}
	lastParticles = []string{"de", "de la", "van der", "von", "al", "bin", "Mac", "Mc", "St", "Saint", "St.", "Abdul", "Abdel", "Abd", "ibn", "Li", "la", "O"}
	titles        = []string{"Dr", "Mrs", "Mr.", "Miss", "Sister", "Prof"}
	noNames       = []string{"", "-", "FNU", "LNU", "Unknown"}
	// forms are ways to write parts of names, each of which may stand for the others of its line.
	forms = [][]string{{"Sarah", "Sara", "Sally"}, {"Robert", "Bob", "Bobby", "Rob"}, {"Elizabeth", "Liz", "Elisabeth"}, {"Katherine", "Catherine", "Kate"},
		{"Mohammed", "Muhammad", "Md", "Mohamed"}, {"Mary", "Molly"}, {"Peter", "Pete"}, {"Ann", "Anne", "Annie"}, {"Mac", "Mc", "Mac ", "Mc "},
		{"Saint", "St", "Saint ", "St ", "St. "}, {"Abdul", "Abdel", "Abdur", "Abdal", "Abdul ", "Abd"}, {"Junior", "Jr", "Jnr", "Jr."},
		{"ü", "ue", "u"}, {"ö", "oe", "o"}, {"ø", "oe", "ö"}, {"å", "aa", "a"}, {"ë", "e"}, {"é", "e"}, {"O'", "O’", "", "O"}, {"O’", "", "O "},
		{"ska", "ski"}, {"ova", "ov"}, {"ова", "ов"}, {" ", "-", "", ". "}, {"-", " ", ""}}
)

func oneOf(pick Pick, texts []string) string { return texts[pick(len(texts))] }

// one reports true one time in n.
func one(pick Pick, n int) bool { return pick(n) == n-1 }

func wordsOf(pick Pick, most int, from []string) string {
	text := oneOf(pick, from)
	for range pick(most) {
		text += oneOf(pick, []string{" ", "-", " ", ""}) + oneOf(pick, from)
	}
	return text
}

// DrawName returns a name that may stand on a record, odd ones oftener than registers have them.
func DrawName(pick Pick) teacher.Name {
	n := teacher.Name{First: wordsOf(pick, 3, firstWords), Last: wordsOf(pick, 3, lastWords)}
	if one(pick, 3) {
		n.Middle = wordsOf(pick, 2, firstWords)
	}
	for range pick(3) {
		n.Last = oneOf(pick, lastParticles) + " " + n.Last
	}
	switch pick(12) {
	case 0, 1:
		n.First = oneOf(pick, []string{"A", "J.", "É"}) + " " + n.First
	case 2:
		n.First = oneOf(pick, titles) + " " + n.First
	case 3:
		n.First, n.Middle = "J", n.First
	case 4:
		n.Last = wordsOf(pick, 2, lastWords) + oneOf(pick, []string{" ", "-"}) + n.Last
	case 5:
		n.First, n.Last = oneOf(pick, noNames), n.First+" "+n.Last
	case 6:
		n.Last = oneOf(pick, []string{n.First, "", "LNU", "K"})
	case 7:
		n.Middle = "J"
	}
	return n
}

// DrawNames returns the names of a record, which had others before now and then.
func DrawNames(pick Pick) (name teacher.Name, previous []teacher.Name) {
	name = DrawName(pick)
	if one(pick, 4) {
		previous = []teacher.Name{DrawName(pick)}
	}
	return name, previous
}

// DrawSpelling returns a person who gives names of a record, written otherwise in some of the ways that matching forgives, so
// that most agree with it.
func DrawSpelling(pick Pick, name teacher.Name, previous []teacher.Name) matching.Person {
	given := name
	if len(previous) > 0 && one(pick, 3) {
		given = previous[0]
	}
	p := matching.Person{First: given.First, Middle: given.Middle, Last: given.Last}
	if one(pick, 4) {
		p.Middle = ""
	}
	for range pick(5) {
		respell(pick, &p)
	}
	switch pick(8) {
	case 0: // married, or other names before
		other := DrawName(pick)
		p.PreviousFirst, p.PreviousLast, p.Last = oneOf(pick, []string{"", p.First, other.First}), p.Last, other.Last
	case 1:
		p.PreviousLast = DrawName(pick).Last
	}
	return p
}

// respell changes one thing about a person's name.
func respell(pick Pick, p *matching.Person) {
	fields := []*string{&p.First, &p.First, &p.Last, &p.Last, &p.Middle}
	field := fields[pick(len(fields))]
	words := strings.Fields(strings.ReplaceAll(*field, "-", " "))
	switch pick(14) {
	case 0, 1, 2, 3:
		form := forms[pick(len(forms))]
		*field = strings.Replace(*field, oneOf(pick, form), oneOf(pick, form), 1+pick(2))
	case 4:
		*field = strings.Join(words, oneOf(pick, []string{"", "", "-", " "}))
	case 5:
		if letters := []rune(*field); len(letters) > 3 {
			at := 2 + pick(len(letters)-3)
			*field = string(letters[:at]) + " " + string(letters[at:])
		}
	case 6:
		*field = oneOf(pick, titles) + " " + *field
	case 7:
		p.First = oneOf(pick, []string{"J ", "A. ", "Mohammed ", "Peter ", "Van "}) + p.First
	case 8:
		if len(words) > 1 {
			at := pick(len(words))
			*field = strings.Join(slices.Delete(words, at, at+1), " ")
		}
	case 9:
		p.First, p.Last = p.Last, p.First
	case 10: // the same words otherwise divided
		all := strings.Fields(strings.ReplaceAll(p.First+" "+p.Middle+" "+p.Last, "-", " "))
		for range pick(3) {
			i, j := pick(len(all)+1), pick(len(all)+1)
			if i < len(all) && j < len(all) {
				all[i], all[j] = all[j], all[i]
			}
		}
		at := pick(len(all) + 1)
		p.First, p.Middle, p.Last = strings.Join(all[:at], " "), "", strings.Join(all[at:], " ")
	case 11:
		slices.Reverse(words)
		*field = strings.Join(words, " ")
	case 12:
		p.First, p.Middle = strings.TrimSpace(p.First+" "+p.Middle), ""
	case 13:
		*field = strings.ToUpper(*field)
	}
}
