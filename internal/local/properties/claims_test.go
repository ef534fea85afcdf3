//go:build properties

package properties_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"losttrn/internal/attribute"
	"losttrn/internal/emailuse"
	"losttrn/internal/fault"
	"losttrn/internal/local"
	"losttrn/internal/local/localtest"
	"losttrn/internal/teacher"
)

// claims is the store of mailboxes over a client with room for many calls at once.
func claims(s *local.Servers) *emailuse.Store {
	db, _ := localtest.Clients(s, &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: writers}}, 3)
	return emailuse.NewStore(db, s.Tables["emails"])
}

func address(t *testing.T, text string) teacher.Email {
	t.Helper()
	e, err := teacher.ParseEmail(text)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func number(t *testing.T, n int) teacher.TRN {
	t.Helper()
	trn, err := teacher.ParseTRN(fmt.Sprintf("%07d", 2_000_000+n))
	if err != nil {
		t.Fatal(err)
	}
	return trn
}

// claim claims until others do not outrun it any more, as a message that comes again does.
func claim(ctx context.Context, s *emailuse.Store, e teacher.Email, trn teacher.TRN, at time.Time) ([]teacher.TRN, error) {
	for {
		found, err := s.Claim(ctx, e, trn, "lookup-"+trn.Digits(), at)
		if !errors.Is(err, fault.Unavailable) || ctx.Err() != nil {
			return found, err
		}
	}
}

const (
	writers = 64
	rounds  = 10
)

// TestOneIsFirst has 64 people found by one mailbox at the same instant, over and over: in every round one of them and no
// other is told that the mailbox found nobody else, it is the one on record, and all are recorded.
func TestOneIsFirst(t *testing.T) {
	s := localtest.Servers(t)
	store := claims(s)
	for round := range rounds {
		mailbox := address(t, fmt.Sprintf("first-%d@example.com", round))
		alone := make([]bool, writers)
		var begin, all sync.WaitGroup
		begin.Add(1)
		for n := range writers {
			all.Go(func() {
				begin.Wait()
				found, err := claim(t.Context(), store, mailbox, number(t, n), time.Now())
				if err != nil {
					t.Error(err)
				}
				alone[n] = len(found) == 1
			})
		}
		begin.Done()
		all.Wait()
		item := localtest.Item(t, s, "emails", mailbox.Key().Text())
		first := slices.Index(alone, true)
		if first < 0 || slices.Contains(alone[first+1:], true) {
			t.Fatalf("round %d: %v were told that they are alone", round, alone)
		}
		if got := attribute.Text(item, "firstTrn"); got != number(t, first).Digits() {
			t.Errorf("round %d: %s is on record as the first, and %s was told so", round, got, number(t, first).Digits())
		}
		if got := len(attribute.Nested(item, "trns")); got != writers {
			t.Errorf("round %d: %d are recorded", round, got)
		}
	}
}

// claimed is a claim of a history: of which mailbox, and by which number from 0 on.
type claimed struct{ mailbox, trn int }

// mailboxModel is a mailbox as a set of numbers, a bit each. A claim adds its own, and is told of all.
var mailboxModel = porcupine.Model{
	Partition: func(history []porcupine.Operation) [][]porcupine.Operation {
		byMailbox := map[int][]porcupine.Operation{}
		for _, o := range history {
			n := o.Input.(claimed).mailbox
			byMailbox[n] = append(byMailbox[n], o)
		}
		var parts [][]porcupine.Operation
		for _, part := range byMailbox {
			parts = append(parts, part)
		}
		return parts
	},
	Init: func() any { return uint64(0) },
	Step: func(state, input, output any) (bool, any) {
		next := state.(uint64) | 1<<input.(claimed).trn
		return output.(uint64) == next, next
	},
}

// TestClaimsAreLinearizable has several people claim a few mailboxes at once, again and again, and looks whether what each
// was told fits one order of all claims in which each takes effect between its begin and its end.
func TestClaimsAreLinearizable(t *testing.T) {
	const clients, each, trns = 8, 12, 10
	s := localtest.Servers(t)
	store := claims(s)
	for round := range 20 {
		var mu sync.Mutex
		var history []porcupine.Operation
		began := time.Now()
		var all sync.WaitGroup
		for client := range clients {
			random := rand.New(rand.NewPCG(uint64(round), uint64(client)))
			all.Go(func() {
				for range each {
					in := claimed{random.IntN(2), random.IntN(trns)}
					mailbox := address(t, fmt.Sprintf("round-%d-%d@example.com", round, in.mailbox))
					call := time.Since(began).Nanoseconds()
					found, err := claim(t.Context(), store, mailbox, number(t, in.trn), time.Now())
					back := time.Since(began).Nanoseconds()
					if err != nil {
						t.Error(err)
						return
					}
					told := uint64(0)
					for n := range trns {
						if slices.Contains(found, number(t, n)) {
							told |= 1 << n
						}
					}
					mu.Lock()
					history = append(history, porcupine.Operation{ClientId: client, Input: in, Call: call, Output: told, Return: back})
					mu.Unlock()
				}
			})
		}
		all.Wait()
		if len(history) != clients*each {
			t.Fatalf("%d claims were made", len(history))
		}
		if result, _ := porcupine.CheckOperationsVerbose(mailboxModel, history, time.Minute); result != porcupine.Ok {
			t.Fatalf("round %d is not linearizable (%s):\n%s", round, result, show(history))
		}
	}
}

func show(history []porcupine.Operation) string {
	var b strings.Builder
	for _, o := range history {
		fmt.Fprintf(&b, "%d–%d client %d claims %+v and is told %b\n", o.Call, o.Return, o.ClientId, o.Input, o.Output)
	}
	return b.String()
}
