package cloud

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"

	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go"

	"losttrn/internal/fault"
)

// transactionConflict is the error code of a write of one item that conflicts with a transaction.
const transactionConflict = "TransactionConflictException"

// Failure returns an SDK error wrapped with what was being done and with its kind of package fault: throttling, or a
// conflict with a transaction, is fault.Throttled; a server's failure, a network's or a time-out is fault.Unavailable;
// anything else has no kind, so it is internal.
func Failure(doing string, err error) error {
	switch {
	case err == nil:
		return nil
	case throttled(err):
		return fmt.Errorf("%s: %w: %w", doing, fault.Throttled, err)
	case unavailable(err):
		return fmt.Errorf("%s: %w: %w", doing, fault.Unavailable, err)
	}
	return fmt.Errorf("%s: %w", doing, err)
}

func throttled(err error) bool {
	var api smithy.APIError
	if !errors.As(err, &api) {
		return false
	}
	_, ok := retry.DefaultThrottleErrorCodes[api.ErrorCode()]
	return ok || api.ErrorCode() == transactionConflict
}

func unavailable(err error) bool {
	var response *awshttp.ResponseError
	if errors.As(err, &response) && response.HTTPStatusCode() >= 500 {
		return true
	}
	var api smithy.APIError
	if errors.As(err, &api) {
		return api.ErrorFault() == smithy.FaultServer
	}
	var params smithy.InvalidParamsError
	if errors.As(err, &params) {
		return false // a mistake in this program
	}
	// No answer of the service at all: the network, a time-out, an answer cut short.
	var operation *smithy.OperationError
	var network net.Error
	return errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) ||
		errors.As(err, &network) || errors.As(err, &operation)
}

// StoppingItem returns the item that made a conditional write fail. It is read from the failure itself, so the write
// must set ReturnValuesOnConditionCheckFailure. Any other failure is translated as Failure does.
func StoppingItem(doing string, err error) (map[string]types.AttributeValue, error) {
	var condition *types.ConditionalCheckFailedException
	if !errors.As(err, &condition) {
		return nil, Failure(doing, err)
	}
	if len(condition.Item) == 0 {
		return nil, fmt.Errorf("%s: the condition failed, but no item came with it: %w", doing, fault.Unavailable)
	}
	return condition.Item, nil
}

// Cause describes a failure for the log: of an AWS call the operation, the error's code and AWS's request id, of a panic
// the function and line. The error's text stays out of the log, because it may quote what the call was sent.
func Cause(err error) slog.Attr {
	var attrs []any
	var operation *smithy.OperationError
	if errors.As(err, &operation) {
		attrs = append(attrs, slog.String("operation", operation.Service()+"."+operation.Operation()))
	}
	var api smithy.APIError
	if errors.As(err, &api) {
		attrs = append(attrs, slog.String("code", api.ErrorCode()))
	}
	var response *awshttp.ResponseError
	if errors.As(err, &response) {
		attrs = append(attrs, slog.String("awsRequestId", response.ServiceRequestID()), slog.Int("status", response.HTTPStatusCode()))
	}
	if errors.Is(err, context.DeadlineExceeded) {
		attrs = append(attrs, slog.Bool("timedOut", true))
	}
	if panicked, ok := errors.AsType[*fault.PanicError](err); ok {
		attrs = append(attrs, slog.String("at", panicked.At))
	}
	return slog.Group("cause", attrs...)
}
