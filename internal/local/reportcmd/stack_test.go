package reportcmd_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"losttrn/internal/report/dataset"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"losttrn/internal/local/reportcmd"
	"losttrn/internal/local/sample"
	"losttrn/internal/local/stack"
	"losttrn/internal/report"
)

// TestADayOnTheLocalStack goes in at the service's door and looks at the helpdesk's files: nothing between is
// made by hand.
func TestADayOnTheLocalStack(t *testing.T) {
	dir := t.TempDir()
	s, err := stack.Start(t.Context(), stack.Options{Dir: dir, Sample: true, Report: func(err error) { t.Log(err) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Stop)
	people := map[sample.Kind]sample.Person{}
	for _, person := range sample.People() {
		people[person.Kind] = person
	}
	d := day{t: t, gateway: s.Gateway}
	first := d.lookup(people[sample.Locked], "+head@example.com")
	d.decided(s, first.ID)
	second := d.lookup(people[sample.OpenAlert], "+HEAD@example.com")
	d.decided(s, second.ID)
	third := d.lookup(people[sample.NotLocked], "once@example.com")
	d.decided(s, third.ID)
	stranger := sample.Person{FirstName: "=Nobody", LastName: "Known", DateOfBirth: "1980-02-29", NINO: "QQ999999C"}
	none := d.lookup(stranger, "stranger@example.com")
	d.ask(none.ID, stranger, "stranger@example.com")
	d.lookup(stranger, "another@example.com")

	out := filepath.Join(dir, "reports", "latest")
	made, err := reportcmd.Stack{StateFile: filepath.Join(dir, "stack.json"), Out: out, Clock: time.Now, Patience: time.Minute,
		Say: func(line string) { t.Log(line) }}.Make(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if d.rows(out, "repeat-emails.csv") != "'+head@example.com 2 no" {
		t.Errorf("repeats: %s", d.rows(out, "repeat-emails.csv"))
	}
	want := strings.Join([]string{
		first.ID + " " + people[sample.Locked].TRN + " '+head@example.com unlocked ",
		second.ID + " " + people[sample.OpenAlert].TRN + " '+HEAD@example.com refused open_alert email_used_for_another_trn",
		third.ID + " " + people[sample.NotLocked].TRN + " once@example.com not_locked ",
	}, "\n")
	if got := d.rows(out, "unlocks.csv"); got != want {
		t.Errorf("unlocks:\n%s\nwant\n%s", got, want)
	}
	if got := d.rows(out, "helpdesk-requests.csv"); got != none.ID+" no_match stranger@example.com '=Nobody 0" {
		t.Errorf("requests: %s", got)
	}
	page, err := os.ReadFile(filepath.Join(out, report.SummaryFile))
	if err != nil || !bytes.Contains(page, []byte("<dt>lookups</dt><dd>5</dd>")) || !bytes.Contains(page, []byte("<dd>60.0%</dd>")) {
		t.Errorf("the summary does not count five lookups, three found: %v", err)
	}
	if r, err := dataset.ParseRun(made.Run); err != nil || time.Since(r.ExportTime()) > time.Hour {
		t.Errorf("run %s, %v", made.Run, err)
	}
	// A second report is of what has happened by then.
	d.decided(s, d.lookup(people[sample.ClosedAlert], "later@example.com").ID)
	later := reportcmd.Stack{StateFile: filepath.Join(dir, "stack.json"), Out: out, Patience: time.Minute, Say: func(string) {}, Clock: time.Now}
	days, err := dataset.ParseDays(time.Now().UTC().AddDate(0, 0, -2).Format(time.DateOnly), "")
	if err != nil {
		t.Fatal(err)
	}
	later.Days = days
	if _, err := later.Make(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := strings.Count(d.rows(out, "unlocks.csv"), "\n") + 1; got != 4 {
		t.Errorf("%d rows after another lookup", got)
	}
}

// day is what people do on a day.
type day struct {
	t       *testing.T
	gateway string
}

type answer struct {
	ID      string `json:"lookupId"`
	Outcome string `json:"outcome"`
}

func (d day) post(path string, body any, want int) (a answer) {
	d.t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		d.t.Fatal(err)
	}
	response, err := http.Post(d.gateway+path, "application/json", bytes.NewReader(text))
	if err != nil {
		d.t.Fatal(err)
	}
	defer response.Body.Close()
	got, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != want {
		d.t.Fatalf("%s: %d %s, %v", path, response.StatusCode, got, err)
	}
	if err := json.Unmarshal(got, &a); err != nil && want == http.StatusOK {
		d.t.Fatal(err)
	}
	return a
}

func fields(p sample.Person, email string) map[string]string {
	return map[string]string{"email": email, "firstName": p.FirstName, "lastName": p.LastName, "dateOfBirth": p.DateOfBirth,
		"nationalInsuranceNumber": p.NINO}
}

func (d day) lookup(p sample.Person, email string) answer {
	d.t.Helper()
	return d.post("/v1/lookups", fields(p, email), http.StatusOK)
}

func (d day) ask(id string, p sample.Person, email string) {
	d.t.Helper()
	d.post("/v1/lookups/"+id+"/helpdesk-requests", fields(p, email), http.StatusAccepted)
}

// decided waits until the lookup's TRN has been emailed: by then its account has been judged, and so the order of
// lookups is the order of claims.
func (d day) decided(s *stack.Stack, id string) {
	d.t.Helper()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for range 600 {
		item := lookupItem(d.t, s, id)
		if item["decidedAt"] != "" && item["trnEmailedAt"] != "" {
			return
		}
		<-tick.C
	}
	d.t.Fatalf("lookup %s was not decided", id)
}

// rows are the columns of a report that a test can know, a row a line.
func (d day) rows(dir, name string) string {
	d.t.Helper()
	body, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		d.t.Fatal(err)
	}
	all, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(body, []byte("\xef\xbb\xbf")))).ReadAll()
	if err != nil {
		d.t.Fatal(err)
	}
	columns := map[string][]string{
		"repeat-emails.csv":     {"Email as typed", "Number of TRNs", "Role mailbox"},
		"unlocks.csv":           {"Lookup id", "TRN", "Email as typed", "Outcome", "Reason codes"},
		"helpdesk-requests.csv": {"Lookup id", "Reason", "Email", "First name", "Age in working days"},
	}[name]
	var lines []string
	for _, row := range all[1:] {
		var cells []string
		for _, column := range columns {
			i := slices.Index(all[0], column)
			if i < 0 {
				d.t.Fatalf("%s has no column %s", name, column)
			}
			cells = append(cells, row[i])
		}
		lines = append(lines, fmt.Sprint(strings.Join(cells, " ")))
	}
	return strings.Join(lines, "\n")
}
