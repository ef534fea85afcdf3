package suggest_test

import (
	"strings"
	"testing"

	"losttrn/internal/web/suggest"
)

func TestEmail(t *testing.T) {
	for typed, want := range map[string]string{
		"ann@gmial.com":           "ann@gmail.com",
		"ann@gmai.com":            "ann@gmail.com",
		"ann@gmaill.com":          "ann@gmail.com",
		"ann@gnail.com":           "ann@gmail.com",
		"ann@GMAIL.CON":           "ann@gmail.com",
		"Ann.O'Neill@gmial.con":   "Ann.O'Neill@gmail.com",
		"ann@gmail.co":            "ann@gmail.com",
		"ann@gmail.cm":            "ann@gmail.com",
		"ann@hotmial.co.uk":       "ann@hotmail.co.uk",
		"ann@hotmail.co.ku":       "ann@hotmail.co.uk",
		"ann@yahooo.co.uk":        "ann@yahoo.co.uk",
		"ann@outlok.com":          "ann@outlook.com",
		"ann@iclod.com":           "ann@icloud.com",
		"ann@btinternet.con":      "ann@btinternet.com",
		"ann@school.example.con":  "ann@school.example.com",
		"ann@example.couk":        "ann@example.co.uk",
		"ann@sussex.ac.ku":        "ann@sussex.ac.uk",
		"ann@gmail.com":           "",
		"ann@googlemail.com":      "",
		"ann@ymail.com":           "",
		"ann@mail.com":            "",
		"ann@email.com":           "",
		"ann@hotmail.com":         "",
		"ann@hotmail.co.uk":       "",
		"ann@live.co.uk":          "",
		"ann@yahoo.ca":            "",
		"ann@example.com":         "",
		"ann@sussex.ac.uk":        "",
		"ann@school.lancs.sch.uk": "",
		"ann@con":                 "",
		"@gmial.com":              "",
		"ann":                     "",
		"":                        "",
		"ann@gmial.com@gmail.com": "",
		"ann@skу.com":             "", // a Cyrillic letter: no slip of the keyboard, and no short name is guessed
	} {
		got, ok := suggest.Email(typed)
		if got != want || ok != (want != "") {
			t.Errorf("%s: %q, want %q", typed, got, want)
		}
		if again, ok := suggest.Email(got); ok {
			t.Errorf("%s: the suggestion %s gets the suggestion %s", typed, got, again)
		}
	}
}

func TestProvider(t *testing.T) {
	register := suggest.NewProviders([]string{"University of Sussex", "University of Bath", "Bath Spa University", "University of West London",
		"The Open University", "Liverpool Hope University", "University of Liverpool", "College of St Mark and St John, Plymouth",
		"St Mary's University, Twickenham", "King's College London", "Goldsmiths, University of London", "University of London",
		"Leeds Trinity University", "University of Leeds", "Leeds College of Art", "Homerton College, Cambridge", "Kent College", "University of Kent"})
	for typed, want := range map[string]string{
		"uni of sussex":                   "University of Sussex",
		"Sussex University":               "University of Sussex",
		"The University of Sussex":        "University of Sussex",
		"university of sussex, brighton":  "University of Sussex",
		"open university":                 "The Open University",
		"Open Uni":                        "The Open University",
		"St Marys University":             "St Mary's University, Twickenham",
		"st. mary’s university":           "St Mary's University, Twickenham",
		"Kings College, London":           "", // compared as one name already
		"St Mark and St John":             "College of St Mark and St John, Plymouth",
		"Homerton College":                "Homerton College, Cambridge",
		"bath university":                 "University of Bath",
		"Univ of Bath":                    "University of Bath",
		"University of Sussex":            "", // a name already
		"UNIVERSITY OF SUSSEX":            "",
		"Bath":                            "", // of two
		"London University":               "University of London",
		"university":                      "",
		"the college of":                  "",
		"Leeds":                           "",
		"Sussex":                          "", // not equal but for those words
		"University of Susex":             "", // a misspelling is not guessed
		"":                                "",
		"10007806":                        "",
		"Kent":                            "",
		strings.Repeat("University ", 20): "",
	} {
		got, ok := register.Meant(typed)
		if got != want || ok != (want != "") {
			t.Errorf("%q: %q, want %q", typed, got, want)
		}
	}
	if _, ok := (*suggest.Providers)(nil).Meant("anything"); ok {
		t.Error("a suggestion out of nothing")
	}
}
