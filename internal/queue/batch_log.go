package queue

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"regexp"

	"github.com/aws/aws-lambda-go/events"

	"losttrn/internal/cloud"
)

// put writes one line about a record: its ids and a code, never anything of its body but the lookup id.
func (b *Batch) put(ctx context.Context, record events.SQSMessage, level slog.Level, message, code string, more ...slog.Attr) {
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

// detail is what may be logged of an error beside its code: where it panicked, and what AWS said of itself. Its
// text may quote values, so that is left out.
func detail(err error) []slog.Attr {
	if panicked, ok := errors.AsType[*panicked](err); ok {
		return []slog.Attr{slog.String("at", panicked.at)}
	}
	return []slog.Attr{cloud.Cause(err)}
}

// idForm is that of lookup ids, UUIDs, so that a message that is not what it should be cannot put a name or a number in the log.
var idForm = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// lookupID is the lookup id in a message body, "" if none can be read.
func lookupID(body string) string {
	var head struct {
		LookupID string `json:"lookupId"`
	}
	if json.Unmarshal([]byte(body), &head) != nil || !idForm.MatchString(head.LookupID) {
		return ""
	}
	return head.LookupID
}
