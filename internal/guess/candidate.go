package guess

import (
	"cmp"
	"iter"
	"maps"
	"math/bits"
	"slices"

	"losttrn/internal/matching"
	"losttrn/internal/teacher"
)

// candidate is a record that would be found, in all its versions, with the values tried earlier that could be about it.
type candidate struct {
	versions []teacher.Record
	kinds    []matching.Evidence // that the person gave
	silences []silence
	closed   []silence        // of pairs that the request has no room for
	unread   map[Pair][]Entry // entries that are not known, of pairs that agree
}

// candidate returns a record with everything that was tried about it: under the request's own entries, and under those
// of other requests that agree with the record on the same pair of kinds.
func (t Tried) candidate(p matching.Person, own []Entry, versions []teacher.Record) candidate {
	keys := matching.PersonKeys(p)
	c := candidate{versions: versions, kinds: keys.Kinds(), unread: map[Pair][]Entry{}}
	room := map[Pair]bool{}
	for _, e := range own {
		room[e.Pair] = true
	}
	for _, pair := range pairsOf(keys, c.kinds) {
		if !room[pair[0].Pair] {
			c.closed = append(c.closed, silence{pair: pair[0].Pair})
		}
	}
	judged := slices.Clone(own)
	for i := range versions {
		for _, pair := range pairsOf(matching.RecordKeys(&versions[i]), agreeing(p, &versions[i])) {
			for _, e := range pair {
				if !room[e.Pair] || slices.Contains(judged, e) {
					continue
				}
				judged = append(judged, e)
				if !t.Known(e) {
					c.unread[e.Pair] = append(c.unread[e.Pair], e)
				}
			}
		}
	}
	c.silences = t.silences(judged)
	return c
}

// agreeing returns the kinds on which a person agrees with a record, the name also where only a part of it does. Where the
// record has another value of a kind than was given, nothing was tried beside it that could be about this record.
func agreeing(p matching.Person, r *teacher.Record) []matching.Evidence {
	agreed := matching.Explain(p, *r).Agreed
	var kinds []matching.Evidence
	for _, kind := range matching.AllEvidence {
		if slices.Contains(agreed, kind) || kind == matching.Name && p.First+p.Last != "" {
			kinds = append(kinds, kind)
		}
	}
	return kinds
}

// stillFound returns the decision on the record and whether it is found without the silent kinds and without any pair
// whose entries are not all known. Reading those entries could not change that it is found.
func (c *candidate) stillFound(p matching.Person) (matching.Decision, bool) {
	if len(c.unread) > 0 {
		none := slices.Concat(c.silences, c.closed)
		for pair := range c.unread {
			none = append(none, silence{pair: pair})
		}
		if d, ok := c.largest(p, none); !ok {
			return d, false
		}
	}
	// All kinds that agree and are not known to be silent are evidence.
	return c.largest(p, slices.Concat(c.silences, c.closed))
}

// largest returns the decision by the largest set of kinds without a silence that finds the record.
func (c *candidate) largest(p matching.Person, silences []silence) (matching.Decision, bool) {
	for left := range c.sets(silences) {
		if d := matching.Decide(p.Only(left), c.versions); d.Outcome == matching.Found {
			return d, true
		}
	}
	return matching.Decision{}, false
}

// wanted returns at most a number of entries to read, of each pair all or none. Those of the set of kinds that needs
// the fewest entries to find the record come first.
func (c *candidate) wanted(p matching.Person, most int) []Entry {
	var sets [][]Pair
	for left := range c.sets(slices.Concat(c.silences, c.closed)) {
		if matching.Decide(p.Only(left), c.versions).Outcome == matching.Found {
			sets = append(sets, c.unreadOf(left))
		}
	}
	cost := func(pairs []Pair) (n int) {
		for _, pair := range pairs {
			n += len(c.unread[pair])
		}
		return n
	}
	slices.SortStableFunc(sets, func(x, y []Pair) int { return cost(x) - cost(y) })
	var entries []Entry
	taken := map[Pair]bool{}
	for _, pairs := range sets {
		pairs = slices.DeleteFunc(pairs, func(pair Pair) bool { return taken[pair] })
		if len(entries)+cost(pairs) > most {
			continue
		}
		for _, pair := range pairs {
			taken[pair] = true
			entries = append(entries, c.unread[pair]...)
		}
	}
	return entries
}

// unreadOf returns the pairs among kinds that have entries which are not known.
func (c *candidate) unreadOf(kinds []matching.Evidence) []Pair {
	var pairs []Pair
	for _, pair := range slices.SortedFunc(maps.Keys(c.unread), comparePairs) {
		if (silence{pair: pair}).within(kinds) {
			pairs = append(pairs, pair)
		}
	}
	return pairs
}

func comparePairs(x, y Pair) int {
	return cmp.Or(cmp.Compare(x.A, y.A), cmp.Compare(x.B, y.B))
}

// sets returns the sets of the kinds given in which none is silent beside two others, the largest first.
func (c *candidate) sets(silences []silence) iter.Seq[[]matching.Evidence] {
	return func(yield func([]matching.Evidence) bool) {
		for size := len(c.kinds); size >= 2; size-- {
			for set := range uint(1) << len(c.kinds) {
				if bits.OnesCount(set) != size {
					continue
				}
				left := subset(c.kinds, set)
				if !slices.ContainsFunc(silences, func(s silence) bool { return s.within(left) }) && !yield(left) {
					return
				}
			}
		}
	}
}

// within reports whether the silenced kind, if it is one, and its pair are all in a set of kinds.
func (s silence) within(kinds []matching.Evidence) bool {
	return (s.kind == "" || slices.Contains(kinds, s.kind)) && slices.Contains(kinds, s.pair.A) && (s.pair.B == "" || slices.Contains(kinds, s.pair.B))
}

func subset(kinds []matching.Evidence, set uint) []matching.Evidence {
	var left []matching.Evidence
	for i, kind := range kinds {
		if set&(1<<i) != 0 {
			left = append(left, kind)
		}
	}
	return left
}
