package matching

import (
	"testing"

	"losttrn/internal/teacher"
)

func must[T any](t *testing.T, parse func(string) (T, error), s string) T {
	t.Helper()
	value, err := parse(s)
	if err != nil {
		t.Fatalf("%q: %v", s, err)
	}
	return value
}

func TestTRNAgrees(t *testing.T) {
	own, former, other := must(t, teacher.ParseTRN, "0000001"), must(t, teacher.ParseTRN, "0000002"), must(t, teacher.ParseTRN, "0000003")
	r := &teacher.Record{TRN: own, FormerTRNs: []teacher.TRN{former}}
	for _, c := range []struct {
		offered teacher.TRN
		want    likeness
	}{{own, agrees}, {former, agrees}, {other, silent}, {teacher.TRN{}, silent}} {
		if got := compareTRNs(c.offered, r); got != c.want {
			t.Errorf("%s: %v", c.offered.Digits(), got)
		}
	}
	if madeUp := must(t, teacher.ParseTRN, "9999999"); compareTRNs(madeUp, &teacher.Record{TRN: own, FormerTRNs: []teacher.TRN{madeUp}}) != silent {
		t.Error("a number that is made up agrees")
	}
	if compareTRNs(teacher.TRN{}, &teacher.Record{FormerTRNs: []teacher.TRN{{}}}) != silent {
		t.Error("a blank agrees with a blank")
	}
}

func TestCompareNINOs(t *testing.T) {
	for _, c := range []struct {
		given, recorded string
		want            likeness
	}{
		{"QQ123456C", "QQ123456C", agrees},
		{"QQ123456D", "QQ123456C", agrees}, // the suffix identifies nobody
		{"QQ123456", "QQ123456C", agrees},
		{"QQ123457C", "QQ123456C", near}, // the next
		{"QQ123450C", "QQ123456C", near}, {"QQ923456C", "QQ123456C", near}, {"QR123456C", "QQ123456C", near},
		{"QQ213456C", "QQ123456C", near}, {"QQ123465C", "QQ123456C", near}, {"JS123456C", "SJ123456C", near},
		{"QQ192456C", "QQ123456C", contradicts}, {"QQ139456C", "QQ123456C", contradicts}, {"QQ132465C", "QQ123456C", contradicts},
		{"QQ143256C", "QQ123456C", contradicts}, {"QQ993456C", "QQ123456C", contradicts}, {"QQ654321C", "QQ123456C", contradicts},
		{"JS123456C", "QQ123456C", contradicts}, {"JS654321C", "QQ123456C", contradicts},
		{"", "QQ123456C", silent}, {"QQ123456C", "", silent}, {"", "", silent},
		// made up by administrators
		{"TN010190F", "TN010190F", silent}, {"TN010190F", "QQ123456C", silent}, {"QQ123456M", "QQ123456M", silent},
		{"QQ123456C", "QQ123456M", silent}, {"AB123456C", "AB123456C", silent}, {"11A11111", "11A11111", silent},
	} {
		body := func(text string) string {
			if text == "" || text == "QR123456C" {
				return text[:min(8, len(text))] // a prefix that is not issued cannot be parsed
			}
			return must(t, teacher.ParseNINO, text).Body()
		}
		if got := compareNINOs(body(c.given), body(c.recorded)); got != c.want {
			t.Errorf("%s, %s: %v", c.given, c.recorded, got)
		}
	}
}

func TestCompareDates(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want likeness
	}{
		{"1980-02-03", "1980-02-03", agrees},
		{"1980-02-03", "1980-03-02", near},
		{"1980-02-03", "1980-02-13", near}, {"1980-02-03", "1980-12-03", near}, {"1980-02-03", "1985-02-03", near}, {"1980-02-03", "1990-02-03", near},
		{"1980-02-03", "1960-02-03", contradicts}, // a parent
		{"1980-02-03", "1981-03-02", contradicts}, {"1980-02-03", "1980-02-14", contradicts}, {"1980-02-09", "1980-02-10", contradicts},
	} {
		a, b := must(t, teacher.ParseDate, c.a), must(t, teacher.ParseDate, c.b)
		if compareDates(a, b) != c.want || compareDates(b, a) != c.want {
			t.Errorf("%s, %s: %v", c.a, c.b, compareDates(a, b))
		}
	}
	if none := (teacher.Date{}); compareDates(none, none) != silent || compareDates(must(t, teacher.ParseDate, "1980-02-03"), none) != silent {
		t.Error("a blank date is not silent")
	}
}

