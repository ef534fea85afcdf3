package gateway_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"losttrn/internal/gateway"
)

func TestPanic(t *testing.T) {
	const canary = "canary.person@example.com"
	var log bytes.Buffer
	handler := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Set-Cookie", "half=done")
		w.WriteHeader(http.StatusOK)
		_, _ = io.WriteString(w, "half an ans")
		panic("cannot handle " + canary)
	})
	onPanic := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(http.StatusInternalServerError)
		_, _ = io.WriteString(w, `{"requestId":"`+gateway.RequestID(r.Context())+`"}`)
	})
	answer, err := gateway.Handle(handler, onPanic, slog.New(slog.NewJSONHandler(&log, nil)))(t.Context(), event(http.MethodPost, "/", canary))
	if err != nil {
		t.Fatal(err)
	}
	if answer.StatusCode != http.StatusInternalServerError || answer.Body != `{"requestId":"request-1"}` || len(answer.Cookies) != 0 ||
		answer.Headers["content-type"] != "application/problem+json" || answer.Headers["x-request-id"] != "request-1" {
		t.Errorf("%+v", answer)
	}
	if !strings.Contains(log.String(), `"requestId":"request-1"`) || !strings.Contains(log.String(), `"level":"ERROR"`) {
		t.Errorf("the log does not say which request failed: %s", &log)
	}
	if !strings.Contains(log.String(), `"cause":{"at":"losttrn/internal/gateway_test.TestPanic.`) {
		t.Errorf("the log does not say where it panicked: %s", &log)
	}
	if strings.Contains(log.String(), "canary") || strings.Contains(log.String(), "example.com") {
		t.Errorf("the log holds what a person typed: %s", &log)
	}
}

// TestAHangingRequestIsStillAnswered: the handler's context ends before the function's time does.
func TestAHangingRequestIsStillAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 15*time.Second)
		defer cancel()
		start := time.Now()
		answer, err := gateway.Handle(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			<-r.Context().Done()
			w.WriteHeader(http.StatusServiceUnavailable)
		}), never(t), quiet)(ctx, event(http.MethodGet, "/", ""))
		if err != nil || answer.StatusCode != http.StatusServiceUnavailable {
			t.Errorf("%d, %v", answer.StatusCode, err)
		}
		if took := time.Since(start); took != 13500*time.Millisecond {
			t.Errorf("the handler was stopped after %s of 15s", took)
		}
		if ctx.Err() != nil {
			t.Error("the function's own time was over")
		}
	})
}

func TestNoDeadlineNoReserve(t *testing.T) {
	handle(t, func(_ http.ResponseWriter, r *http.Request) {
		if _, ok := r.Context().Deadline(); ok || r.Context().Err() != nil {
			t.Error("a deadline came from nowhere")
		}
	}, event(http.MethodGet, "/", ""))
}
