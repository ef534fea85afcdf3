package matching

import (
	"reflect"
	"slices"
	"testing"

	"losttrn/internal/teacher"
)

// A record that was being changed while it was read comes in two versions. Only what agrees in both counts, and what
// contradicts in one of them does.
func TestDecideTwoVersionsOfARecord(t *testing.T) {
	date, nino := must(t, teacher.ParseDate, "1980-02-03"), must(t, teacher.ParseNINO, "QQ123456C")
	email := must(t, teacher.ParseEmail, "anna@example.com").Key()
	provider := teacher.Provider{Name: "Example Training"}
	for _, c := range []struct {
		name   string
		change func(p *Person, one, other *teacher.Record)
		want   []Evidence // none if the record is not to be found
	}{
		{"the same", func(*Person, *teacher.Record, *teacher.Record) {}, []Evidence{Name, DateOfBirth, NINO, Email, Provider}},
		{"email gone", func(_ *Person, _, other *teacher.Record) { other.Email = teacher.EmailKey{} }, []Evidence{Name, DateOfBirth, NINO, Provider}},
		{"all but two kinds gone", func(_ *Person, _, other *teacher.Record) {
			other.NINO, other.Email, other.Providers = teacher.NINO{}, teacher.EmailKey{}, nil
		}, nil},
		{"merged since", func(_ *Person, _, other *teacher.Record) { other.Status = teacher.Merged }, nil},
		{"NINO corrected", func(p *Person, _, other *teacher.Record) {
			p.Email, p.Provider, other.NINO = teacher.EmailKey{}, teacher.Provider{}, must(t, teacher.ParseNINO, "QQ123457C")
		}, []Evidence{Name, DateOfBirth}},
		{"two slips in the NINO", func(p *Person, one, other *teacher.Record) {
			p.Email, p.Provider = teacher.EmailKey{}, teacher.Provider{}
			one.NINO, other.NINO = must(t, teacher.ParseNINO, "QQ123457C"), must(t, teacher.ParseNINO, "QQ123465C")
		}, []Evidence{Name, DateOfBirth}},
		{"another's NINO since", func(p *Person, _, other *teacher.Record) {
			p.Email, other.NINO = teacher.EmailKey{}, must(t, teacher.ParseNINO, "QQ654321C")
		}, nil},
		{"day and month put right", func(p *Person, _, other *teacher.Record) {
			p.Email, p.Provider, other.DateOfBirth = teacher.EmailKey{}, teacher.Provider{}, must(t, teacher.ParseDate, "1980-03-02")
		}, []Evidence{Name, NINO}},
		{"a slip in the last name put right", func(p *Person, _, other *teacher.Record) {
			p.NINO, p.Provider, other.Name.Last = teacher.NINO{}, teacher.Provider{}, "March"
		}, []Evidence{DateOfBirth, Email}},
		{"two slips in the last name", func(p *Person, one, other *teacher.Record) {
			p.NINO, p.Provider, one.Name.Last, other.Name.Last = teacher.NINO{}, teacher.Provider{}, "March", "Mash"
		}, []Evidence{DateOfBirth, Email}},
		{"married since", func(p *Person, _, other *teacher.Record) {
			p.NINO, p.Provider, other.Name.Last = teacher.NINO{}, teacher.Provider{}, "Hughes"
		}, nil},
		{"a slip in the last name, and married since", func(p *Person, one, other *teacher.Record) {
			p.NINO, p.Provider, one.Name.Last, other.Name.Last = teacher.NINO{}, teacher.Provider{}, "March", "Hughes"
		}, nil},
		{"another's name in both", func(p *Person, one, other *teacher.Record) {
			p.NINO, one.Name, other.Name = teacher.NINO{}, teacher.Name{First: "Bella", Last: "Webb"}, teacher.Name{First: "Carys", Last: "Webb"}
		}, []Evidence{DateOfBirth, Email, Provider}},
		{"another's name, a sister's since", func(p *Person, one, other *teacher.Record) {
			p.NINO, one.Name, other.Name = teacher.NINO{}, teacher.Name{First: "Bella", Last: "Webb"}, teacher.Name{First: "Bella", Last: "Marsh"}
		}, nil},
	} {
		p := Person{First: "Anna", Last: "Marsh", DateOfBirth: date, NINO: nino, Email: email, Provider: provider}
		one := teacher.Record{TRN: must(t, teacher.ParseTRN, "0000001"), Name: teacher.Name{First: "Anna", Last: "Marsh"}, DateOfBirth: date,
			NINO: nino, Email: email, Providers: []teacher.Provider{provider}, Status: teacher.Active}
		other := one
		c.change(&p, &one, &other)
		for _, records := range [][]teacher.Record{{one, other}, {other, one}} {
			if d := Decide(p, records); (d.Outcome == Found) != (c.want != nil) || !slices.Equal(d.Evidence, c.want) {
				t.Errorf("%s: %+v", c.name, d)
			}
		}
	}
}

