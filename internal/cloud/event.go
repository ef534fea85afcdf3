package cloud

import (
	"context"
	"encoding/json"
)

// AnyEvent adapts a handler for lambda.Start. An event that cannot be decoded reaches the handler as the zero event,
// which it answers as foreign. Without AnyEvent such an invocation fails before the handler runs, is retried twice and
// becomes a dead letter.
func AnyEvent[Event, Answer any](handle func(context.Context, Event) (Answer, error)) func(context.Context, json.RawMessage) (Answer, error) {
	return func(ctx context.Context, raw json.RawMessage) (Answer, error) {
		var event Event
		if err := json.Unmarshal(raw, &event); err != nil {
			var none Event
			return handle(ctx, none)
		}
		return handle(ctx, event)
	}
}
