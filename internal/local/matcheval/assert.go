package matcheval

import (
	"fmt"
	"slices"
)

// enoughToTell is how many lookups of a kind there must be before its share is held against the incumbent's.
const enoughToTell = 150

// Failures says what does not hold that must: no false match of ours, on any of the registers; no more people misled by
// the evidence than with the incumbent; no kind of error in which ours finds fewer than the incumbent; and well above it
// where a person would forgive, which is to say that the intervals do not overlap. Forgiving a slip in a National
// Insurance number must add no false match of either sort.
func (result *Result) Failures() []string {
	var failures []string
	ours, incumbent := &result.Columns[ColumnOurs], &result.Columns[ColumnIncumbent]
	if both := ours.Both(); both[Wrong] > 0 {
		failures = append(failures, fmt.Sprintf("ours made %d false matches", both[Wrong]))
	}
	all := slices.Concat(result.Trials, result.Further)
	for i, t := range all {
		if t.Ours[Wrong] > 0 {
			failures = append(failures, fmt.Sprintf("ours made %d false matches in %d lookups on register %d of %d, of %d people", t.Ours[Wrong], t.Ours.Lookups(), i+1, len(all), t.People))
		}
	}
	mine, theirs, written := ours.Both(), incumbent.Both(), result.Columns[ColumnWritten].Both()
	if mine[Misled] > theirs[Misled] {
		failures = append(failures, fmt.Sprintf("ours was misled %d times, the incumbent %d", mine[Misled], theirs[Misled]))
	}
	if mine[Wrong]+mine[Misled] > written[Wrong]+written[Misled] {
		failures = append(failures, fmt.Sprintf("forgiving a slip adds false matches: %d against %d", mine[Wrong]+mine[Misled], written[Wrong]+written[Misled]))
	}
	for _, kind := range errorKinds {
		mine, theirs := ours.Kinds[kind.name], incumbent.Kinds[kind.name]
		if mine == nil || mine.Lookups() < enoughToTell {
			continue
		}
		more := mine[Right] - theirs[Right]
		if more < 0 {
			failures = append(failures, fmt.Sprintf("%s: ours found %d of %d, the incumbent %d", kind.name, mine[Right], mine.Lookups(), theirs[Right]))
		}
		low, _ := wilson(mine[Right], mine.Lookups())
		_, high := wilson(theirs[Right], theirs.Lookups())
		if kind.forgivable && low <= high {
			failures = append(failures, fmt.Sprintf("%s: ours found %d of %d, the incumbent %d: not well above", kind.name, mine[Right], mine.Lookups(), theirs[Right]))
		}
	}
	return failures
}
