package endtoend_test

import (
	"bytes"
	"io/fs"
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
	"losttrn/internal/local/helpdeskcmd"
	"losttrn/internal/local/localtest"
	"losttrn/internal/local/running"
	"losttrn/internal/local/waiting"
	"losttrn/internal/lookup"
)

// helpdesk runs the program helpdesk over the stack, which must do what it is asked, and returns what it says.
func (w *fixture) helpdesk(t testing.TB, args ...string) string {
	t.Helper()
	return w.helpdeskOver(t, nil, args...)
}

// helpdeskOver is helpdesk with the program's calls of AWS made by another client than its own.
func (w *fixture) helpdeskOver(t testing.TB, client aws.HTTPClient, args ...string) string {
	t.Helper()
	var out, complaints bytes.Buffer
	p := helpdeskcmd.Program{Stdin: strings.NewReader(""), Stdout: &out, Stderr: &complaints, Clock: time.Now, HTTP: client,
		StateFile: filepath.Join(w.dir, running.File)}
	if code := p.Run(t.Context(), args); code != 0 {
		t.Fatalf("helpdesk %v: exit %d, %s%s", args, code, out.String(), complaints.String())
	}
	return out.String()
}

// TestTheHelpdeskIsToldWhy: ten stories, each made over HTTPS and told by its reference, by reads of single keys alone: one of
// each table that can hold it, the index of references, and for a request the index of what else its mailbox asked.
func TestTheHelpdeskIsToldWhy(t *testing.T) {
	w := common
	locked := func(i attribute.Item) { i["locked"] = attribute.Bool(false) }
	decided := func(p person, email string) string {
		id := w.lookUp(t, p.fields(email), "trn_sent")
		w.decided(t, id)
		return id
	}
	one := func(change func(attribute.Item)) string {
		p := w.newPerson(t, change)
		return decided(p, p.email)
	}
	// again is a lookup with an email that found another TRN just before.
	again := func(change func(attribute.Item)) string {
		first, second := w.newPerson(t, nil), w.newPerson(t, change)
		decided(first, first.email)
		return decided(second, first.email)
	}
	nobody := map[string]any{"email": "desk-nobody@example.com", "firstName": "Canary", "lastName": "Nobody", "dateOfBirth": "1931-02-03",
		"nationalInsuranceNumber": "QQ876543A"}
	twins := func() string {
		a := w.newPerson(t, nil)
		b := w.newPerson(t, func(i attribute.Item) {
			i["firstName"], i["lastName"], i["dateOfBirth"] = attribute.String(a.first), attribute.String(a.last), attribute.String(a.born)
		})
		for _, trn := range []string{a.trn, b.trn} {
			item := w.item(t, "teachers", "trn", trn)
			item["email"], item["emailKey"] = attribute.String(a.email), attribute.String(a.email)
			w.put(t, "teachers", item)
		}
		fields := a.fields(a.email)
		delete(fields, "nationalInsuranceNumber")
		return w.lookUp(t, fields, "helpdesk")
	}
	asked := w.lookUp(t, nobody, "no_match")
	if a := w.post(t, "/v1/lookups/"+asked+"/helpdesk-requests", nobody, ""); a.status != http.StatusAccepted {
		t.Fatalf("answered %d %s", a.status, a.body)
	}
	wire := localtest.Note(w.Servers, http.DefaultClient)
	byReference := []string{"GetItem emails", "GetItem helpdeskRequests", "GetItem lookups", "Query lookups/index/byReference"}
	ofARequest := slices.Insert(slices.Clone(byReference), 3, "Query helpdeskRequests/index/byEmail")
	for name, test := range map[string]struct {
		id   string
		want []string
	}{
		"locked and clean": {one(nil), []string{"The account was unlocked: it was locked, and every rule held.", "The email with the TRN was given to GOV.UK Notify."}},
		"an open alert":    {one(func(i attribute.Item) { i["alerts"] = alerts("") }), []string{"The account was not unlocked, because the record had an open alert."}},
		"an ended alert":   {one(func(i attribute.Item) { i["alerts"] = alerts("2015-01-01") }), []string{"The account was unlocked"}},
		"not locked":       {one(locked), []string{"The account was not locked, so there was nothing to unlock."}},
		"in doubt": {one(func(i attribute.Item) { i["inDoubtSince"] = attribute.Time(time.Now()) }),
			[]string{"The account was not unlocked, because the record was in doubt"}},
		"a repeat": {again(nil), []string{"The account was not unlocked, because the email address had found another TRN.", "Mailbox canary-"}},
		"a repeat, not locked": {again(locked),
			[]string{"Locked, it would have stayed so, because the email address had found another TRN."}},
		"a repeat, with an alert": {again(func(i attribute.Item) { i["alerts"] = alerts("") }),
			[]string{"because the record had an open alert and the email address had found another TRN."}},
		"nothing matched, help asked for": {asked, []string{"The lookup matched no record.", "The person asked the helpdesk for help", "The person waits for the helpdesk."}},
		"several matched":                 {twins(), []string{"because several records matched", "The person waits for the helpdesk."}},
	} {
		told := w.helpdeskOver(t, wire, "find", "-reference", strings.ToLower(lookup.Reference(test.id)))
		want := byReference
		if strings.Contains(told, "waits for the helpdesk") {
			want = ofARequest
		}
		if calls := wire.Take(); !slices.Equal(calls, want) {
			t.Errorf("%s: it was read by %v, want %v", name, calls, want)
		}
		for _, want := range append(test.want, test.id) {
			if !strings.Contains(told, want) {
				t.Errorf("%s: %q is not in\n%s", name, want, told)
			}
		}
	}
	w.helpdesk(t, "answered", "-reference", lookup.Reference(asked), "-by", "Jo", "-yes")
	if told := w.helpdesk(t, "find", "-email", "desk-nobody@example.com"); strings.Contains(told, "waits") || !strings.Contains(told, "Jo answered the request.") {
		t.Errorf("answered:\n%s", told)
	}
}

