package inbox_test

import (
	"encoding/json"
	"testing"

	"losttrn/internal/cloud"
	"losttrn/internal/load/inbox"
	"losttrn/internal/local/localtest"
)

// TestEventsThatAreNotOfALoad do nothing: of other services and other objects, a state that was overtaken, an extract that
// was replaced.
func TestEventsThatAreNotOfALoad(t *testing.T) {
	d := deploy(t)
	e := d.drop("r.csv", extractOf(t, 300), nil)
	d.reading(100)
	if answer, err := d.handle(e); err != nil || answer.Outcome != inbox.HandedOn {
		t.Fatalf("%+v, %v", answer, err)
	}
	state := d.event("state/r.csv.json")
	before := len(d.records())
	for name, change := range map[string]func(*inbox.Event){
		"another service": func(e *inbox.Event) { e.Source = "aws.health" },
		"no csv":          func(e *inbox.Event) { e.Detail.Object.Key = "incoming/readme.txt" },
		"a summary":       func(e *inbox.Event) { e.Detail.Object.Key = "loads/r/summary.json" },
		"no extract":      func(e *inbox.Event) { e.Detail.Object.Key = "incoming/gone.csv" },
		"an older state":  func(e *inbox.Event) { *e = state; e.Detail.Object.ETag = "0" },
		"nothing":         func(e *inbox.Event) { *e = inbox.Event{} },
	} {
		changed := e
		change(&changed)
		answer, err := d.handle(changed)
		if err != nil || answer.Outcome != inbox.Foreign && answer.Outcome != inbox.Overtaken {
			t.Errorf("%s: %+v, %v", name, answer, err)
		}
	}
	for name, raw := range localtest.ForeignEvents() {
		answer, err := cloud.AnyEvent(d.inbox.Handle)(t.Context(), json.RawMessage(raw))
		if err != nil || answer.Outcome != inbox.Foreign {
			t.Errorf("%s: %+v, %v", name, answer, err)
		}
	}
	d.drop("r.csv", extractOf(t, 10), nil)
	if answer, err := d.handle(state); err != nil || answer.Outcome != inbox.Overtaken {
		t.Errorf("the state of an extract that was replaced: %+v, %v", answer, err)
	}
	if after := len(d.records()); after != before {
		t.Errorf("%d records, then %d", before, after)
	}
}
