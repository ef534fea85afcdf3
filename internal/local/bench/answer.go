package bench

import (
	"context"
	"fmt"
	"time"

	"losttrn/internal/local/bench/floor"
)

// clients are the floors with the same clients as a function, primed with the same calls, by function: the names of their
// binaries.
var clients = map[string]string{"lookup": bareFloor, "unlock": bareFloor, "notify": "clients of notify", "receipts": "clients of receipts",
	"export": "clients of export and load", "load": "clients of export and load", "report": "clients of report"}

// bareFloor is the floor that also makes the calls of lookups and unlocks.
const bareFloor = "bare"

// floors are the packages of the floors, by the names of their binaries.
var floors = map[string]string{"empty": "empty", bareFloor: "bare", "clients of notify": "notify", "clients of receipts": "receipts",
	"clients of export and load": "objects", "clients of report": "report"}

// answerRounds is how often each process is started for its first answer; the middle of the times counts.
const answerRounds = 15

// coldAnswers measures each function from when it is spawned until it has answered its first event, beside an empty
// function and one with the same clients. Of these those of lookups and unlocks make the same calls; the others answer at once, so
// that what stands beside theirs is all that the event costs.
func coldAnswers(ctx context.Context, w *workbench) ([]Row, error) {
	others, err := w.others(ctx)
	if err != nil {
		return nil, err
	}
	like := map[string]floor.Event{}
	for _, function := range []string{"lookup", "unlock"} {
		if like[function], _, err = w.same(ctx, function); err != nil {
			return nil, err
		}
	}
	var rows []Row
	for _, o := range append(w.waitedFor(), others...) {
		times := map[string][]time.Duration{}
		for range answerRounds {
			for _, binary := range []string{o.function, clients[o.function], "empty"} {
				once := o.once
				switch binary {
				case bareFloor:
					once = func(h *host) (time.Duration, error) { return w.bare(h, o.function, 1, like[o.function]) }
				case clients[o.function], "empty":
					once = func(h *host) (time.Duration, error) { return h.timed([]byte("{}"), "200") }
				}
				took, err := w.coldAnswer(ctx, binary, o, once)
				if err != nil {
					return nil, fmt.Errorf("%s: %w", binary, err)
				}
				times[binary] = append(times[binary], took)
			}
		}
		how := "a function with the same clients, primed with the same calls, that answers at once"
		if clients[o.function] == bareFloor {
			how = "a function with the same clients, primed with the same calls, that makes the same calls"
		}
		ours := milliseconds(median(times[o.function]))
		rows = append(rows, row(o.name+": spawn to first answer", ours, milliseconds(median(times["empty"])), "ms", "an empty function", 0),
			row(o.name+": spawn to first answer, beside the same clients", ours, milliseconds(median(times[clients[o.function]])), "ms", how, 0))
	}
	return rows, nil
}

// coldAnswer returns the time from when a binary is spawned, in a function's environment, until its first answer, without what
// it takes here to make the event.
func (w *workbench) coldAnswer(ctx context.Context, binary string, o work, once func(*host) (time.Duration, error)) (time.Duration, error) {
	h, err := start(ctx, w.binaries[binary], w.environment(o.function, o.environment))
	if err != nil {
		return 0, err
	}
	defer h.close()
	ready, err := h.untilReady()
	if err != nil {
		return 0, err
	}
	answered, err := once(h)
	return ready + answered, err
}
