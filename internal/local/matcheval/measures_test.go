package matcheval

import (
	"math"
	"testing"

	"losttrn/internal/matching"
	"losttrn/internal/teacher"
)

// The examples of Winkler's own paper.
func TestJaroWinkler(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want float64
	}{
		{"martha", "marhta", 0.961}, {"dixon", "dicksonx", 0.813}, {"dwayne", "duane", 0.840}, {"same", "same", 1}, {"abc", "xyz", 0}, {"", "abc", 0},
	} {
		if got := jaroWinkler(c.a, c.b); math.Abs(got-c.want) > 0.0006 {
			t.Errorf("%s, %s: %.3f, want %.3f", c.a, c.b, got, c.want)
		}
	}
}

func TestWilson(t *testing.T) {
	for _, c := range []struct {
		hits, n   int
		low, high float64
	}{{0, 10, 0, 0.2775}, {10, 10, 0.7225, 1}, {50, 100, 0.4038, 0.5962}, {0, 0, 0, 1}} {
		low, high := wilson(c.hits, c.n)
		if math.Abs(low-c.low) > 0.0001 || math.Abs(high-c.high) > 0.0001 {
			t.Errorf("%d of %d: %.4f–%.4f", c.hits, c.n, low, high)
		}
	}
}

func TestCompareText(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want level
	}{
		{"QQ123456", "QQ123456", exact}, {"QQ123456", "QQ123457", near}, {"QQ123456", "QQ132456", near},
		{"QQ123456", "QQ143256", differs}, {"1234567", "123456", differs},
	} {
		if got := compareText(c.a, c.b); got != c.want {
			t.Errorf("%s, %s: %v", c.a, c.b, got)
		}
	}
	if compareDates(date(1980, 2, 3), date(1980, 3, 2)) != near || compareDates(date(1980, 2, 3), date(1980, 2, 13)) != near || compareDates(date(1980, 2, 3), date(1981, 3, 2)) != differs {
		t.Error("dates")
	}
}

func TestRegister(t *testing.T) {
	g := NewRegister(20000, 3)
	var nino, email, renamed, cyrillic, arabic, merged, shared float64
	emails := map[teacher.EmailKey]int{}
	for i := range g.Records {
		r := &g.Records[i]
		if g.place(r.TRN) != i {
			t.Fatalf("record %d is not where its TRN says", i)
		}
		if !r.NINO.IsZero() {
			nino++
		}
		if !r.Email.IsZero() {
			email++
			if emails[r.Email]++; emails[r.Email] == 2 {
				shared++
			}
		}
		if len(r.PreviousNames) > 0 {
			renamed++
		}
		if r.Status == teacher.Merged {
			merged++
		}
		switch c := []rune(r.Name.Last)[0]; {
		case c >= 'А' && c <= 'я':
			cyrillic++
		case c >= 'ء' && c <= 'ي':
			arabic++
		}
	}
	n := float64(len(g.Records))
	for _, c := range []struct {
		name            string
		share, min, max float64
	}{
		{"with a National Insurance number", nino / n, 0.73, 0.77}, {"with an email", email / n, 0.37, 0.43}, {"with previous names", renamed / n, 0.17, 0.23},
		{"in Cyrillic", cyrillic / n, 0.005, 0.015}, {"in Arabic", arabic / n, 0.005, 0.015}, {"merged", merged / n, 0.002, 0.01}, {"shared mailboxes", shared / n, 0.001, 0.02},
	} {
		if c.share < c.min || c.share > c.max {
			t.Errorf("%s: %.4f", c.name, c.share)
		}
	}
}

func TestAnyThreeExact(t *testing.T) {
	r := teacher.Record{TRN: trn(1), Name: teacher.Name{First: "José", Last: "Smith"}, DateOfBirth: date(1980, 2, 3), NINO: nino("QQ000001A"), Status: teacher.Active}
	p := matching.Person{First: "josé", Last: "SMITH", DateOfBirth: r.DateOfBirth, NINO: r.NINO}
	if d := AnyThreeExact(&p, []teacher.Record{r}); d.Outcome != matching.Found || d.TRN != r.TRN {
		t.Errorf("%+v", d)
	}
	other := r
	other.TRN = trn(2)
	if d := AnyThreeExact(&p, []teacher.Record{r, other}); d.Outcome != matching.Several {
		t.Errorf("two records: %+v", d)
	}
	p.First = "Jose"
	if d := AnyThreeExact(&p, []teacher.Record{r}); d.Outcome != matching.NotFound {
		t.Errorf("no accent: %+v", d)
	}
}

func nino(text string) teacher.NINO { return must(teacher.ParseNINO(text)) }

// No two people have one first eight characters, and the prefixes are such as are given.
func TestNINOsAreOnePersons(t *testing.T) {
	seen, prefixes := map[string]teacher.TRN{}, map[string]bool{}
	g := NewRegister(20000, 3)
	for i := range g.Records {
		r := &g.Records[i]
		if r.NINO.IsZero() {
			continue
		}
		body := r.NINO.Body()
		if other, taken := seen[body]; taken && g.Owner[g.place(other)] != g.Owner[i] || body == "" || r.NINO.IsExample() {
			t.Errorf("%s: %q of %s as well", r.TRN.Digits(), body, other.Digits())
		}
		seen[body], prefixes[r.NINO.Normalised()[:2]] = r.TRN, true
	}
	if len(prefixes) < 200 {
		t.Errorf("%d prefixes", len(prefixes))
	}
}

func TestCapacity(t *testing.T) {
	records := make([]teacher.Record, 100)
	for i := range records {
		records[i] = teacher.Record{TRN: trn(i), Name: teacher.Name{First: "Robert", Last: "Smith"}, DateOfBirth: date(1980, 2, 3), Status: teacher.Active}
	}
	x := NewIndex(records)
	lookup := Lookup{Given: matching.Person{DateOfBirth: date(1980, 2, 3), NINO: nino("QQ000001A")}}
	c := x.MeanCapacity([]Lookup{lookup})
	pages := (100*itemSize(&records[0]) + 4095) / 4096
	if c.DateOfBirth != 0.5*float64(pages) || c.NINO != 0.5 || c.Email != 0 || c.TRN != 0 || c.Candidates != 100 {
		t.Errorf("%+v, %d pages", c, pages)
	}
}
