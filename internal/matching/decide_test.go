package matching

import (
	"reflect"
	"slices"
	"testing"

	"losttrn/internal/teacher"
)

// A record that was being changed while it was read comes in two versions. Only what agrees in both counts.
func TestDecideTwoVersionsOfARecord(t *testing.T) {
	p := Person{First: "Anna", Last: "Marsh", DateOfBirth: must(t, teacher.ParseDate, "1980-02-03"), NINO: must(t, teacher.ParseNINO, "QQ123456C"),
		Email: must(t, teacher.ParseEmail, "anna@example.com").Key()}
	whole := teacher.Record{TRN: must(t, teacher.ParseTRN, "0000001"), Name: teacher.Name{First: "Anna", Last: "Marsh"}, DateOfBirth: p.DateOfBirth,
		NINO: p.NINO, Email: p.Email, Status: teacher.Active}
	without := func(change func(r *teacher.Record)) teacher.Record {
		r := whole
		change(&r)
		return r
	}
	for _, c := range []struct {
		name  string
		other teacher.Record
		want  Outcome
		count int
	}{
		{"the same", whole, Found, 4},
		{"email gone", without(func(r *teacher.Record) { r.Email = teacher.EmailKey{} }), Found, 3},
		{"two kinds gone", without(func(r *teacher.Record) { r.Email, r.NINO = teacher.EmailKey{}, teacher.NINO{} }), NotFound, 0},
		{"merged since", without(func(r *teacher.Record) { r.Status = teacher.Merged }), NotFound, 0},
	} {
		for _, records := range [][]teacher.Record{{whole, c.other}, {c.other, whole}} {
			if d := Decide(p, records); d.Outcome != c.want || len(d.Evidence) != c.count {
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
