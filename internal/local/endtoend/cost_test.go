package endtoend_test

import (
	"fmt"
	"maps"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"losttrn/internal/local"
	"losttrn/internal/local/calls"
	"losttrn/internal/local/costs"
	"losttrn/internal/local/simulate"
	"losttrn/internal/local/stack"
	"losttrn/internal/local/waiting"
)

// TestWhatAMonthCosts counts what one lookup by the form takes, with the limits on, and holds the README's table to
// what that comes to.
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
		ReadUnits: used.ReadUnits, WriteUnits: used.WriteUnits, LogBytes: int64(len(logs(t, dir)) - logged), Alarms: alarmMetrics(s)}
	t.Logf("%+v", units)
	if units.ReadUnits == 0 || units.WriteUnits == 0 || units.LogBytes == 0 || units.SQSRequests < 3 || units.Alarms < 40 {
		t.Fatalf("not everything was counted: %+v", units)
	}

	readme, err := os.ReadFile(filepath.Join("..", "..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	small, large, further := 0.0, 0.0, 0.0
	for _, line := range costs.Lines(units) {
		checkRow(t, string(readme), line.Part, line.Of(3_000), line.Of(1_000_000), line.PerLookup*1e6)
		small, large, further = small+line.Of(3_000), large+line.Of(1_000_000), further+line.PerLookup*1e6
	}
	checkRow(t, string(readme), "**all of it**", small, large, further)
	checkGrowth(t, string(readme), units, slices.Max(slices.Collect(maps.Values(used.Written))))
}

// checkGrowth holds the README's tables of growth to what the counted units come to.
func checkGrowth(t *testing.T, readme string, units costs.Units, busiest float64) {
	t.Helper()
	declared, err := local.ReadTemplate()
	if err != nil {
		t.Fatal(err)
	}
	if rush := simulate.Morning(1, time.Hour); rush.Requests != units.Requests || math.Abs(rush.Writes-busiest) > 1 {
		t.Errorf("a morning is simulated with %d requests and %.0f write units of the busiest table, and it is %d and %.0f", rush.Requests, rush.Writes, units.Requests, busiest)
	}
	limits, err := simulate.Declared(declared)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range costs.Limits(units, busiest, costs.Deployment{RequestsPerSecond: limits.GatewayRate, LookupConcurrency: limits.LookupConcurrency,
		UnlockBatches: limits.UnlockBatches, EmailBatches: limits.EmailBatches, Batch: limits.Batch}) {
		checkFigures(t, readme, "| "+l.Name+" | ", fmt.Sprintf("%.1f", l.PerLooks))
	}
	for _, r := range costs.Growth(10_000, 100_000, 1_000_000, 10_000_000) {
		checkFigures(t, readme, fmt.Sprintf("| %d teachers | ", r.Teachers), fmt.Sprintf("%.2f | %.1f | %.1f | %.0f | %.2f | %.2f", r.GB, r.OneBirthday, r.BirthdayUnits,
			r.BirthdayLookups, r.Storage, r.BirthdayDollars))
	}
	for _, l := range costs.OfOneMailbox() {
		checkFigures(t, readme, "| "+l.Name+" | ", fmt.Sprintf("%.0f", l.PerLooks))
	}
}

// checkFigures holds the row that begins with a text to its figures: each within a tenth.
func checkFigures(t *testing.T, readme, begins, want string) {
	t.Helper()
	_, row, found := strings.Cut(readme, "\n"+begins)
	if !found {
		t.Errorf("the README has no row %s%s |", begins, want)
		return
	}
	row, _, _ = strings.Cut(row, "\n")
	said := strings.Split(row, " |")
	for i, text := range strings.Split(want, " | ") {
		value, err := strconv.ParseFloat(text, 64)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := strconv.ParseFloat(strings.ReplaceAll(strings.TrimSpace(said[i]), ",", ""), 64); err != nil || math.Abs(got-value) > 0.1*value+0.01 {
			t.Errorf("the README says %s in the row %s%s |", said[i], begins, want)
		}
	}
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

// checkRow holds a row of the README's table to what it must say: within a tenth, and a cent.
func checkRow(t *testing.T, readme, part string, small, large, further float64) {
	t.Helper()
	row := regexp.MustCompile(`(?m)^\| ` + regexp.QuoteMeta(part) + ` \| \$([0-9.,]+) \| \$([0-9.,]+) \| \$([0-9.,]+) \|$`).FindStringSubmatch(readme)
	want := fmt.Sprintf("| %s | $%.2f | $%.2f | $%.2f |", part, small, large, further)
	if row == nil {
		t.Errorf("the README has no row %s", want)
		return
	}
	for i, value := range []float64{small, large, further} {
		said, err := strconv.ParseFloat(strings.ReplaceAll(row[i+1], ",", ""), 64)
		if err != nil || math.Abs(said-value) > 0.1*value+0.01 {
			t.Errorf("the README says %s, and it is %s", row[0], want)
		}
	}
}
