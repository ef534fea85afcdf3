package sample

import (
	"math/bits"
	"math/rand/v2"
	"time"
)

// draws is a stream of random choices that never changes: PCG is specified bit by bit, and the conversion of its
// numbers into choices is written here, because a library's may change.
type draws struct{ source *rand.PCG }

// Each purpose has its own stream, so that a choice added to one leaves the others as they were.
const (
	streamFate uint64 = iota + 1
	streamPerson
	streamAccount
)

func newDraws(seed uint64, index int, stream uint64) draws {
	return draws{rand.NewPCG(seed, uint64(index)<<8|stream)}
}

// below returns a number from 0 to n-1.
func (d draws) below(n int) int {
	high, _ := bits.Mul64(d.source.Uint64(), uint64(n))
	return int(high)
}

// perMille returns true in n of 1,000 draws.
func (d draws) perMille(n int) bool { return d.below(1000) < n }

// of returns one of the choices, all equally likely.
func (d draws) of(choices []string) string { return choices[d.below(len(choices))] }

// ranked returns one of the choices, which are listed most frequent first: Zipf's law with an offset, which flattens
// the head as it is in lists of names. It draws in whole numbers, so that no machine's rounding changes it.
func (d draws) ranked(choices []string) string {
	const scale, offset = 1 << 20, 12
	total := 0
	for rank := range choices {
		total += scale / (rank + offset)
	}
	left := d.below(total)
	for rank, choice := range choices {
		if left -= scale / (rank + offset); left < 0 {
			return choice
		}
	}
	return choices[len(choices)-1]
}

// moment returns a second from the start of one day up to, not including, the start of another.
func (d draws) moment(from, until time.Time) time.Time {
	return from.Add(time.Duration(d.below(int(until.Sub(from)/time.Second))) * time.Second)
}

func day(year, month, day int) time.Time {
	return time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
}
