package cloud

import (
	"context"
	"encoding/json"
)

// AnyEvent adapts a handler of events of one shape for lambda.Start: an event of another shape, which cannot be decoded,
// is handled as the zero event, which the handler knows for a foreign one. Without it the invocation fails before the
// handler is called, is tried twice more and ends among the dead letters, as if something had gone wrong.
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
