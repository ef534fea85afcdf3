package endtoend_test

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"losttrn/internal/local"
	"losttrn/internal/local/costs"
	"losttrn/internal/local/simulate"
	"losttrn/internal/local/stack"
)

// teachers is the size of the register of which the tables of costs are.
const teachers = 1_000_000

// checkCosts holds the README's tables of costs to what counted units come to.
func checkCosts(t *testing.T, u costs.Units) {
	t.Helper()
	month, sustained := [][]string{}, [][]string{}
	all := make([]float64, 3+len(costs.Rates))
	for _, line := range costs.Lines(u, teachers) {
		values := []float64{line.Of(3_000), line.Of(1_000_000), line.PerLookup * 1e6}
		for _, rate := range costs.Rates {
			values = append(values, line.Of(rate*30*24*60*60))
		}
		for i, v := range values {
			all[i] += v
		}
		month, sustained = append(month, priced(line.Part, values[:3])), append(sustained, priced(line.Part, values[3:]))
	}
	const sum = "**all of it**"
	checkTable(t, "| part | 3,000 lookups | 1,000,000 lookups | each further million |", append(month, priced(sum, all[:3])))
	checkTable(t, "| part | 1 a second | 10 | 100 | 1,000 | 10,000 |", append(sustained, priced(sum, all[3:])))
}

// counted is the README's sentence about what was counted.
var counted = regexp.MustCompile(`\(([\d.]+) pages, ([\d.]+) sends, ([\d.]+) calls of DynamoDB with ([\d.]+) read and ([\d.]+) write units, ([\d.]+) kB of log; ` +
	`([\d.]+) kB of each person who shares the birthday, read ([\d.]+) times; ([\d.]+) kB stored of a record and ([\d.]+) kB of a lookup, indexes included; ([\d.]+) metrics`)

