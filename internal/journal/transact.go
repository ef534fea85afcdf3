package journal

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"losttrn/internal/cloud"
	"losttrn/internal/fault"
)

// A transaction that meets another write of the same item is cancelled, and the SDK does not try it again.
const (
	conflictAttempts = 5
	conflictPause    = 40 * time.Millisecond // on average, doubled each time
)

// transact makes a transaction. If conditions stopped it, it gives the reasons, one for each item; none mean that
// it was done. A transaction that keeps meeting other writes is fault.Throttled.
func (s *Store) transact(ctx context.Context, doing string, items ...types.TransactWriteItem) ([]types.CancellationReason, error) {
	for attempt := 0; ; attempt++ {
		_, err := s.client.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{TransactItems: items})
		if err == nil {
			return nil, nil
		}
		var cancelled *types.TransactionCanceledException
		if !errors.As(err, &cancelled) {
			return nil, cloud.Failure(doing, err)
		}
		switch stop := whatStopped(cancelled.CancellationReasons); {
		case stop == "ConditionalCheckFailed":
			return cancelled.CancellationReasons, nil
		case stop != "TransactionConflict":
			return nil, fmt.Errorf("%s: %w: %w", doing, fault.Unavailable, err)
		case attempt == conflictAttempts-1:
			return nil, fmt.Errorf("%s: %w: %w", doing, fault.Throttled, err)
		}
		if err := pause(ctx, conflictPause<<attempt); err != nil {
			return nil, cloud.Failure(doing, err)
		}
	}
}

// whatStopped returns the code that says most: a failed condition will fail again, whatever else was in the way.
func whatStopped(reasons []types.CancellationReason) string {
	stop := ""
	for _, reason := range reasons {
		switch code := aws.ToString(reason.Code); code {
		case "", "None":
		case "ConditionalCheckFailed":
			return code
		default:
			stop = code
		}
	}
	return stop
}

// pause waits for up to twice a mean time, at random, so that those who met do not meet again.
func pause(ctx context.Context, mean time.Duration) error {
	timer := time.NewTimer(rand.N(2 * mean))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
