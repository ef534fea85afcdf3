package queue

import (
	"context"
	"encoding/json"
	"log/slog"
	"regexp"
	"sync"

	"github.com/aws/aws-lambda-go/events"
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
