package metric_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"losttrn/internal/metric"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func record(use func(*metric.Recorder)) string {
	var out bytes.Buffer
	use(metric.New(&out, "find-a-lost-trn/dev", "lookup", func() time.Time { return noon }))
	return out.String()
}

func TestALine(t *testing.T) {
	for _, test := range []struct {
		use  func(*metric.Recorder)
		want string
	}{
		{func(r *metric.Recorder) { r.Count("limited", 1) },
			`{"_aws":{"Timestamp":1795348800000,"CloudWatchMetrics":[{"Namespace":"find-a-lost-trn/dev","Dimensions":[["function"]],` +
				`"Metrics":[{"Name":"limited","Unit":"Count"}]}]},"function":"lookup","level":"INFO","limited":1,"timestamp":"2026-11-22T12:00:00Z"}` + "\n"},
		{func(r *metric.Recorder) {
			r.Seconds("journey", 90500*time.Millisecond, metric.By("outcome", "no_match"), metric.By("question", "dateOfBirth"))
		},
			`{"_aws":{"Timestamp":1795348800000,"CloudWatchMetrics":[{"Namespace":"find-a-lost-trn/dev",` +
				`"Dimensions":[["function"],["function","outcome","question"]],"Metrics":[{"Name":"journey","Unit":"Seconds"}]}]},` +
				`"function":"lookup","journey":90.5,"level":"INFO","outcome":"no_match","question":"dateOfBirth","timestamp":"2026-11-22T12:00:00Z"}` + "\n"},
		{func(r *metric.Recorder) {
			r.Count("unlocks", 1, metric.By("outcome", "unlocked"), metric.Beside("domain", "abcdefgh"))
		},
			`{"_aws":{"Timestamp":1795348800000,"CloudWatchMetrics":[{"Namespace":"find-a-lost-trn/dev",` +
				`"Dimensions":[["function"],["function","outcome"]],"Metrics":[{"Name":"unlocks","Unit":"Count"}]}]},` +
				`"domain":"abcdefgh","function":"lookup","level":"INFO","outcome":"unlocked","timestamp":"2026-11-22T12:00:00Z","unlocks":1}` + "\n"},
		{func(r *metric.Recorder) { r.Count("unlocks", 1, metric.Beside("domain", "example.com.1234567")) },
			`{"_aws":{"Timestamp":1795348800000,"CloudWatchMetrics":[{"Namespace":"find-a-lost-trn/dev","Dimensions":[["function"]],` +
				`"Metrics":[{"Name":"unlocks","Unit":"Count"}]}]},"domain":"unfit","function":"lookup","level":"INFO",` +
				`"timestamp":"2026-11-22T12:00:00Z","unlocks":1}` + "\n"},
	} {
		if diff := cmp.Diff(test.want, record(test.use)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

// TestNothingPersonalIsWritten: whatever could be a value of a person is not.
func TestNothingPersonalIsWritten(t *testing.T) {
	for _, value := range []string{"ann@example.com", "1234567", "QQ123456C", "1980-01-31", "Ann Example", "José", "203.0.113.9", "",
		strings.Repeat("a", 65), "a\nb", `a"b`} {
		line := record(func(r *metric.Recorder) { r.Count("tries", 1, metric.By("kind", value)) })
		if value != "" && strings.Contains(line, value) || !strings.Contains(line, `"kind":"unfit"`) || strings.Count(line, "\n") != 1 {
			t.Errorf("%q: %s", value, line)
		}
		if line := record(func(r *metric.Recorder) { r.Count(value, 1) }); value != "" && strings.Contains(line, value) {
			t.Errorf("a metric of the name %q: %s", value, line)
		}
	}
	for _, code := range []string{"trn_sent", "404", "error.email.missing", "national_insurance_number", "x/y-z"} {
		if line := record(func(r *metric.Recorder) { r.Count("tries", 1, metric.By("kind", code)) }); !strings.Contains(line, `"kind":"`+code+`"`) {
			t.Errorf("%q is not written: %s", code, line)
		}
	}
}

// TestLinesDoNotMix when written side by side.
func TestLinesDoNotMix(t *testing.T) {
	lines := strings.Split(record(func(r *metric.Recorder) {
		done := make(chan struct{})
		for range 8 {
			go func() {
				for range 50 {
					r.Count("tries", 2, metric.By("kind", "name"))
				}
				done <- struct{}{}
			}()
		}
		for range 8 {
			<-done
		}
	}), "\n")
	if len(lines) != 401 || lines[400] != "" {
		t.Fatalf("%d lines", len(lines))
	}
	for _, line := range lines[:400] {
		if line != lines[0] {
			t.Errorf("%q is not %q", line, lines[0])
		}
	}
}
