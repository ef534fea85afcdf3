package lookup_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"losttrn/internal/local/faults"
	"losttrn/internal/local/localtest"
)

// line is the wire of a fixture: every attempt at an AWS call goes over it under a label that says what it is for,
// see localtest.Label. Reads run side by side in any order, so a fault is set on a label and not on a place in the order.
type line struct {
	names map[string]string // short names of tables and queues

	mu       sync.Mutex
	wires    map[string]*faults.Wire
	started  []string
	finished []string
	before   func(label string)
	metered  bool
	units    map[string]float64 // consumed, by label; only while metered
}

// reset forgets everything. Before, if there is one, runs before each call is sent.
func (l *line) reset(before func(label string)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.wires, l.started, l.finished, l.before = map[string]*faults.Wire{}, nil, nil, before
	l.metered, l.units = false, map[string]float64{}
}

// fail makes one call of a label fail, the first being 0.
func (l *line) fail(label string, call int, mode faults.Mode) {
	l.wire(label).Reset(func(c int, _ string) faults.Mode {
		if c == call {
			return mode
		}
		return ""
	}, nil)
}

func (l *line) wire(label string) *faults.Wire {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.wires[label] == nil {
		l.wires[label] = &faults.Wire{}
	}
	return l.wires[label]
}

// calls are the labels of the calls made, sorted.
func (l *line) calls() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Sorted(slices.Values(l.started))
}

// Do is the method that SDK clients use.
func (l *line) Do(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	label, err := localtest.Label(l.names, r, body)
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	l.started = append(l.started, label)
	before, metered := l.before, l.metered
	l.mu.Unlock()
	if before != nil {
		before(label)
	}
	if metered && strings.HasPrefix(r.Header.Get("X-Amz-Target"), "DynamoDB") {
		body = bytes.Replace(body, []byte("{"), []byte(`{"ReturnConsumedCapacity":"TOTAL",`), 1)
	}
	r = r.Clone(r.Context())
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	response, err := l.wire(label).Do(r)
	if err == nil {
		err = l.meter(label, response)
	}
	l.mu.Lock()
	l.finished = append(l.finished, label)
	l.mu.Unlock()
	return response, err
}

// meter adds up what an answer says it consumed.
func (l *line) meter(label string, response *http.Response) error {
	body, err := io.ReadAll(response.Body)
	_ = response.Body.Close()
	response.Body = io.NopCloser(bytes.NewReader(body))
	if err != nil {
		return err
	}
	var consumed struct{ ConsumedCapacity json.RawMessage }
	if json.Unmarshal(body, &consumed) != nil || consumed.ConsumedCapacity == nil {
		return nil
	}
	type units struct{ CapacityUnits float64 }
	var one units
	var many []units
	if json.Unmarshal(consumed.ConsumedCapacity, &one) != nil {
		_ = json.Unmarshal(consumed.ConsumedCapacity, &many)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, u := range append(many, one) {
		l.units[label] += u.CapacityUnits
	}
	return nil
}

// barrier holds calls back until so many of them wait side by side: calls made one after the other would wait for
// ever, and end when the test's time has expired. Later calls pass.
func barrier(t *testing.T, calls int) func(label string) {
	arrived := make(chan struct{}, calls)
	open := make(chan struct{})
	var once sync.Once
	var mu sync.Mutex
	count := 0
	return func(label string) {
		mu.Lock()
		count++
		last, late := count == calls, count > calls
		mu.Unlock()
		if late {
			return
		}
		arrived <- struct{}{}
		if last {
			once.Do(func() { close(open) })
		}
		select {
		case <-open:
		case <-t.Context().Done():
		case <-expired(t):
			t.Errorf("%s waited for %d calls at once; %d came", label, calls, len(arrived))
			once.Do(func() { close(open) })
		}
	}
}
