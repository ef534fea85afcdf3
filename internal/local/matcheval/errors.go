package matcheval

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"losttrn/internal/matching"
	"losttrn/internal/teacher"
)

// errorKind is one way in which a person's details differ from the record.
type errorKind struct {
	name string
	// before says that the kind belongs to the earlier measurements, from before contradictions and slips counted.
	before bool
	// make changes details that are typed without error. It returns false if this person cannot make this error.
	make func(g *Register, r *teacher.Record, p *matching.Person) bool
}

// noError is the kind of lookups without an error.
const noError = "none"

var errorKinds = []errorKind{
	{noError, true, func(*Register, *teacher.Record, *matching.Person) bool { return true }},
	{"capitals and spaces", true, capitals},
	{"accents left out", true, accentsLeftOut},
	{"apostrophe otherwise", true, apostropheOtherwise},
	{"hyphen or space", true, hyphenOrSpace},
	{"half of a double name", true, halfName},
	{"married, register has old name", true, married},
	{"old name, register has both", true, oldName},
	{"short form of first name", true, shortForm},
	{"full name, register has short", true, fullName},
	{"first and last name swapped", true, swappedNames},
	{"middle name with the first", true, middleWithFirst},
	{"second first name left out", true, secondFirstLeftOut},
	{"provider written otherwise", true, providerOtherwise},
	{"former TRN offered", true, formerTRN},
	{"first name spelt otherwise", true, firstSpeltOtherwise},
	{"last name spelt otherwise", true, lastSpeltOtherwise},
	{"name mistyped", true, nameMistyped},
	{"letters of a name swapped", true, lettersSwapped},
	{"NINO mistyped", true, ninoMistyped},
	{"day and month swapped", true, dayAndMonth},
	{"date of birth mistyped", true, dateMistyped},
	{"other email", true, otherEmail},
	{"wrong provider", true, wrongProvider},
	{"two of these at once", true, nil}, // set by init, because it draws from this list
	{"NINO: suffix left out", false, ninoWith(suffixLeftOut)},
	{"NINO: suffix wrong", false, ninoWith(suffixWrong)},
	{"NINO: prefix letter wrong", false, ninoWith(prefixWrong)},
	{"NINO: one digit wrong", false, ninoWith(digitWrong)},
	{"NINO: last digit one off", false, ninoWith(lastDigitOneOff)},
	{"NINO: neighbours swapped", false, ninoWith(neighboursSwapped)},
	{"NINO: two digits wrong", false, ninoWith(twoDigitsWrong)},
	{"NINO: another's on the register", false, ninoOfAnother},
	{"NINO: register has another", false, registerHasAnotherNINO},
	{"birth: one digit wrong", false, dateDigit},
	{"birth: year off", false, yearOff},
	{"married without telling", false, marriedWithoutTelling},
	{"goes by a middle name", false, byMiddleName},
	{"another first name altogether", false, anotherFirstName},
	{"last name: one letter wrong", false, lastNameLetter},
	{"title before the name", false, titled},
	{"umlauts written out", false, umlautsWrittenOut},
	{"words otherwise divided", false, wordsOtherwise},
}

// twoAtOnce is the kind of lookups with two of the earlier errors at once.
const twoAtOnce = "two of these at once"

func init() {
	for i := range errorKinds {
		if errorKinds[i].name == twoAtOnce {
			errorKinds[i].make = twoErrors
		}
	}
}

func twoErrors(g *Register, r *teacher.Record, p *matching.Person) bool {
	kinds := errorKinds[1:slices.IndexFunc(errorKinds, func(k errorKind) bool { return k.name == twoAtOnce })]
	one, two := g.rng.IntN(len(kinds)), g.rng.IntN(len(kinds))
	return one != two && kinds[one].make(g, r, p) && kinds[two].make(g, r, p)
}

func capitals(g *Register, _ *teacher.Record, p *matching.Person) bool {
	p.First, p.Last = " "+strings.ToUpper(p.First), strings.ToUpper(p.Last)+"  "
	if g.rng.IntN(2) == 0 {
		p.First, p.Last = strings.ToLower(p.First), strings.ReplaceAll(strings.ToLower(p.Last), " ", "  ")
	}
	return true
}

func accentsLeftOut(_ *Register, _ *teacher.Record, p *matching.Person) bool {
	first, last := plain(p.First), plain(p.Last)
	changed := first != p.First || last != p.Last
	p.First, p.Last = first, last
	return changed
}

