package endtoend_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"losttrn/internal/attribute"
	"losttrn/internal/local/running"
	"losttrn/internal/local/sample"
	"losttrn/internal/local/stack"
	"losttrn/internal/local/waiting"
)

const functionsFolder = "../../../functions"

// eventRow is a row of the README's table of the events: the function, the names of its files, and how they end.
var eventRow = regexp.MustCompile("(?m)^\\| `([a-z]+)` \\| (`.*`) \\| `([^`]+)` \\|.*\\|$")

// promised are the ends of the events as the README has them, by function and file.
func promised(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile("../../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, found := strings.Cut(string(text), "### The events\n")
	if !found {
		t.Fatal("README.md has no section on the events")
	}
	section, _, _ = strings.Cut(section, "\n## ")
	ends := map[string]string{}
	for _, row := range eventRow.FindAllStringSubmatch(section, -1) {
		for name := range strings.SplitSeq(strings.ReplaceAll(row[2], "`", ""), ", ") {
			ends[row[1]+"/"+name] = row[3]
		}
	}
	return ends
}

// TestEveryEventEndsAsTheREADMESays invokes each function with each of its events, as `make invoke` does after
// `make run`, and waits for what follows; then one event of each as `sam local invoke` does. `make test-dates` runs it on
// other days too.
func TestEveryEventEndsAsTheREADMESays(t *testing.T) {
	dir := t.TempDir()
	s, err := stack.Start(t.Context(), stack.Options{Dir: dir, Sample: true, SAM: true, Report: func(err error) { fmt.Fprintln(t.Output(), err) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Stop)
	w := &fixture{Stack: s, dir: dir, db: s.DynamoDBClient()}

	files, err := filepath.Glob(filepath.Join(functionsFolder, "*", "events", "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no events: %v", err)
	}
	// The exports last, so that no report is there before its event.
	slices.SortStableFunc(files, func(a, b string) int { return exportsLast(a) - exportsLast(b) })
	wants, runs := promised(t), []string{}
	for _, file := range files {
		name := filepath.Base(filepath.Dir(filepath.Dir(file))) + "/" + strings.TrimSuffix(filepath.Base(file), ".json")
		ending, run := w.invoke(t, file)
		if want := wants[name]; ending != want {
			t.Errorf("%s ends with %q, and the README says %q", name, ending, want)
		}
		delete(wants, name)
		if run != "" && exportsLast(file) > 0 {
			runs = append(runs, run)
		}
	}
	for name := range wants {
		t.Errorf("%s is in the README, and there is no such event", name)
	}

	for _, run := range runs {
		waiting.Until(t, "the report of "+run, func() bool { return strings.Contains(logs(t, dir), `"run":"`+run+`","outcome":"published"`) })
	}
	if text := logs(t, dir); strings.Contains(text, `"msg":"no report"`) {
		t.Error("a report failed")
	}
	const match = "e1a7c1f0-6f0e-4d53-8a54-3d1c5b7f0a01"                          // the lookup of unlock/match
	if got := w.decided(t, match); got != "unlocked[]" && got != "not_locked[]" { // the lookup's events are of the same person
		t.Errorf("unlock/match was decided as %s", got)
	}
	if attribute.Flag(w.item(t, "teachers", "trn", sample.People()[0].TRN), "locked") {
		t.Error("the account is locked still")
	}
	var sent []string
	for _, e := range w.outbox(t) {
		for _, id := range []string{"11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222", "2026-05-01"} { // of notify's events
			if kind, ours := strings.CutPrefix(e.Reference, id+"-"); ours {
				sent = append(sent, kind)
			}
		}
	}
	slices.Sort(sent)
	if want := []string{"helpdesk_report", "helpdesk_request", "unlocked"}; !slices.Equal(sent, want) {
		t.Errorf("notify's events sent %v, want %v", sent, want)
	}
	for queue, want := range map[string]int{"matchesDeadLetter": 1, "emailsDeadLetter": 4, "reportsDeadLetter": 0, "loadsDeadLetter": 0} {
		if got := w.depth(t, queue); got != want {
			t.Errorf("%d messages in %s, want %d", got, queue, want)
		}
	}
	w.holdSAM(t)
}

func exportsLast(file string) int { return strings.Count(file, "/export/") }

// invoke says how a function ended, and of which run its answer is.
func (w *fixture) invoke(t *testing.T, file string) (ending, run string) {
	t.Helper()
	event, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer event.Close()
	function := filepath.Base(filepath.Dir(filepath.Dir(file)))
	a := w.send(t, http.MethodPost, "/_local/functions/"+function+"/invocations", event, nil)
	if kind := a.header.Get(running.FunctionErrorHeader); kind != "" {
		return kind + ": " + a.body, ""
	}
	var answer struct {
		StatusCode        int
		Body              string
		BatchItemFailures []any
		Run, Outcome      string
		Tables            map[string]string
	}
	if err := json.Unmarshal([]byte(a.body), &answer); err != nil {
		t.Fatal(err)
	}
	var body struct{ Code, Outcome string }
	switch _ = json.Unmarshal([]byte(answer.Body), &body); { // not every answer has a body of JSON
	case answer.StatusCode != 0:
		return strings.TrimSpace(fmt.Sprint(answer.StatusCode, " ", body.Code, body.Outcome)), ""
	case answer.Tables != nil:
		statuses := map[string]bool{}
		for _, status := range answer.Tables {
			statuses[status] = true
		}
		if len(statuses) == 1 {
			return answer.Tables["lookups"], answer.Run
		}
		return fmt.Sprint(answer.Tables), answer.Run
	case answer.Outcome != "":
		return answer.Outcome, answer.Run
	case len(answer.BatchItemFailures) > 0:
		return fmt.Sprintf("%d failures", len(answer.BatchItemFailures)), ""
	}
	return "no failures", ""
}

// depth is how many messages a queue holds.
func (w *fixture) depth(t *testing.T, queue string) int {
	t.Helper()
	a := w.send(t, http.MethodGet, "/_local/queues", nil, map[string]string{"Accept": "application/json"})
	var queues map[string]struct{ Depth int }
	if err := json.Unmarshal([]byte(a.body), &queues); err != nil {
		t.Fatal(err)
	}
	return queues[queue].Depth
}
