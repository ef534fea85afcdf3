package reportcmd_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"losttrn/internal/local/reportcmd"
	"losttrn/internal/local/sample"
	"losttrn/internal/local/stack"
	"losttrn/internal/local/waiting"
	"losttrn/internal/report/dataset"
)

// TestAReportOfTheLocalStackIsOfNow: each report is of what has happened until it is asked for, through the functions that
// make it, and replaces the one before. What stands in its rows is the matter of the end-to-end tests' fortnight.
func TestAReportOfTheLocalStackIsOfNow(t *testing.T) {
	s, dir := start(t, true)
	people := map[sample.Kind]sample.Person{}
	for _, person := range sample.People() {
		people[person.Kind] = person
	}
	command := reportcmd.Stack{StateFile: filepath.Join(dir, "stack.json"), Out: filepath.Join(dir, "reports", "latest"), Clock: time.Now,
		Timeout: time.Minute, Say: func(line string) { t.Log(line) }}
	first := lookUp(t, s, people[sample.NotLocked], "once@example.com")
	made, err := command.Make(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got := reported(t, command.Out); !slices.Equal(got, []string{first}) {
		t.Errorf("the report has %v, want %s", got, first)
	}
	if r, err := dataset.ParseRun(made.Run); err != nil || time.Since(r.ExportTime()) > time.Hour {
		t.Errorf("run %s, %v", made.Run, err)
	}
	second := lookUp(t, s, people[sample.Locked], "after@example.com")
	from := time.Now().UTC().AddDate(0, 0, -2).Format(time.DateOnly)
	if command.Days, err = dataset.ParseDays(from, ""); err != nil {
		t.Fatal(err)
	}
	if made, err = command.Make(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := reported(t, command.Out); !slices.Equal(got, []string{first, second}) {
		t.Errorf("the second report has %v, want %s and %s", got, first, second)
	}
	if made.From != from {
		t.Errorf("the second report is from %s, want %s", made.From, from)
	}
}

// lookUp makes a lookup that finds a person, waits until its TRN has been emailed, and returns its id.
func lookUp(t *testing.T, s *stack.Stack, p sample.Person, email string) string {
	t.Helper()
	text, err := json.Marshal(map[string]string{"email": email, "firstName": p.FirstName, "lastName": p.LastName, "dateOfBirth": p.DateOfBirth,
		"nationalInsuranceNumber": p.NINO})
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.Post(s.Gateway+"/v1/lookups", "application/json", bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	var answer struct{ LookupID, Outcome string }
	if err := json.Unmarshal(body, &answer); err != nil || answer.Outcome != "trn_sent" {
		t.Fatalf("answered %d %s, %v", response.StatusCode, body, err)
	}
	waiting.Until(t, "lookup "+answer.LookupID+" is decided", func() bool {
		item := lookupItem(t, s, answer.LookupID)
		return item["decidedAt"] != "" && item["trnEmailedAt"] != ""
	})
	return answer.LookupID
}

// reported are the ids of the matched lookups of a report.
func reported(t *testing.T, dir string) (ids []string) {
	t.Helper()
	body, err := os.ReadFile(filepath.Join(dir, "unlocks.csv"))
	if err != nil {
		t.Fatal(err)
	}
	all, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(body, []byte("\xef\xbb\xbf")))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	column := slices.Index(all[0], "Lookup id")
	for _, row := range all[1:] {
		ids = append(ids, row[column])
	}
	return ids
}
