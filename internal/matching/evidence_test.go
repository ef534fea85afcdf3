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
		want    bool
	}{{own, true}, {former, true}, {other, false}, {teacher.TRN{}, false}} {
		if trnAgrees(c.offered, r) != c.want {
			t.Errorf("%s: not %v", c.offered.Digits(), c.want)
		}
	}
	if trnAgrees(teacher.TRN{}, &teacher.Record{FormerTRNs: []teacher.TRN{{}}}) {
		t.Error("a blank agrees with a blank")
	}
}

func TestNINO(t *testing.T) {
	a, b, temporary := must(t, teacher.ParseNINO, "QQ123456C"), must(t, teacher.ParseNINO, "QQ123457C"), must(t, teacher.ParseNINO, "TN010190F")
	var none teacher.NINO
	for _, c := range []struct {
		given, recorded  teacher.NINO
		agrees, outweigh bool
	}{
		{a, a, true, false}, {a, b, false, true}, {a, none, false, false}, {none, a, false, false}, {none, none, false, false},
		{temporary, temporary, false, false}, {temporary, a, false, true},
	} {
		if ninoAgrees(c.given, c.recorded) != c.agrees || ninoDiffers(c.given, c.recorded) != c.outweigh {
			t.Errorf("%s, %s", c.given.Normalised(), c.recorded.Normalised())
		}
	}
}

func TestNINOSlip(t *testing.T) {
	for _, c := range []struct {
		other string
		slip  bool
	}{
		{"QQ123456C", false}, // the same is no slip
		{"QQ123457C", false}, // the next
		{"QQ123455C", false}, // the one before
		{"QQ123450C", true}, {"QQ923456C", true}, {"QQ123356C", true}, {"QQ213456C", true}, {"QQ123465C", true},
		{"QQ123456D", false}, {"QQ143256C", false}, {"QQ993456C", false}, {"QQ654321C", false}, {"AB123456C", false},
	} {
		other := must(t, teacher.ParseNINO, c.other).Normalised()
		if ninoSlip("QQ123456C", other) != c.slip || ninoSlip(other, "QQ123456C") != c.slip {
			t.Errorf("%s: not %v", other, c.slip)
		}
	}
}

func TestOutweighed(t *testing.T) {
	for _, c := range []struct {
		agreed, against kinds
		want            bool
	}{
		{nameBit | dateOfBirthBit | providerBit, ninoBit, true},
		{nameBit | dateOfBirthBit | providerBit, 0, false},
		{nameBit | dateOfBirthBit | providerBit | emailBit, ninoBit, false},
		{nameBit | dateOfBirthBit | providerBit | trnBit, ninoBit, false},
		{nameBit | dateOfBirthBit | emailBit, ninoBit, false},
		{nameBit | emailBit | providerBit, ninoBit, false},
	} {
		if got := outweighed(c.agreed, c.against); got != c.want {
			t.Errorf("%v against %v: %v", c.agreed.list(), c.against.list(), got)
		}
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
		{"University of Example", teacher.Provider{UKPRN: "10007001"}, false},
		{"University of Example", teacher.Provider{UKPRN: "10007001", Name: "The University of Example"}, true},
		{"Example (Holdings) Ltd", teacher.Provider{Name: "example holdings limited"}, true},
		{"Example, Inc.", teacher.Provider{Name: "Example"}, true},
		{"Prifysgol Enghraifft Cyf", teacher.Provider{Name: "Prifysgol Enghraifft"}, true},
		{"St Mary's", teacher.Provider{Name: "St. Marys"}, true},
		{"Hill & Dale", teacher.Provider{Name: "Hill and Dale"}, true},
		{"Hill&Dale", teacher.Provider{Name: "Hill & Dale"}, true},
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
