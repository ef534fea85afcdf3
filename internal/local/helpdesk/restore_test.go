package helpdesk_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"losttrn/internal/attribute"
	"losttrn/internal/local/localtest"
	"losttrn/internal/lookup"
)

// mailboxes are the records of the emails table, each as text.
func (o *office) mailboxes() map[string]string {
	o.Helper()
	all := map[string]string{}
	for _, item := range localtest.Items(o, o.servers, "emails") {
		text, err := json.Marshal(item)
		if err != nil {
			o.Fatal(err)
		}
		all[attribute.Text(item, "email")] = string(text)
	}
	return all
}

func (o *office) forget(mailbox string) {
	o.Helper()
	_, err := o.servers.DynamoDBClient().DeleteItem(o.Context(), &dynamodb.DeleteItemInput{TableName: &o.desk.Tables.Emails,
		Key: attribute.Item{"email": attribute.String(mailbox)}})
	if err != nil {
		o.Fatal(err)
	}
}

// TestARestoredTableRemembersWhatLookupsFoundSince: the emails table is set back to a point in time, and then is, item for
// item, what it was; whom the service unlocked because it did not know is named.
func TestARestoredTableRemembersWhatLookupsFoundSince(t *testing.T) {
	o := newOffice(t)
	o.found("Ann@example.com", "1000001", unlocked)
	atThatTime := localtest.Item(t, o.servers, "emails", "ann@example.com")
	since := o.now.Add(time.Minute)
	at := func(minutes int) { o.now = since.Add(time.Duration(minutes) * time.Minute) }
	at(1)
	wrongly := o.found("ann@example.com", "1000002", unlocked) // as if the record had been lost by then
	at(2)
	bob := o.found("Bob+x@example.com", "1000003", unlocked)
	at(3)
	o.found("bob@example.com", "1000003", unlocked)
	at(4)
	o.found("ann@example.com", "1000004", refusedByAlert)
	o.asked("di@example.com")
	want := o.mailboxes()
	o.forget("ann@example.com")
	o.forget("bob@example.com")
	localtest.Put(t, o.servers, "emails", atThatTime)

	change, err := o.desk.RestoreClaims(t.Context(), since)
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"4 matches since 2026-06-22T11:01:00Z, of 2 mailboxes, will be recorded where they are not."}; !slices.Equal(change.Will, want) {
		t.Errorf("%q", change.Will)
	}
	if got := o.mailboxes(); len(got) != 1 {
		t.Errorf("asking changed %v", got)
	}
	did := o.do(change, nil)
	if got := o.mailboxes(); len(got) != len(want) || got["ann@example.com"] != want["ann@example.com"] || got["bob@example.com"] != want["bob@example.com"] {
		t.Errorf("got %v\nwant %v", got, want)
	}
	text := strings.Join(did, "\n")
	if !strings.Contains(text, "4 of 4 matches") || !strings.Contains(text, lookup.Reference(wrongly)) || strings.Contains(text, lookup.Reference(bob)) {
		t.Errorf("%s", text)
	}

	if again := strings.Join(o.do(o.desk.RestoreClaims(t.Context(), since)), "\n"); !strings.Contains(again, "0 of 4 matches") {
		t.Errorf("again: %s", again)
	}
	if got := o.mailboxes(); got["ann@example.com"] != want["ann@example.com"] || got["bob@example.com"] != want["bob@example.com"] {
		t.Errorf("again: %v", got)
	}
	if _, err := o.desk.RestoreClaims(t.Context(), o.now.Add(time.Hour)); err == nil || !strings.Contains(err.Error(), "No lookup has found") {
		t.Errorf("nothing found since: %v", err)
	}
}

// TestALiftedRecordIsNoOther: what the helpdesk let count no longer before a match did not stop it.
func TestALiftedRecordIsNoOther(t *testing.T) {
	o := newOffice(t)
	o.found("ann@example.com", "1000001", unlocked)
	o.now = o.now.Add(time.Minute)
	o.do(o.desk.Lift(t.Context(), o.email("ann@example.com"), "a colleague's"))
	o.now = o.now.Add(time.Minute)
	o.found("ann@example.com", "1000002", unlocked)
	if text := strings.Join(o.do(o.desk.RestoreClaims(t.Context(), noon)), "\n"); strings.Contains(text, "Unlocked although") {
		t.Errorf("%s", text)
	}
}

// TestALookupThatCannotBeReadIsNamed, and the others are written.
func TestALookupThatCannotBeReadIsNamed(t *testing.T) {
	o := newOffice(t)
	o.found("ann@example.com", "1000001", unlocked)
	o.forget("ann@example.com")
	localtest.Put(t, o.servers, "lookups", attribute.Item{"lookupId": attribute.String(id), "outcome": attribute.String("trn_sent"),
		"receivedAt": attribute.Time(o.now), "email": attribute.String("nobody"), "trn": attribute.String("1000002")})
	change, err := o.desk.RestoreClaims(t.Context(), o.now)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := change.Do(t.Context()); err == nil || !strings.Contains(err.Error(), id) || len(o.mailboxes()) != 1 {
		t.Errorf("%v, %v", err, o.mailboxes())
	}
}
