package matching

import (
	"slices"
	"strings"
	"testing"

	"losttrn/internal/teacher"
)

// judgedNames returns the names of testdata/names.tsv, line by line: the one given, the one recorded, with an initial before
// it, and written otherwise.
func judgedNames(t *testing.T) [][]teacher.Name {
	t.Helper()
	var names [][]teacher.Name
	for _, line := range lines(t, "testdata/names.tsv") {
		f := strings.Split(line, "|")
		names = append(names, []teacher.Name{{First: f[0], Last: f[1]}, {First: f[2], Middle: f[3], Last: f[4]}, {First: "J", Middle: f[2], Last: f[4]},
			{First: f[2] + f[3], Last: f[4]}, {First: f[4], Last: f[2]}, {Last: f[2] + " " + f[4]}, {First: f[2], Middle: f[3], Last: f[5]}})
	}
	return names
}

func share(a, b []string) bool {
	return slices.ContainsFunc(a, func(key string) bool { return slices.Contains(b, key) })
}

// Whoever agrees by name with a record has a key of the whole name in common with it, and whoever agrees no further than by
// a first name one of first names: else the same person could be tried under other spellings without end.
func TestNamesThatAgreeShareKeys(t *testing.T) {
	names := judgedNames(t)
	agree := 0
	check := func(p Person, records []teacher.Name) {
		given, m := PersonKeys(p), newMatcher(p)
		for _, name := range records {
			r := teacher.Record{Name: name}
			var c comparison
			if m.compareName(&r, &c); c.agreed|c.near == 0 {
				continue
			}
			agree++
			if recorded := RecordKeys(&r); !share(given.First, recorded.First) || c.agreed != 0 && !share(given.Whole, recorded.Whole) {
				t.Errorf("%+v and %+v agree, and share no key:\n%+v\n%+v", p, name, given, recorded)
			}
		}
	}
	for i, line := range names {
		for j, name := range line {
			check(Person{First: name.First, Middle: name.Middle, Last: name.Last}, line)
			check(Person{First: "Other", Last: "Other", PreviousFirst: name.First, PreviousLast: name.Last}, line)
			if j > 0 {
				continue
			}
			for k, other := range names { // each name given with many recorded
				if k != i && k%3 == i%3 {
					check(Person{First: name.First, Last: name.Last}, other[1:3])
				}
			}
		}
	}
	if agree < 10000 {
		t.Errorf("no more than %d agree", agree)
	}
}