func TestDominant(t *testing.T) {
	one, two, three := must(t, teacher.ParseTRN, "0000001"), must(t, teacher.ParseTRN, "0000002"), must(t, teacher.ParseTRN, "0000003")
	most := nameBit | dateOfBirthBit | ninoBit | emailBit
	for _, c := range []struct {
		name       string
		candidates []candidate
		want       teacher.TRN
	}{
		{"none", nil, teacher.TRN{}},
		{"single", []candidate{{one, most}}, one},
		{"above", []candidate{{one, nameBit | dateOfBirthBit | ninoBit}, {two, most}}, two},
		{"above two", []candidate{{one, nameBit | dateOfBirthBit | ninoBit}, {two, most}, {three, nameBit | ninoBit | emailBit}}, two},
		{"equal", []candidate{{one, most}, {two, most}}, teacher.TRN{}},
		{"more, but not all", []candidate{{one, most}, {two, nameBit | dateOfBirthBit | trnBit}}, teacher.TRN{}},
		{"above one, equal to another", []candidate{{one, most}, {two, nameBit | dateOfBirthBit | ninoBit}, {three, most}}, teacher.TRN{}},
	} {
		got, ok := dominant(c.candidates)
		if ok != !c.want.IsZero() || got.trn != c.want {
			t.Errorf("%s: %s %v", c.name, got.trn.Digits(), ok)
		}
	}
}

func TestProviderAgrees(t *testing.T) {
	for _, c := range []struct {
		given    string
		recorded teacher.Provider
		want     bool
	}{
		{"10007001", teacher.Provider{UKPRN: "10007001"}, true},
		{"10007001", teacher.Provider{UKPRN: "10007002"}, false},
		{"10007001", teacher.Provider{Name: "10007001"}, false},
		{"10007001", teacher.Provider{UKPRN: "10007002", Name: "Ltd"}, false}, // two providers without a name
		{"University of Example", teacher.Provider{UKPRN: "10007001"}, false},
		{"University of Example", teacher.Provider{UKPRN: "10007001", Name: "The University of Example"}, true},
		{"Example (Holdings) Ltd", teacher.Provider{Name: "example holdings limited"}, true},
		{"Example, Inc.", teacher.Provider{Name: "Example"}, true},
		{"Prifysgol Enghraifft Cyf", teacher.Provider{Name: "Prifysgol Enghraifft"}, true},
		{"St Mary's", teacher.Provider{Name: "St. Marys"}, true},
		{"Hill & Dale", teacher.Provider{Name: "Hill and Dale"}, true},
		{"Hill&Dale", teacher.Provider{Name: "Hill & Dale"}, true},
		{"Skills@Work", teacher.Provider{Name: "Skills Work"}, true},
		{"Example® Training", teacher.Provider{Name: "Example Training"}, true},
		{"Zoë’s École", teacher.Provider{Name: "Zoes Ecole"}, true},
		{"School 21", teacher.Provider{Name: "School 22"}, false},
		{"Example Training", teacher.Provider{Name: "Example Draining"}, false},
		{"Adze", teacher.Provider{Name: "Adzé"}, true},
		{"University of York", teacher.Provider{Name: "York St John University"}, false},
		{"Ltd", teacher.Provider{Name: "Limited"}, false},
		{"", teacher.Provider{}, false},
		{"University of Example", teacher.Provider{}, false},
	} {
		m := newMatcher(Person{Provider: teacher.ParseProvider(c.given)})
		if got := m.providerAgrees(&teacher.Record{Providers: []teacher.Provider{c.recorded}}); got != c.want {
			t.Errorf("%q, %+v: %v", c.given, c.recorded, got)
		}
	}
}
