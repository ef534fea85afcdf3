package matching

import (
	"reflect"
	"testing"

	"losttrn/internal/teacher"
)

// An explanation names every kind that agrees, nearly does and contradicts, and every rule that finds or forbids.
func TestExplain(t *testing.T) {
	whole, record := everything(t)
	for _, c := range []struct {
		name   string
		change func(p *Person, r *teacher.Record)
		want   Explanation
	}{
		{"all agrees", func(*Person, *teacher.Record) {}, Explanation{Agreed: AllEvidence[:], Candidate: true,
			Found: []string{"any three kinds", "a slip in the NINO", "married, the old name not told", "a slip in the date of birth", "a slip in the last name"}}},
		{"deactivated", func(p *Person, r *teacher.Record) {
			*p, r.Status = p.Only([]Evidence{Email, TRN, Provider}), teacher.Deactivated
		}, Explanation{Agreed: []Evidence{Email, TRN, Provider}, Found: []string{"any three kinds"}, Inactive: true}},
		{"all is near that can be", func(p *Person, _ *teacher.Record) {
			*p = p.Only([]Evidence{Name, DateOfBirth, NINO})
			p.Last, p.PreviousLast = "Hughes", ""
			p.DateOfBirth, p.NINO = must(t, teacher.ParseDate, "1980-01-02"), must(t, teacher.ParseNINO, "QQ123457C")
		}, Explanation{Near: []Evidence{Name, DateOfBirth, NINO}}},
		{"a sister, all of whose evidence is her own", func(p *Person, _ *teacher.Record) {
			*p = p.Only([]Evidence{Name, DateOfBirth, NINO, Email})
			p.First, p.PreviousFirst, p.DateOfBirth, p.NINO = "Bella", "", must(t, teacher.ParseDate, "1985-07-09"), must(t, teacher.ParseNINO, "QQ654321C")
		}, Explanation{Agreed: []Evidence{Email}, Against: []Evidence{Name, DateOfBirth, NINO},
			Never: []string{"another's NINO", "a twin's name", "another's birthday"}}},
	} {
		p, r := whole, record
		c.change(&p, &r)
		c.want.TRN = r.TRN
		if got := Explain(p, r); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
		explained := 0
		ExplainEach(p, []teacher.Record{r, r}, func(got Explanation) {
			explained++
			if !reflect.DeepEqual(got, c.want) {
				t.Errorf("%s, of several: %+v, want %+v", c.name, got, c.want)
			}
		})
		if explained != 2 {
			t.Errorf("%s: %d of 2 records explained", c.name, explained)
		}
	}
}
