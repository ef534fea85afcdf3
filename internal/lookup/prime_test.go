package lookup_test

import (
	"slices"
	"testing"

	"losttrn/internal/local/faults"
)

// TestPrimeReadsOnly: priming makes as many calls of DynamoDB at once as a lookup that finds somebody, none of which writes, and
// leaves no line in the log.
func TestPrimeReadsOnly(t *testing.T) {
	w := newFixture(t, plenty)
	w.people()
	w.line.reset(nil)
	if err := w.service.Prime(t.Context()); err != nil {
		t.Fatal(err)
	}
	primed := w.line.calls()
	if want := []string{"BatchGetItem limits", "GetItem lookups", "GetItem lookups", "GetItem lookups", "GetItem lookups", "Query teachers/index/byDateOfBirth",
		"Query teachers/index/byNationalInsuranceNumber"}; !slices.Equal(primed, want) {
		t.Errorf("primed by %q, not %q", primed, want)
	}
	if w.log.String() != "" {
		t.Errorf("logged %s", w.log)
	}
	w.line.reset(nil)
	if got := w.lookup(w.request(ann())); got.Outcome != "trn_sent" {
		t.Fatal(got)
	}
	if calls := len(w.line.calls()) - 1; calls != len(primed) { // one goes to SQS
		t.Errorf("a lookup makes %d calls of DynamoDB side by side, and %d were primed", calls, len(primed))
	}
}

// TestPrimeWhileADependencyIsDown: the failure is the caller's to see, and nothing else comes of it.
func TestPrimeWhileADependencyIsDown(t *testing.T) {
	w := newFixture(t, plenty)
	w.line.fail("GetItem lookups", 0, faults.Failed)
	if err := w.service.Prime(t.Context()); err == nil {
		t.Error("no error")
	}
}
