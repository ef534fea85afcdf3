package cloud_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"losttrn/internal/cloud"
)

// TestPrimeIsSideBySideAndShort: a dependency that is down costs a cold start a second at most.
func TestPrimeIsSideBySideAndShort(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		done := 0
		slow := func(ctx context.Context) error {
			select {
			case <-time.After(600 * time.Millisecond):
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		start := time.Now()
		cloud.Prime(t.Context(), slow, slow, slow, func(context.Context) error { done++; return errors.New("down") },
			func(context.Context) error { panic("a call that panics does not stop the function") })
		if took := time.Since(start); took != 600*time.Millisecond || done != 1 {
			t.Errorf("took %s", took)
		}
		start = time.Now()
		cloud.Prime(t.Context(), slow, func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() })
		if took := time.Since(start); took != time.Second {
			t.Errorf("a call that hangs held it up for %s", took)
		}
	})
}

func TestLogLines(t *testing.T) {
	var out bytes.Buffer
	log := cloud.NewLog(&out, "lookup")
	log.Info("lookup", "lookupId", "id-1")
	log.Error("request failed", "code", "internal")
	lines := bytes.Split(bytes.TrimSpace(out.Bytes()), []byte("\n"))
	if len(lines) != 2 {
		t.Fatalf("%d lines", len(lines))
	}
	for i, line := range lines {
		var entry map[string]any
		if err := json.Unmarshal(line, &entry); err != nil {
			t.Fatal(err)
		}
		if entry["function"] != "lookup" || entry["timestamp"] == nil || entry["msg"] != []string{"lookup", "request failed"}[i] || entry["level"] != []string{"INFO", "ERROR"}[i] {
			t.Errorf("%s", line)
		}
	}
}
