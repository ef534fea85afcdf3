package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"losttrn/internal/local/bench/floor"
	"losttrn/internal/message"
)

const (
	warmUp      = 20 // events before the time is taken
	warmRounds  = 1500
	batchRounds = 100
	perBatch    = 10
)

// warm measures lookups that find somebody, unlocks one by one and unlocks by the batch, each in one process that has
// handled some before, beside a process that makes the same AWS calls and does nothing else.
func warm(ctx context.Context, w *workbench) ([]Row, error) {
	var rows []Row
	for _, m := range []struct {
		name, function string
		rounds, each   int
	}{{"lookup: one that finds", "lookup", warmRounds, 1}, {"unlock: one", "unlock", warmRounds, 1}, {"unlock: a batch of ten, each of its own group", "unlock", batchRounds, perBatch}} {
		ours, bare, calls, err := w.beside(ctx, m.function, m.rounds, m.each)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", m.name, err)
		}
		per := float64(m.rounds * m.each)
		r := Row{Name: m.name, Ours: per / ours.Seconds(), Floor: per / bare.Seconds(), Ratio: ours.Seconds() / bare.Seconds(), Unit: "a second",
			How: "a process that makes the same calls: " + calls, Most: 1.15}
		rows = append(rows, r)
	}
	return rows, nil
}

// pair is a function's process and its floor's, ready.
type pair struct{ ours, bare *host }

// beside takes the times of so many events of a function and of its floor, in turn, and the calls that each event makes.
func (w *workbench) beside(ctx context.Context, function string, rounds, each int) (ours, bare time.Duration, calls string, err error) {
	like, calls, err := w.same(ctx, function)
	if err != nil {
		return 0, 0, "", err
	}
	var p pair
	for _, c := range []struct {
		binary string
		host   **host
	}{{function, &p.ours}, {bareFloor, &p.bare}} {
		if *c.host, err = start(ctx, w.binaries[c.binary], w.environment(function, nil)); err != nil {
			return 0, 0, "", err
		}
		defer (*c.host).close()
		if _, err := (*c.host).untilReady(); err != nil {
			return 0, 0, "", err
		}
	}
	for i := range warmUp + rounds {
		a, err := w.ours(p.ours, function, each)
		if err != nil {
			return 0, 0, "", err
		}
		b, err := w.bare(p.bare, function, each, like)
		if err != nil {
			return 0, 0, "", err
		}
		if i >= warmUp {
			ours, bare = ours+a, bare+b
		}
	}
	return ours, bare, calls, nil
}

// same checks that the floor makes the same calls as the function, reading as many entries, for priming and for one event
// of each, through the wire. The floor's events are to be like the one that it returns.
func (w *workbench) same(ctx context.Context, function string) (like floor.Event, calls string, err error) {
	x, err := w.watched()
	if err != nil {
		return like, "", err
	}
	primed, made := map[string]string{}, map[string]string{}
	for _, binary := range []string{function, bareFloor} {
		x.reset()
		h, err := start(ctx, w.binaries[binary], w.environment(function, x.environment))
		if err != nil {
			return like, "", err
		}
		defer h.close()
		if _, err := h.untilReady(); err != nil {
			return like, "", err
		}
		primed[binary] = x.String()
		x.reset()
		if binary == bareFloor {
			_, err = w.bare(h, function, 1, like)
		} else {
			_, err = w.ours(h, function, 1)
			like.Body, like.Tried = x.body, x.tried
		}
		if err != nil {
			return like, "", err
		}
		made[binary] = x.String()
	}
	if primed[function] != primed[bareFloor] {
		return like, "", fmt.Errorf("%s is primed by %s, and its floor by %s", function, primed[function], primed[bareFloor])
	}
	if made[function] != made[bareFloor] {
		return like, "", fmt.Errorf("%s calls %s, and its floor %s", function, made[function], made[bareFloor])
	}
	return like, made[function], nil
}

// ours sends the function an event for a number of people.
func (w *workbench) ours(h *host, function string, n int) (time.Duration, error) {
	people, err := w.several(n)
	if err != nil {
		return 0, err
	}
	if function == "lookup" {
		return h.timed(lookupEvent(people[0]), "trn_sent")
	}
	var bodies []string
	for _, p := range people {
		match, err := matchOf(p)
		if err != nil {
			return 0, err
		}
		if body := match.Body(); function == "unlock" {
			bodies = append(bodies, body)
		} else {
			bodies = append(bodies, message.Email{LookupID: match.LookupID, Kind: message.KindUnlocked, To: match.Email, Name: match.Name}.Body())
		}
	}
	event, err := messages(people, bodies)
	if err != nil {
		return 0, err
	}
	return h.timed(event, `{"batchItemFailures":`+"[]") // none failed
}

// bare sends the floor the same amount.
func (w *workbench) bare(h *host, function string, n int, like floor.Event) (time.Duration, error) {
	people, err := w.several(n)
	if err != nil {
		return 0, err
	}
	var events []floor.Event
	for _, p := range people {
		e := like
		e.Do, e.ID, e.TRN, e.Email, e.NINO, e.Born = function, lookupID(p), p.trn, p.email, p.nino[:8], p.born
		e.Counted = []string{"the address's, which all share", "email of " + p.trn}
		events = append(events, e)
	}
	event, err := json.Marshal(events)
	if err != nil {
		return 0, err
	}
	return h.timed(event, "200")
}

func (w *workbench) several(n int) (people []person, err error) {
	for range n {
		p, err := w.next()
		if err != nil {
			return nil, err
		}
		people = append(people, p)
	}
	return people, nil
}

func lookupID(p person) string { return "00000000-0000-4000-8000-00000" + p.trn }

// messages returns a batch of SQS with a message for each person, each of its own group.
func messages(people []person, bodies []string) ([]byte, error) {
	var records []map[string]any
	for i, p := range people {
		records = append(records, map[string]any{"messageId": lookupID(p), "receiptHandle": p.trn, "body": bodies[i], "eventSource": "aws:sqs",
			"eventSourceARN": "arn:aws:sqs:eu-west-2:123456789012:bench.fifo", "awsRegion": "eu-west-2",
			"attributes": map[string]string{"ApproximateReceiveCount": "1", "MessageGroupId": strings.Repeat("0", 57) + p.trn}})
	}
	return json.Marshal(map[string]any{"Records": records})
}
