package main

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"losttrn/internal/gateway"
	"losttrn/internal/message"
	"losttrn/internal/metric"
	"losttrn/internal/receipt"
)

// last keeps the delivery that was recorded last.
type last struct{ lookupID, delivery string }

func (l *last) RecordDelivery(_ context.Context, lookupID string, delivery message.Delivery, _ time.Time) error {
	l.lookupID, l.delivery = lookupID, string(delivery)
	return nil
}

func TestEvents(t *testing.T) {
	var kept last
	receiver := &receipt.Receiver{
		Tokens:     func(context.Context) (string, error) { return "put-the-token-here", nil },
		Deliveries: &kept, Log: slog.New(slog.NewJSONHandler(t.Output(), nil)), Metrics: metric.New(t.Output(), "test", "receipts", time.Now),
	}
	handle := gateway.Handle(receiver.Handler(), http.NotFoundHandler(), receiver.Log)
	for file, want := range map[string]string{"delivered.json": "delivered", "bounced.json": "permanent-failure"} {
		text, err := os.ReadFile(filepath.Join("events", file))
		if err != nil {
			t.Fatal(err)
		}
		var event events.APIGatewayV2HTTPRequest
		if err := json.Unmarshal(text, &event); err != nil {
			t.Fatal(err)
		}
		answer, err := handle(t.Context(), event)
		if err != nil || answer.StatusCode != http.StatusNoContent {
			t.Errorf("%s: answered %d, %v", file, answer.StatusCode, err)
		}
		if kept != (last{"11111111-1111-4111-8111-111111111111", want}) {
			t.Errorf("%s: recorded %+v", file, kept)
		}
	}
}
