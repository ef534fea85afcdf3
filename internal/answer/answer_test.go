package answer_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/smithy-go"

	"losttrn/internal/answer"
	"losttrn/internal/cloud"
	"losttrn/internal/fault"
	"losttrn/internal/lookup"
)

func TestOf(t *testing.T) {
	for _, test := range []struct {
		err    error
		status int
		code   string
		retry  string
	}{
		{&lookup.LimitError{RetryAfter: 61 * time.Second}, 429, "too_many_requests", "61"},
		{fmt.Errorf("read: %w", &lookup.LimitError{RetryAfter: time.Millisecond}), 429, "too_many_requests", "1"},
		{fault.New(fault.NotFound, "unknown_lookup"), 404, "unknown_lookup", ""},
		{fault.New(fault.Conflict, lookup.ReasonOtherDetails), 409, "other_details", ""},
		{fault.New(fault.Conflict, "anything"), 409, "not_no_match", ""},
		{fault.Throttled, 503, "unavailable", "5"},
		{fault.Unavailable, 503, "unavailable", "5"},
		{context.DeadlineExceeded, 503, "unavailable", "5"},
		{fault.Invalid, 500, "internal", ""},
		{errors.New("of no kind"), 500, "internal", ""},
	} {
		f := answer.Of(test.err)
		header := http.Header{}
		f.SetRetryAfter(header)
		if f.Status != test.status || f.Code != test.code || header.Get("Retry-After") != test.retry {
			t.Errorf("%v: %+v, Retry-After %q", test.err, f, header.Get("Retry-After"))
		}
	}
	if m := (answer.Failure{RetryAfter: 61 * time.Second}).Minutes(); m != 2 {
		t.Errorf("61 seconds are %d minutes", m)
	}
}

// TestLog: a failure's line is enough to find its lookup and the AWS call that caused it, and holds nothing that a
// person typed.
func TestLog(t *testing.T) {
	var lines bytes.Buffer
	log := slog.New(slog.NewJSONHandler(&lines, nil))
	err := cloud.Failure("put canary@example.com", &smithy.OperationError{ServiceID: "DynamoDB", OperationName: "PutItem",
		Err: &smithy.GenericAPIError{Code: "InternalServerError", Message: "canary@example.com", Fault: smithy.FaultServer}})
	for _, face := range []string{"api", "form"} {
		answer.Of(err).Log(t.Context(), log, face, err, "lookup-1")
	}
	answer.Of(fault.NotFound).Log(t.Context(), log, "api", fault.NotFound, "lookup-2")
	got := lines.String()
	for _, part := range []string{`"face":"form","code":"unavailable","status":503,"lookupId":"lookup-1"`, `"operation":"DynamoDB.PutItem"`,
		`"level":"INFO","msg":"request refused"`, `"lookupId":"lookup-2"`} {
		if !strings.Contains(got, part) {
			t.Errorf("no %s in %s", part, got)
		}
	}
	if strings.Contains(got, "canary") {
		t.Errorf("%s", got)
	}
}
