package queue

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/aws/aws-lambda-go/events"
)

const (
	// groupsAtOnce bounds the groups of a batch that are worked on at the same time: as many as a FIFO batch can hold.
	groupsAtOnce = 10
	// panicLimit is the receive count from which on a record that panics is set aside. A panic may come from a
	// passing state of things, so the first are retried; the same input will most likely panic again, and its
	// group must not wait for it for a day. Receives spent waiting behind another record of the group count too,
	// so a record may be set aside at its first panic: it is a dead letter then, not lost.
	panicLimit = 5
	// reserve is the share of the time left at the start, one part in so many, that is kept for answering: in it
	// no record is begun, and in its second half none is worked on.
	reserve = 10
)

// Process does the work of one record. fault.Invalid says that it can never succeed. It must be safe for
// concurrent use and for repetition.
type Process func(ctx context.Context, record events.SQSMessage) error

// DeadLetterSender sets a message aside for good, with a reason code. *DeadLetters is one.
type DeadLetterSender interface {
	SetAside(ctx context.Context, record events.SQSMessage, reason string) error
}

// Batch handles the batches of a FIFO queue for a Lambda function that reports partial failures
// (ReportBatchItemFailures). It is safe for concurrent use.
type Batch struct {
	process     Process
	deadLetters DeadLetterSender
	log         *slog.Logger
}

// NewBatch makes a handler that gives each record to process, and what can never succeed to deadLetters.
func NewBatch(process Process, deadLetters DeadLetterSender, log *slog.Logger) *Batch {
	return &Batch{process, deadLetters, log}
}

// Handle works on the groups of a batch side by side, and on each group in order. It stops a group at its first
// record to retry, or when the deadline of ctx nears, and answers with that record and the rest of its group;
// everything else was handled, or set aside. It fails only if a record to retry has no message id to name it by,
// so that the whole batch comes back rather than that record being lost.
func (b *Batch) Handle(ctx context.Context, event events.SQSEvent) (events.SQSEventResponse, error) {
	work := newPeriod(ctx)
	defer work.end()

	// What is not known to be handled is retried, however its goroutine ended.
	handled := make([]bool, len(event.Records))
	var groups sync.WaitGroup
	slots := make(chan struct{}, groupsAtOnce)
	for _, indexes := range byGroup(event.Records) {
		slots <- struct{}{}
		groups.Go(func() {
			defer func() { <-slots }()
			for n, i := range indexes {
				if work.over() {
					b.put(ctx, event.Records[i], slog.LevelWarn, "no time left in this batch", "deadline", slog.Int("left", len(indexes)-n))
					return
				}
				if handled[i] = b.handle(work.ctx, event.Records[i]); !handled[i] {
					return
				}
			}
		})
	}
	groups.Wait()

	response := events.SQSEventResponse{BatchItemFailures: []events.SQSBatchItemFailure{}}
	for i, record := range event.Records {
		if handled[i] {
			continue
		}
		if record.MessageId == "" {
			return events.SQSEventResponse{}, errors.New("queue: a record to retry has no message id: the whole batch is retried")
		}
		response.BatchItemFailures = append(response.BatchItemFailures, events.SQSBatchItemFailure{ItemIdentifier: record.MessageId})
	}
	return response, nil
}

// byGroup gives the indexes of the records of each group, groups and records in order of arrival.
func byGroup(records []events.SQSMessage) [][]int {
	var groups [][]int
	place := map[string]int{}
	for i, record := range records {
		id := group(record)
		at, known := place[id]
		if !known || id == "" {
			at = len(groups)
			place[id] = at
			groups = append(groups, nil)
		}
		groups[at] = append(groups[at], i)
	}
	return groups
}

// period is the time in which a batch is worked on.
type period struct {
	ctx    context.Context // what work is done with; ends a little before the deadline, so that a hanging call leaves time to answer
	begins time.Time       // no record is begun at or after it; zero for no deadline
	end    context.CancelFunc
}

func newPeriod(ctx context.Context) period {
	deadline, ok := ctx.Deadline()
	if !ok {
		ctx, end := context.WithCancel(ctx)
		return period{ctx: ctx, end: end}
	}
	kept := time.Until(deadline) / reserve
	ctx, end := context.WithDeadline(ctx, deadline.Add(-kept/2))
	return period{ctx: ctx, begins: deadline.Add(-kept), end: end}
}

func (p period) over() bool {
	return p.ctx.Err() != nil || !p.begins.IsZero() && !time.Now().Before(p.begins)
}

// handle works on one record and tells whether it is done with.
func (b *Batch) handle(ctx context.Context, record events.SQSMessage) bool {
	err := confined(func() error { return b.process(ctx, record) })
	if err == nil {
		b.put(ctx, record, slog.LevelInfo, "message handled", "handled")
		return true
	}
	reason, final := fateOf(err, record)
	if !final {
		b.put(ctx, record, slog.LevelWarn, "message to be retried", reason, detail(err)...)
		return false
	}
	if err := confined(func() error { return b.deadLetters.SetAside(ctx, record, reason) }); err != nil {
		b.put(ctx, record, slog.LevelError, "message not set aside, to be retried", reason, detail(err)...)
		return false
	}
	b.put(ctx, record, slog.LevelError, "message set aside", reason, detail(err)...)
	return true
}

// confined turns a panic into an error, so that it costs its record and not the whole environment.
func confined(do func() error) (err error) {
	defer func() {
		if recover() != nil {
			err = &panicked{at: panicSite()}
		}
	}()
	return do()
}
