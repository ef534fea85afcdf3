package endtoend_test

import (
	"net/http"
	"strings"
	"testing"

	"losttrn/internal/local/calls"
	"losttrn/internal/local/costs"
	"losttrn/internal/local/stack"
	"losttrn/internal/local/waiting"
)

// TestWhatAMonthCosts counts what one lookup by the form takes, with the limits on, and holds the README's tables of costs
// and of growth to what that comes to.
func TestWhatAMonthCosts(t *testing.T) {
	recorder := calls.NewRecorder()
	dir := t.TempDir()
	s, err := stack.Start(t.Context(), stack.Options{Dir: dir, InMemory: true, Limits: true, Wire: recorder, Report: func(err error) { t.Log(err) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Stop)
	w := &fixture{Stack: s, dir: dir, db: s.DynamoDBClient()}
	p := w.newPerson(t, nil)
	// Once before, so that what is kept between requests is there.
	journey(t, w, w.newPerson(t, nil))

	before, logged := recorder.Use(), len(logs(t, dir))
	requests := journey(t, w, p)
	used := recorder.Use().Since(before)
	units := costs.Units{Requests: requests, SQSRequests: used.Requests["SQS"], DynamoDBRequests: used.Requests["DynamoDB"],
		ReadUnits: used.ReadUnits, WriteUnits: used.WriteUnits, LogBytes: int64(len(logs(t, dir)) - logged), Alarms: alarmMetrics(s),
		Read: w.named(used.Read), Written: w.named(used.Written)}
	units.KeptKB, units.ExportedKB = w.kept(t, "lookups"), w.bytes(t, "lookups", "")/1024
	units.KeptKB, units.ExportedKB = units.KeptKB+w.kept(t, "emails"), units.ExportedKB+w.bytes(t, "emails", "")/1024

	// As many share a birthday of a register of ten million people.
	const crowd = 456
	another := w.newPerson(t, nil)
	w.crowd(t, crowd-1, another.born)
	before = recorder.Use()
	journey(t, w, another)
	crowded := w.named(recorder.Use().Since(before).Read)
	units.BirthdayReads = units.Read[costs.BirthdayIndex] / 0.5 // of one person: the least that is charged
	units.PersonKB = crowded[costs.BirthdayIndex] / units.BirthdayReads * 8 / crowd
	units.RecordKB = w.kept(t, "teachers")
	t.Logf("%+v", units)
	if units.ReadUnits == 0 || units.WriteUnits == 0 || units.LogBytes == 0 || units.SQSRequests < 3 || units.Alarms < 40 ||
		units.BirthdayReads < 1 || units.PersonKB < 0.1 || units.RecordKB < 0.5 || units.ExportedKB < 0.5 || len(units.Written) < 4 {
		t.Fatalf("not everything was counted: %+v", units)
	}
	for resource, read := range units.Read { // nothing else grows with the register
		if resource != costs.BirthdayIndex && crowded[resource] > 1.5*read {
			t.Errorf("%s: %.1f read units, and %.1f if hundreds share the birthday", resource, read, crowded[resource])
		}
	}
	checkCounted(t, units)
	checkCosts(t, units)
	checkGrowth(t, units, s)
	checkMorning(t, units)
}

// named returns units by the names that the documentation has for the tables.
func (w *fixture) named(units map[string]float64) map[string]float64 {
	by := map[string]float64{}
	for resource, n := range units {
		table, index, _ := strings.Cut(resource, "/")
		for name, deployed := range w.Tables {
			if deployed == table {
				by[strings.TrimSuffix(name+"/"+index, "/")] += n
			}
		}
	}
	return by
}

// journey goes through the form as a person who is found, until the account is unlocked and both emails are sent; it
// returns the number of requests.
func journey(t *testing.T, w *fixture, p person) int {
	t.Helper()
	v := &visitor{t: t, w: w, cookies: map[string]string{}}
	year, rest, _ := strings.Cut(p.born, "-")
	month, day, _ := strings.Cut(rest, "-")
	v.do(http.MethodGet, "/", nil)
	v.do(http.MethodGet, "/email?new", nil)
	n := 2
	next := "/email"
	for _, page := range []struct {
		path   string
		fields []string
	}{
		{"/email", []string{"email", p.email}},
		{"/name", []string{"firstName", p.first, "lastName", p.last, "nameChanged", "prefer-not-to-say"}},
		{"/date-of-birth", []string{"dateOfBirth-day", day, "dateOfBirth-month", month, "dateOfBirth-year", year}},
		{"/national-insurance-number", []string{"nationalInsuranceNumber", p.nino}},
		{"/check-answers", nil},
	} {
		if next != page.path {
			t.Fatalf("led to %s, not to %s", next, page.path)
		}
		v.do(http.MethodGet, page.path, nil)
		next = v.answers(page.path, page.fields...)
		n += 2
	}
	v.do(http.MethodGet, next, nil)
	w.wantDecision(t, v.lookupID, "unlocked[]")
	waiting.Until(t, "the receipt is recorded", func() bool {
		return w.item(t, "lookups", "lookupId", v.lookupID)["trnDelivery"] != nil
	})
	return n + 1
}

// alarmMetrics is how many metrics the template's alarms watch: each is charged.
func alarmMetrics(s *stack.Stack) int {
	n := 0
	for _, alarm := range s.Resources.OfType("AWS::CloudWatch::Alarm") {
		if several, ok := alarm.Properties["Metrics"].([]any); ok {
			n += len(several) - 1 // the expression itself is free
			continue
		}
		n++
	}
	return n
}
