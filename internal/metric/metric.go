// Package metric writes figures about the service to the log in CloudWatch's embedded metric format, from which
// CloudWatch extracts metrics: one JSON object a line, without an agent or a call.
//
// A figure is a count or a number of seconds, told apart by dimensions of few values each: an outcome, a kind of
// evidence, a question. Each line adds to two metrics of its name: one by the function alone, for alarms and totals,
// and, if it has dimensions, one by the function and all of them. A value of too many kinds for a dimension is written
// as a detail, for queries of the log, and makes no metric. No line holds a value that a person gave: every name and
// value must be a short code, and anything else is written as "unfit". The format is described in
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
package metric

import (
	"encoding/json"
	"io"
	"strings"
	"sync"
	"time"
)

// Units of CloudWatch.
const (
	unitCount   = "Count"
	unitSeconds = "Seconds"
)

// Dimension is a name and value by which figures of one name are told apart. A detail is written to the same line
// without being a dimension.
type Dimension struct {
	Name, Value string
	Detail      bool
}

// By returns the dimension of that name and value. The value is a code of few kinds, never an id or anything personal.
func By(name, value string) Dimension { return Dimension{Name: name, Value: value} }

// Beside returns a detail of that name and value: a code of many kinds, never an id of a person or anything personal.
func Beside(name, value string) Dimension { return Dimension{Name: name, Value: value, Detail: true} }

// Recorder writes figures. It is safe for concurrent use.
type Recorder struct {
	mu        sync.Mutex
	out       io.Writer
	namespace string
	function  string
	clock     func() time.Time
}

// New returns a recorder that writes to out, which is standard output in a function, figures of that function in
// a namespace of CloudWatch.
func New(out io.Writer, namespace, function string, clock func() time.Time) *Recorder {
	return &Recorder{out: out, namespace: namespace, function: function, clock: clock}
}

// Count records that something happened n times.
func (r *Recorder) Count(name string, n int, dimensions ...Dimension) {
	r.write(name, unitCount, float64(n), dimensions)
}

// Seconds records how long something took.
func (r *Recorder) Seconds(name string, took time.Duration, dimensions ...Dimension) {
	r.write(name, unitSeconds, took.Seconds(), dimensions)
}

// header is what CloudWatch reads to find the metrics in a line.
type header struct {
	Timestamp         int64       // milliseconds since the epoch
	CloudWatchMetrics []directive // always one
}

type directive struct {
	Namespace  string
	Dimensions [][]string
	Metrics    []definition
}

type definition struct{ Name, Unit string }

func (r *Recorder) write(name, unit string, value float64, dimensions []Dimension) {
	name = fit(name)
	byAll := []string{"function"}
	line := map[string]any{"level": "INFO", "function": r.function, name: value}
	for _, d := range dimensions {
		line[fit(d.Name)] = fit(d.Value)
		if !d.Detail {
			byAll = append(byAll, fit(d.Name))
		}
	}
	sets := [][]string{{"function"}}
	if len(byAll) > 1 {
		sets = append(sets, byAll)
	}
	now := r.clock()
	line["timestamp"] = now.UTC().Format(time.RFC3339Nano)
	line["_aws"] = header{now.UnixMilli(), []directive{{r.namespace, sets, []definition{{name, unit}}}}}
	text, err := json.Marshal(line)
	if err != nil {
		panic(err) // impossible: codes and numbers
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	_, _ = r.out.Write(append(text, '\n')) // standard output; a figure that is lost fails no request
}

// Longest code, and most digits in one: an HTTP status has three, a date of birth, TRN or NINO at least six.
const (
	maxLength = 64
	maxDigits = 4
)

// fit returns a code as it is, and "unfit" for a text that might be a value of a person: one that is blank, long, has
// a character other than letters, digits and "_", "-", "." and "/", or has more than a few digits.
func fit(code string) string {
	digits := 0
	for i := range len(code) {
		switch c := code[i]; {
		case c >= '0' && c <= '9':
			digits++
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', strings.IndexByte("_-./", c) >= 0:
		default:
			return "unfit"
		}
	}
	if code == "" || len(code) > maxLength || digits > maxDigits {
		return "unfit"
	}
	return code
}