// checkCounted holds that sentence to what was counted.
func checkCounted(t *testing.T, u costs.Units) {
	t.Helper()
	readme, err := os.ReadFile(filepath.Join("..", "..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	said := counted.FindStringSubmatch(strings.Join(strings.Fields(string(readme)), " "))
	if said == nil {
		t.Fatal("the README does not say what was counted")
	}
	for i, v := range []float64{float64(u.Requests), float64(u.SQSRequests), float64(u.DynamoDBRequests), u.ReadUnits, u.WriteUnits, float64(u.LogBytes) / 1000,
		u.PersonKB, u.BirthdayReads, u.RecordKB, u.KeptKB, float64(u.Alarms)} {
		if !near(said[i+1], fmt.Sprint(v)) {
			t.Errorf("the README says %s in %q, and it is %.2f", said[i+1], said[0], v)
		}
	}
}

func priced(part string, values []float64) []string {
	row := []string{part}
	for _, v := range values {
		if v < 1_000 {
			row = append(row, fmt.Sprintf("$%.2f", v))
		} else {
			row = append(row, "$"+number(v))
		}
	}
	return row
}

// checkGrowth holds the README's tables of growth to what counted units come to.
func checkGrowth(t *testing.T, u costs.Units, s *stack.Stack) {
	t.Helper()
	d := deployment(t, s)
	var takes, limits, registers, others [][]string
	for _, rate := range costs.Rates {
		l := costs.Take(u, rate, teachers)
		takes = append(takes, []string{number(l.PerSecond), number(l.Requests), number(l.Functions), number(l.Writes), number(l.Reads),
			number(l.Parameters), number(l.EmailsADay), number(l.ReportItems), "$" + number(l.Dollars)})
	}
	busy := costs.Take(u, 1, teachers)
	checkTable(t, fmt.Sprintf("| lookups a second | requests | functions at once | write units of `%s` | read units of `%s` | parameters read | emails a day | items of a report | $ a month |",
		busy.WritesOf, busy.ReadsOf), takes)
	for _, l := range costs.Limits(u, d, teachers) {
		met := "–"
		if l.Met() > 0 {
			met = number(l.Met())
		}
		limits = append(limits, []string{met, l.Name, number(l.PerLooks), l.Answer})
	}
	first := costs.Limits(u, d, teachers)[0].PerLooks
	checkSays(t, fmt.Sprintf("%s a second are %s a month", number(first), number(first*30*24*60*60)))
	checkTable(t, "| met at | limit | from lookups a second | answer |", limits)
	for _, n := range costs.Registers {
		if most := costs.Take(u, 1, n).ReadsOf; (most == costs.BirthdayIndex) != (n == 10_000_000) {
			t.Errorf("%d teachers: %s is read most, and the README says otherwise", n, most)
		}
	}
	for _, r := range costs.Growth(u) {
		registers = append(registers, []string{number(float64(r.Teachers)), number(r.GB), number(r.OneBirthday), number(r.ReadUnits), number(r.AtOnce), number(r.Quota),
			number(r.OfOneBirthday), "$" + number(r.Storage), "$" + number(r.Reading)})
	}
	checkTable(t, "| teachers | GB with indexes | people a birthday | read units of a lookup | lookups a second at once | by the quota | of one birthday | storage a month | reading them, a million lookups |", registers)
	for _, l := range costs.Others(u, teachers) {
		others = append(others, []string{l.Name, number(l.PerLooks), l.Answer})
	}
	checkTable(t, "| limit | a second | answer |", others)
}

// deployment returns the limits that the template sets.
func deployment(t *testing.T, s *stack.Stack) costs.Deployment {
	t.Helper()
	declared, err := local.ReadTemplate()
	if err != nil {
		t.Fatal(err)
	}
	limits, err := simulate.Declared(declared)
	if err != nil {
		t.Fatal(err)
	}
	d := costs.Deployment{RequestsPerSecond: limits.GatewayRate, LookupConcurrency: limits.LookupConcurrency, UnlockBatches: limits.UnlockBatches,
		EmailBatches: limits.EmailBatches, Batch: limits.Batch, VisibilitySeconds: limits.Visibility.Seconds()}
	functions, err := s.Resources.Functions()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range functions {
		if f.ID == "ReportFunction" {
			d.Report = costs.ReportSettings{Seconds: f.Timeout.Seconds(), MB: float64(f.MemorySize)}
		}
	}
	report, _ := s.Resources.Resource("ReportFunction")
	temporary, _ := report.Properties["EphemeralStorage"].(map[string]any)
	if d.Report.TemporaryMB, err = strconv.ParseFloat(fmt.Sprint(temporary["Size"]), 64); err != nil {
		t.Fatal(err)
	}
	return d
}

// checkMorning holds what `make simulate` assumes of a lookup to what is counted.
func checkMorning(t *testing.T, u costs.Units) {
	t.Helper()
	rush, busy := simulate.Morning(1, time.Hour), costs.Take(u, 1, teachers)
	if rush.Requests != u.Requests || float64(rush.Requests+rush.Assets) != busy.Requests || math.Abs(rush.Writes-busy.Writes) > 1 {
		t.Errorf("a morning is simulated with %+v, and a lookup takes %+v", rush, busy)
	}
}

// number writes three digits that matter, or a whole number below a hundred as it is.
func number(v float64) string {
	switch {
	case v < 100 && math.Abs(v-math.Round(v)) < 1e-9:
		return fmt.Sprintf("%.0f", v)
	case v < 10:
		return fmt.Sprintf("%.2f", v)
	case v < 100:
		return fmt.Sprintf("%.1f", v)
	}
	unit := math.Pow10(int(math.Log10(v)) - 2)
	digits := strconv.FormatFloat(math.Round(v/unit)*unit, 'f', 0, 64)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// checkTable holds the README's table of that head to rows: texts are the same, and numbers within a tenth.
func checkTable(t *testing.T, head string, want [][]string) {
	t.Helper()
	readme, err := os.ReadFile(filepath.Join("..", "..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, after, found := strings.Cut(string(readme), "\n"+head+"\n")
	var got [][]string
	for line := range strings.Lines(after) {
		if !strings.HasPrefix(line, "| ") {
			if len(got) > 0 {
				break
			}
			continue // the line between the head and the rows
		}
		got = append(got, strings.Split(strings.TrimSuffix(strings.TrimPrefix(line, "| "), " |\n"), " | "))
	}
	if !found || !slices.EqualFunc(got, want, func(a, b []string) bool { return slices.EqualFunc(a, b, near) }) {
		var rows strings.Builder
		for _, row := range want {
			rows.WriteString("| " + strings.Join(row, " | ") + " |\n")
		}
		t.Errorf("the README's table\n%s\nhas not the rows\n%s", head, &rows)
	}
}

// checkSays checks that the README has a sentence, wherever its lines end.
func checkSays(t *testing.T, sentence string) {
	t.Helper()
	readme, err := os.ReadFile(filepath.Join("..", "..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(strings.Join(strings.Fields(string(readme)), " "), sentence) {
		t.Errorf("the README does not say: %s", sentence)
	}
}

// near reports whether two cells are the same, or numbers within a tenth and a cent.
func near(said, want string) bool {
	var numbers [2]float64
	for i, text := range []string{said, want} {
		var err error
		if numbers[i], err = strconv.ParseFloat(strings.ReplaceAll(strings.TrimPrefix(text, "$"), ",", ""), 64); err != nil {
			return said == want
		}
	}
	return math.Abs(numbers[0]-numbers[1]) <= 0.1*numbers[1]+0.01
}
