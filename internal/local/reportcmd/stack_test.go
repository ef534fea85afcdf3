package reportcmd_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"losttrn/internal/attribute"
	"losttrn/internal/local/reportcmd"
	"losttrn/internal/local/sample"
	"losttrn/internal/local/stack"
	"losttrn/internal/lookup"
	"losttrn/internal/report"
	"losttrn/internal/report/dataset"
)

// TestADayOnTheLocalStack goes in at the service's door and looks at the helpdesk's files: nothing between is
// made by hand.
func TestADayOnTheLocalStack(t *testing.T) {
	s, dir := start(t, true)
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
	again := d.lookup(stranger, "stranger@example.com")
	d.ask(again.ID, stranger, "stranger@example.com")

	// Somebody asks the helpdesk and is found later; somebody else is answered.
	known := people[sample.ClosedAlert]
	misspelt := known
	misspelt.LastName, misspelt.DateOfBirth, misspelt.NINO = "Nobody", "1980-02-29", "QQ999998C"
	waited := d.lookup(misspelt, "later@example.com")
	d.ask(waited.ID, misspelt, "later@example.com")
	since := d.lookup(known, "later@example.com")
	d.decided(s, since.ID)
	sue := sample.Person{FirstName: "Sue", LastName: "Served", DateOfBirth: "1981-01-01", NINO: "QQ999997C"}
	served := d.lookup(sue, "served@example.com")
	d.ask(served.ID, sue, "served@example.com")
	d.set(s, "helpdeskRequests", "lookupId", served.ID, attribute.Item{"answeredAt": attribute.Time(time.Now()), "answeredBy": attribute.String("ann")})
	note := attribute.MapList(attribute.Item{"at": attribute.Time(time.Now()), "by": attribute.String("ann"), "note": attribute.String("=rang")})
	d.set(s, "emails", "email", "+head@example.com", attribute.Item{"contacted": note, "lifted": note})
	// Its email bounced.
	d.set(s, "lookups", "lookupId", third.ID, attribute.Item{"trnDelivery": attribute.String("permanent-failure")})

	out := filepath.Join(dir, "reports", "latest")
	made, err := reportcmd.Stack{StateFile: filepath.Join(dir, "stack.json"), Out: out, Clock: time.Now, Timeout: time.Minute,
		Say: func(line string) { t.Log(line) }}.Make(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if d.rows(out, "repeat-emails.csv") != "'+head@example.com 2 no ann '=rang" {
		t.Errorf("repeats: %s", d.rows(out, "repeat-emails.csv"))
	}
	want := strings.Join([]string{
		first.ID + " " + people[sample.Locked].TRN + " '+head@example.com unlocked ",
		second.ID + " " + people[sample.OpenAlert].TRN + " '+HEAD@example.com refused open_alert email_used_for_another_trn",
		third.ID + " " + people[sample.NotLocked].TRN + " once@example.com not_locked ",
		since.ID + " " + known.TRN + " later@example.com unlocked ",
	}, "\n")
	if got := d.rows(out, "unlocks.csv"); got != want {
		t.Errorf("unlocks:\n%s\nwant\n%s", got, want)
	}
	want = strings.Join([]string{
		none.ID + "; " + again.ID + " no_match stranger@example.com '=Nobody 2 ",
		waited.ID + " no_match later@example.com " + known.FirstName + " 1 " + lookup.Reference(since.ID),
	}, "\n")
	if got := d.rows(out, "helpdesk-requests.csv"); got != want {
		t.Errorf("requests:\n%s\nwant\n%s", got, want)
	}
	if got := d.rows(out, "undelivered.csv"); got != third.ID+" permanent-failure" {
		t.Errorf("undelivered: %s", got)
	}
	if got := d.rows(out, "pending.csv") + d.rows(out, "unreadable.csv"); got != "" {
		t.Errorf("pending or unreadable: %s", got)
	}
	page, err := os.ReadFile(filepath.Join(out, report.SummaryFile))
	if err != nil || !bytes.Contains(page, []byte("<dt>lookups</dt><dd>9</dd>")) || !bytes.Contains(page, []byte("<dd>44.4%</dd>")) {
		t.Errorf("the summary does not count nine lookups, four found: %v", err)
	}
	if r, err := dataset.ParseRun(made.Run); err != nil || time.Since(r.ExportTime()) > time.Hour {
		t.Errorf("run %s, %v", made.Run, err)
	}
	// A second report is of what has happened by then.
	d.decided(s, d.lookup(people[sample.AlsoLocked], "after@example.com").ID)
	later := reportcmd.Stack{StateFile: filepath.Join(dir, "stack.json"), Out: out, Timeout: time.Minute, Say: func(string) {}, Clock: time.Now}
	days, err := dataset.ParseDays(time.Now().UTC().AddDate(0, 0, -2).Format(time.DateOnly), "")
	if err != nil {
		t.Fatal(err)
	}
	later.Days = days
	if _, err := later.Make(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := strings.Count(d.rows(out, "unlocks.csv"), "\n") + 1; got != 5 {
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

// set writes attributes of an item, as the helpdesk's command and the receipts of emails do.
func (d day) set(s *stack.Stack, table, key, id string, attributes attribute.Item) {
	d.t.Helper()
	update, names, values := "SET ", map[string]string{}, attribute.Item{}
	for i, name := range slices.Sorted(maps.Keys(attributes)) {
		if i > 0 {
			update += ", "
		}
		update += fmt.Sprintf("#n%d = :v%d", i, i)
		names[fmt.Sprintf("#n%d", i)], values[fmt.Sprintf(":v%d", i)] = name, attributes[name]
	}
	_, err := s.DynamoDBClient().UpdateItem(d.t.Context(), &dynamodb.UpdateItemInput{TableName: aws.String(s.Tables[table]),
		Key: attribute.Item{key: attribute.String(id)}, UpdateExpression: &update, ExpressionAttributeNames: names, ExpressionAttributeValues: values})
	if err != nil {
		d.t.Fatal(err)
	}
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
		"repeat-emails.csv":     {"Email as typed", "Number of TRNs", "Role mailbox", "Contacted by", "Lift note"},
		"unlocks.csv":           {"Lookup id", "TRN", "Email as typed", "Outcome", "Reason codes"},
		"helpdesk-requests.csv": {"Lookup id", "Reason", "Email", "First name", "Requests", "Found since"},
		"undelivered.csv":       {"Lookup id", "Delivery"}, "pending.csv": {"Lookup id"}, "unreadable.csv": {"Key"},
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
