package queue

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"regexp"
	"sync"

	"github.com/aws/aws-lambda-go/events"

	"losttrn/internal/cloud"
)

// logRecord writes one line about a record: its ids and a code, and of its body only the lookup id.
func (b *Batch) logRecord(ctx context.Context, record events.SQSMessage, level slog.Level, message, code string, more ...slog.Attr) {
	attributes := []slog.Attr{
		slog.String("messageId", record.MessageId),
		slog.String("queue", source(record)),
		slog.Int("receives", receives(record)),
		slog.String("code", code),
	}
	if id := lookupID(record.Body); id != "" {
		attributes = append(attributes, slog.String("lookupId", id))
	}
	b.log.LogAttrs(ctx, level, message, append(attributes, more...)...)
}

// detail returns what may be logged of an error beside its code: the function and line that panicked, or AWS's error
// code and request id. The error's text may quote personal values, so it is left out.
func detail(err error) []slog.Attr {
	if panicked, ok := errors.AsType[*panicked](err); ok {
		return []slog.Attr{slog.String("at", panicked.at)}
	}
	return []slog.Attr{cloud.Cause(err)}
}

// idForm is the form of lookup ids, UUIDs. Whatever else stands in that field may be personal and is not logged.
var idForm = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
})

// lookupID returns the lookup id in a message body, or "" if there is none.
func lookupID(body string) string {
	var head struct {
		LookupID string `json:"lookupId"`
	}
	if json.Unmarshal([]byte(body), &head) != nil || !idForm().MatchString(head.LookupID) {
		return ""
	}
	return head.LookupID
}
