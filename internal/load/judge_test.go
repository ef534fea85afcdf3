package load

import (
	"slices"
	"testing"

	"losttrn/internal/attribute"

	"pgregory.net/rapid"
)

func TestTRNSet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		numbers := rapid.SliceOf(rapid.IntRange(0, 9_999_999)).Draw(t, "numbers")
		set := new(trnSet)
		for _, n := range numbers {
			set.add(n)
		}
		want := slices.Compact(slices.Sorted(slices.Values(numbers)))
		if got := slices.Collect(set.all); !slices.Equal(got, want) {
			t.Fatalf("%v, want %v", got, want)
		}
		other := rapid.IntRange(0, 9_999_999).Draw(t, "other")
		if set.has(other) != slices.Contains(want, other) {
			t.Fatalf("has(%d) is %v", other, set.has(other))
		}
	})
}

// However rows and unlocks follow one another: a record never goes back in time, an account that was unlocked is
// locked again only by a later lock, and a row loaded twice in a row changes nothing the second time.
func TestJudgeProperties(t *testing.T) {
	times := []string{"2013-01-01T00:00:00.000Z", "2014-01-01T00:00:00.000Z", "2015-01-01T00:00:00.000Z", "2016-01-01T00:00:00.000Z"}
	rapid.Check(t, func(t *rapid.T) {
		var stored attribute.Item
		for range rapid.IntRange(1, 12).Draw(t, "steps") {
			if stored != nil && attribute.Flag(stored, "locked") && rapid.IntRange(0, 3).Draw(t, "unlock") == 0 {
				stored["locked"] = attribute.Bool(false)
				stored["unlockedAt"] = attribute.String(rapid.SampledFrom(times).Draw(t, "unlockedAt"))
			}
			r := row{updatedAt: rapid.SampledFrom(times).Draw(t, "updatedAt"), lock: lock{hasAt: true}}
			r.lock.given = rapid.Bool().Draw(t, "given")
			r.lock.locked = r.lock.given && rapid.Bool().Draw(t, "locked")
			if rapid.Bool().Draw(t, "hasAt") {
				r.lock.at = rapid.SampledFrom(times).Draw(t, "lockedAt")
			}
			r.facts = []fact{{Name: "updatedAt", Value: attribute.String(r.updatedAt)},
				{Name: "lastName", Value: attribute.String(rapid.SampledFrom([]string{"A", "B"}).Draw(t, "name"))}}
			d := judge(&r, stored)
			before := stored
			if d.writes {
				stored = after(r.trn, before, d.set)
			}
			if attribute.Text(stored, "updatedAt") < attribute.Text(before, "updatedAt") {
				t.Fatalf("%v went back to %v", before, stored)
			}
			unlocked := attribute.Text(before, "unlockedAt")
			if unlocked != "" && !attribute.Flag(before, "locked") && attribute.Flag(stored, "locked") && r.lock.at <= unlocked {
				t.Fatalf("%v was locked again: %v", before, stored)
			}
			if attribute.Text(stored, "unlockedAt") != unlocked {
				t.Fatalf("%v lost its unlock: %v", before, stored)
			}
			if again := judge(&r, stored); again.writes || d.verdict != older && again.verdict != unchanged {
				t.Fatalf("again: %+v on %v", again, stored)
			}
		}
	})
}