// TestARetryIsJudgedByTheRulesOfNow: the alert ended after the refusal, so the account is unlocked, and the person told.
func TestARetryIsJudgedByTheRulesOfNow(t *testing.T) {
	w := common
	p := w.newPerson(t, func(i attribute.Item) { i["alerts"] = alerts("") })
	id := w.lookUp(t, p.fields(p.email), "trn_sent")
	w.wantDecision(t, id, "refused[open_alert]")
	_, err := w.db.UpdateItem(t.Context(), &dynamodb.UpdateItemInput{TableName: aws.String(w.Tables["teachers"]),
		Key: attribute.Item{"trn": attribute.String(p.trn)}, UpdateExpression: aws.String("REMOVE alerts")})
	if err != nil {
		t.Fatal(err)
	}
	w.helpdesk(t, "retry", "-reference", id, "-why", "the alert ended", "-by", "Jo", "-yes")
	waiting.Until(t, "the account is unlocked", func() bool { return !w.locked(t, p) })
	w.wantDecision(t, id, "unlocked[]")
	told := w.helpdesk(t, "find", "-trn", p.trn)
	for _, want := range []string{`Jo had the unlock judged again ("the alert ended"). Before, the account was not unlocked`, "The account was unlocked"} {
		if !strings.Contains(told, want) {
			t.Errorf("%q is not in\n%s", want, told)
		}
	}
}

// TestErasureReachesEveryPlace of the local stack: tables, queues, outbox and files, but for the tables' own file, in
// which DynamoDB's stand-in overwrites what was deleted when it needs the room.
func TestErasureReachesEveryPlace(t *testing.T) {
	w := common
	p := w.newPerson(t, nil)
	address := "erase-me-" + p.trn + "@example.com"
	id := w.lookUp(t, p.fields(address), "trn_sent")
	w.wantDecision(t, id, "unlocked[]")
	said := w.erased(t, "-email", strings.ToUpper(address))
	for _, want := range []string{"The lookup " + lookup.Reference(id) + " is deleted.", "Deleted from the local stack: 2 emails of the outbox, and what was given for 1 lookup.", "remains in the tables' backups"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is not in\n%s", want, said)
		}
	}
	for _, table := range []string{"teachers", "emails", "lookups", "helpdeskRequests"} {
		for _, item := range localtest.Items(t, w.Servers, table) {
			for name := range item {
				if strings.Contains(attribute.Text(item, name), address) {
					t.Errorf("it stands in %s of %s", name, table)
				}
			}
		}
	}
	for _, e := range w.outbox(t) {
		if e.To == address || strings.Contains(e.Body, p.trn) {
			t.Errorf("it stands in the outbox: %s", e.Reference)
		}
	}
	waiting.Until(t, "no file mentions it", func() bool {
		found := ""
		err := filepath.WalkDir(w.dir, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || !entry.Type().IsRegular() || strings.HasPrefix(entry.Name(), "tables.db") {
				return err
			}
			content, err := os.ReadFile(path)
			if bytes.Contains(content, []byte(address)) {
				found = entry.Name()
			}
			return err
		})
		if found != "" || err != nil { // a file that is written anew may be gone in between
			t.Logf("%s %v", found, err)
		}
		return found == "" && err == nil
	})
}

// TestARestoredTableStillForbidsTheSecondUnlock: the record of a mailbox was lost with the table, and what it had found
// since the restore's point in time still keeps another's account locked, once that is written back.
func TestARestoredTableStillForbidsTheSecondUnlock(t *testing.T) {
	w := common
	first, second := w.newPerson(t, nil), w.newPerson(t, nil)
	since := time.Now().UTC().Truncate(time.Second).Format(time.RFC3339)
	w.wantDecision(t, w.lookUp(t, first.fields(first.email), "trn_sent"), "unlocked[]")
	_, err := w.db.DeleteItem(t.Context(), &dynamodb.DeleteItemInput{TableName: aws.String(w.Tables["emails"]),
		Key: attribute.Item{"email": attribute.String(first.email)}})
	if err != nil {
		t.Fatal(err)
	}
	if said := w.helpdesk(t, "restore", "-since", since, "-by", "Jo", "-yes"); !strings.Contains(said, "will be recorded where they are not") {
		t.Errorf("it says %s", said)
	}
	w.wantDecision(t, w.lookUp(t, second.fields(first.email), "trn_sent"), "refused[email_used_for_another_trn]")
}