// plain returns a name as it is typed on an English keyboard.
func plain(name string) string {
	if !mostlyLatin(name) {
		return name
	}
	name = strings.NewReplacer("ł", "l", "Ł", "L", "ø", "o", "Ø", "O", "ß", "ss", "ı", "i", "đ", "d", "Đ", "D", "æ", "ae", "Æ", "Ae").Replace(name)
	return norm.NFC.String(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(name)))
}

func apostropheOtherwise(g *Register, _ *teacher.Record, p *matching.Person) bool {
	if !strings.Contains(p.Last, "'") {
		return false
	}
	p.Last = strings.ReplaceAll(p.Last, "'", []string{"’", "‘", "`", "", "ʼ"}[g.rng.IntN(5)])
	return true
}

func hyphenOrSpace(_ *Register, _ *teacher.Record, p *matching.Person) bool {
	change := func(name string) string {
		if strings.Contains(name, "-") {
			return strings.ReplaceAll(name, "-", " ")
		}
		return strings.ReplaceAll(name, " ", "-")
	}
	first, last := change(p.First), change(p.Last)
	changed := first != p.First || last != p.Last
	p.First, p.Last = first, last
	return changed
}

func halfName(g *Register, _ *teacher.Record, p *matching.Person) bool {
	one, two, both := strings.Cut(p.Last, "-")
	p.Last = []string{one, two}[g.rng.IntN(2)]
	return both
}

func married(g *Register, r *teacher.Record, p *matching.Person) bool {
	if len(r.PreviousNames) > 0 || p.PreviousLast != "" {
		return false
	}
	p.PreviousLast, p.Last = p.Last, drawGroup(g.rng).lasts.draw(g.rng)
	return true
}

func oldName(_ *Register, r *teacher.Record, p *matching.Person) bool {
	if len(r.PreviousNames) == 0 {
		return false
	}
	p.First, p.Last, p.PreviousLast = r.PreviousNames[0].First, r.PreviousNames[0].Last, ""
	return true
}

func shortForm(g *Register, _ *teacher.Record, p *matching.Person) bool {
	forms := shortFormsOf()[p.First]
	if len(forms) == 0 {
		return false
	}
	p.First = forms[g.rng.IntN(len(forms))]
	return true
}

func fullName(_ *Register, _ *teacher.Record, p *matching.Person) bool {
	for _, full := range []string{"Katherine", "Catherine", "Alexander", "Abigail", "Frederick"} {
		for _, short := range shortFormsOf()[full] {
			if short == p.First {
				p.First = full
				return true
			}
		}
	}
	return false
}

func swappedNames(_ *Register, _ *teacher.Record, p *matching.Person) bool {
	p.First, p.Last = p.Last, p.First
	return true
}

func middleWithFirst(_ *Register, r *teacher.Record, p *matching.Person) bool {
	if r.Name.Middle == "" || p.First != r.Name.First {
		return false
	}
	p.First, p.Middle = p.First+" "+r.Name.Middle, ""
	return true
}

func secondFirstLeftOut(_ *Register, _ *teacher.Record, p *matching.Person) bool {
	first, _, more := strings.Cut(p.First, " ")
	p.First = first
	return more
}

func providerOtherwise(g *Register, _ *teacher.Record, p *matching.Person) bool {
	name := p.Provider.Name
	if name == "" {
		return false
	}
	switch {
	case strings.Contains(name, "&"):
		name = strings.ReplaceAll(name, "&", "and")
	case strings.HasSuffix(name, " Ltd"):
		name = strings.TrimSuffix(name, "Ltd") + "Limited"
	case strings.HasPrefix(name, "The "):
		name = strings.TrimPrefix(name, "The ")
	case strings.Contains(name, "'"):
		name = strings.ReplaceAll(name, "'", "’")
	default:
		name = "The " + name + []string{"", " Ltd", "."}[g.rng.IntN(3)]
	}
	p.Provider.Name = name
	return true
}

func formerTRN(_ *Register, r *teacher.Record, p *matching.Person) bool {
	if len(r.FormerTRNs) == 0 {
		return false
	}
	p.TRN = r.FormerTRNs[0]
	return true
}

func otherEmail(g *Register, r *teacher.Record, p *matching.Person) bool {
	p.Email = g.ownEmail(r.Name)
	return p.Email != r.Email
}

func wrongProvider(g *Register, r *teacher.Record, p *matching.Person) bool {
	p.Provider = teacher.Provider{Name: g.drawProvider()[0].Name}
	return len(r.Providers) == 0 || r.Providers[0].Name != p.Provider.Name
}