func TestDecideNeedsATRNToSend(t *testing.T) {
	p := Person{First: "Anna", Last: "Marsh", DateOfBirth: must(t, teacher.ParseDate, "1980-02-03"), NINO: must(t, teacher.ParseNINO, "QQ123456C")}
	r := teacher.Record{Name: teacher.Name{First: "Anna", Last: "Marsh"}, DateOfBirth: p.DateOfBirth, NINO: p.NINO, Status: teacher.Active}
	if d := Decide(p, []teacher.Record{r}); d.Outcome != NotFound {
		t.Errorf("a record without TRN: %+v", d)
	}
}

// TestDecideWithoutARecordedName: a record without a name contradicts nobody's, so that a slip in the NINO forbids nothing.
func TestDecideWithoutARecordedName(t *testing.T) {
	r := teacher.Record{TRN: must(t, teacher.ParseTRN, "1234567"), DateOfBirth: must(t, teacher.ParseDate, "1980-02-03"),
		NINO: must(t, teacher.ParseNINO, "QQ123456C"), Email: must(t, teacher.ParseEmail, "anna@example.com").Key(), Status: teacher.Active}
	p := Person{First: "Anna", Last: "Marsh", DateOfBirth: r.DateOfBirth, NINO: must(t, teacher.ParseNINO, "QQ123457C"), Email: r.Email, TRN: r.TRN}
	if d := Decide(p, []teacher.Record{r}); d.Outcome != Found || !slices.Equal(d.Evidence, []Evidence{DateOfBirth, Email, TRN}) {
		t.Errorf("%+v", d)
	}
}

// TestDecideNamesEachOfSeveralOnce: a record that several keys lead to comes several times.
func TestDecideNamesEachOfSeveralOnce(t *testing.T) {
	p := Person{First: "Anna", Last: "Marsh", DateOfBirth: must(t, teacher.ParseDate, "1980-02-03"), NINO: must(t, teacher.ParseNINO, "QQ123456C")}
	one := teacher.Record{TRN: must(t, teacher.ParseTRN, "0000001"), Name: teacher.Name{First: "Anna", Last: "Marsh"}, DateOfBirth: p.DateOfBirth,
		NINO: p.NINO, Status: teacher.Active}
	two := one
	two.TRN = must(t, teacher.ParseTRN, "0000002")
	d := Decide(p, []teacher.Record{two, one, two, one})
	if d.Outcome != Several || !slices.Equal(d.Candidates, []teacher.TRN{one.TRN, two.TRN}) {
		t.Errorf("%+v", d)
	}
}

// TestSettle: of a birthday on which not all were read, the helpdesk decides, whoever was found among those that were.
func TestSettle(t *testing.T) {
	one, two := must(t, teacher.ParseTRN, "0000001"), must(t, teacher.ParseTRN, "0000002")
	for _, c := range []struct {
		decided Decision
		want    []teacher.TRN
	}{
		{Decision{Outcome: NotFound}, nil},
		{Decision{Outcome: Found, TRN: one, Evidence: AllEvidence[:]}, []teacher.TRN{one}},
		{Decision{Outcome: Several, Candidates: []teacher.TRN{one, two}}, []teacher.TRN{one, two}},
	} {
		if d := (Candidates{Crowded: true}).Settle(c.decided); !reflect.DeepEqual(d, Decision{Outcome: Crowded, Candidates: c.want}) {
			t.Errorf("%+v, crowded: %+v", c.decided, d)
		}
		if d := (Candidates{}).Settle(c.decided); !reflect.DeepEqual(d, c.decided) {
			t.Errorf("%+v, not crowded: %+v", c.decided, d)
		}
	}
}
