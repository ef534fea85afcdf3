package load

import (
	"context"
	"fmt"
	"strconv"
	"sync"

	"losttrn/internal/attribute"
	"losttrn/internal/register"
	"losttrn/internal/teacher"

	"golang.org/x/sync/errgroup"
)

// trnSet is a set of TRNs: a bit for each of the ten million there can be, 1.25 MB, however many it holds. It is safe
// for concurrent use; the zero trnSet is empty and takes no room until something is added.
type trnSet struct {
	mu    sync.Mutex
	words []uint64
	count int
}

const trnWords = 10_000_000/64 + 1

// add adds a TRN and reports whether it is new.
func (s *trnSet) add(number int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.words == nil {
		s.words = make([]uint64, trnWords)
	}
	bit := uint64(1) << (number % 64)
	if s.words[number/64]&bit != 0 {
		return false
	}
	s.words[number/64] |= bit
	s.count++
	return true
}

func (s *trnSet) has(number int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.words != nil && s.words[number/64]&(1<<(number%64)) != 0
}

func (s *trnSet) len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.count
}

// all yields the members in order. Nothing may be added meanwhile.
func (s *trnSet) all(yield func(int) bool) {
	for i, word := range s.words {
		for bit := 0; word != 0; bit++ {
			if word&1 != 0 && !yield(i*64+bit) {
				return
			}
			word >>= 1
		}
	}
}

// trnNumber returns a TRN as a number below ten million.
func trnNumber(trn teacher.TRN) int {
	n, err := strconv.Atoi(trn.Digits())
	if err != nil {
		panic("TRN of other than digits") // impossible: a TRN is seven digits
	}
	return n
}

func trnDigits(number int) string { return fmt.Sprintf("%07d", number) }

// batches calls do concurrently with the TRNs of a set, as many at a time as one call reads.
func (l *loader) batches(ctx context.Context, set *trnSet, do func(context.Context, []teacher.TRN) error) error {
	work, ctx := errgroup.WithContext(ctx)
	work.SetLimit(l.Workers)
	var batch []teacher.TRN
	send := func() {
		trns := batch
		batch = nil
		work.Go(func() error {
			defer l.tally.report()
			return do(ctx, trns)
		})
	}
	for number := range set.all {
		trn, err := teacher.ParseTRN(trnDigits(number))
		if err != nil {
			return fmt.Errorf("a TRN of the load: %w", err) // impossible: the set holds TRNs
		}
		if batch = append(batch, trn); len(batch) == register.MaxRead {
			send()
		}
		if ctx.Err() != nil {
			break
		}
	}
	if len(batch) > 0 {
		send()
	}
	return work.Wait()
}

// eachOf decides about each record of a set, and counts what was decided.
func (l *loader) eachOf(ctx context.Context, set *trnSet, decide func(teacher.TRN, attribute.Item) decision, count func(decision)) error {
	return l.batches(ctx, set, func(ctx context.Context, trns []teacher.TRN) error {
		return l.each(ctx, trns,
			func(i int, stored attribute.Item) decision { return decide(trns[i], stored) },
			func(_ int, d decision, _ attribute.Item) error { count(d); return nil })
	})
}
