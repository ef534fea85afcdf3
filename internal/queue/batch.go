package queue

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"losttrn/internal/cloud"
	"losttrn/internal/fault"
)

const (
	// panicLimit is the receive count from which a record that panics is set aside. The first panics are retried,
	// because the cause may be temporary; later ones are not, because the rest of the group would wait for a day.
	// SQS counts receives spent waiting behind another record of the group too, so a record may be set aside at
	// its first panic.
	panicLimit = 5
	// reserve is the divisor of the time left at the start that gives the time kept for answering. In that time
	// no record is begun; in its second half, work in progress is cancelled.
	reserve = 10
)

// Process handles one record. It returns an error that wraps fault.Invalid if the record can never be handled. It
// must be idempotent and safe for concurrent use.
type Process func(ctx context.Context, record events.SQSMessage) error

// DeadLetterSender moves a message to the dead-letter queue with a reason code. *DeadLetters implements it.
type DeadLetterSender interface {
	SetAside(ctx context.Context, record events.SQSMessage, reason string) error
}

// Batch is the handler of a FIFO queue's batches for a Lambda function that reports partial failures
// (ReportBatchItemFailures). It is safe for concurrent use.
type Batch struct {
	process     Process
	deadLetters DeadLetterSender
	log         *slog.Logger
}

// NewBatch returns a handler that passes each record to process, and those that can never be handled to deadLetters.
func NewBatch(process Process, deadLetters DeadLetterSender, log *slog.Logger) *Batch {
	return &Batch{process, deadLetters, log}
}

// Handle handles the groups of a batch concurrently, and the records of each group in order. It stops a group at the
// first record to retry, or when the deadline of ctx is near, and returns that record and the rest of its group as
// failures; all other records are handled or set aside. It returns an error, so that the whole batch is retried, if the
// event is no batch of SQS: an answer without failures would say that its messages were handled, and they would be deleted.
func (b *Batch) Handle(ctx context.Context, event events.SQSEvent) (events.SQSEventResponse, error) {
	if err := checkBatch(event); err != nil {
		b.log.ErrorContext(ctx, "not a batch of SQS: nothing is done", "records", len(event.Records))
		return events.SQSEventResponse{}, err
	}
	work := newPeriod(ctx)
	defer work.end()

	// A record whose goroutine ended before it set handled is retried.
	handled := make([]bool, len(event.Records))
	var groups sync.WaitGroup
	for _, indexes := range byGroup(event.Records) { // ten at most: a FIFO batch has no more records
		groups.Go(func() {
			for n, i := range indexes {
				if work.over() {
					b.logRecord(ctx, event.Records[i], slog.LevelWarn, "no time left in this batch", "deadline", slog.Int("left", len(indexes)-n))
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
		response.BatchItemFailures = append(response.BatchItemFailures, events.SQSBatchItemFailure{ItemIdentifier: record.MessageId})
	}
	return response, nil
}

// checkBatch returns an error unless the event is a batch as SQS sends it: records, each of them a message with an id.
func checkBatch(event events.SQSEvent) error {
	if len(event.Records) == 0 {
		return errors.New("queue: the event has no records: it is no batch of SQS, and nothing was done")
	}
	for _, record := range event.Records {
		if record.EventSource != "aws:sqs" || record.MessageId == "" {
			return errors.New("queue: the event has a record that is no message of SQS, and nothing was done")
		}
	}
	return nil
}

// byGroup returns the indexes of the records of each group, groups and records in order of arrival.
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

// period is the time that a batch may take.
type period struct {
	ctx        context.Context // for the work; ends before the deadline, so that a call that hangs leaves time to answer
	lastBegins time.Time       // no record is begun from then on; zero for no deadline
	end        context.CancelFunc
}

func newPeriod(ctx context.Context) period {
	deadline, ok := ctx.Deadline()
	if !ok {
		ctx, end := context.WithCancel(ctx)
		return period{ctx: ctx, end: end}
	}
	kept := time.Until(deadline) / reserve
	ctx, end := context.WithDeadline(ctx, deadline.Add(-kept/2))
	return period{ctx: ctx, lastBegins: deadline.Add(-kept), end: end}
}

func (p period) over() bool {
	return p.ctx.Err() != nil || !p.lastBegins.IsZero() && !time.Now().Before(p.lastBegins)
}

// handle processes one record, and returns false if it is to be retried.
func (b *Batch) handle(ctx context.Context, record events.SQSMessage) bool {
	err := fault.Confine(func() error { return b.process(ctx, record) })
	if err == nil {
		b.logRecord(ctx, record, slog.LevelInfo, "message handled", "handled")
		return true
	}
	reason, final := fateOf(err, record)
	if !final {
		b.logRecord(ctx, record, slog.LevelWarn, "message to be retried", reason, cloud.Cause(err))
		return false
	}
	if err := fault.Confine(func() error { return b.deadLetters.SetAside(ctx, record, reason) }); err != nil {
		b.logRecord(ctx, record, slog.LevelError, "message not set aside, to be retried", reason, cloud.Cause(err))
		return false
	}
	b.logRecord(ctx, record, slog.LevelError, "message set aside", reason, cloud.Cause(err))
	return true
}
