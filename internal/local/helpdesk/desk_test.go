package helpdesk_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"losttrn/internal/attribute"
	"losttrn/internal/emailuse"
	"losttrn/internal/journal"
	"losttrn/internal/local"
	"losttrn/internal/local/faults"
	"losttrn/internal/local/helpdesk"
	"losttrn/internal/local/localtest"
	"losttrn/internal/lookup"
	"losttrn/internal/message"
	"losttrn/internal/teacher"
	"losttrn/internal/unlocking"
)

// office is a desk over real servers, on whose wire every call is seen and can be made to fail.
type office struct {
	*testing.T
	servers *local.Servers
	wire    *faults.Wire
	calls   *localtest.Noted
	desk    *helpdesk.Desk
	now     time.Time
}

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{T: t, servers: localtest.Servers(t), wire: &faults.Wire{}, now: noon}
	o.calls = localtest.Note(o.servers, o.wire)
	db, queues := localtest.Clients(o.servers, o.calls, 1)
	o.desk = &helpdesk.Desk{Database: db, Messages: queues, By: "Jo", Clock: func() time.Time { return o.now },
		Tables: helpdesk.Tables{Teachers: o.servers.Tables["teachers"], Emails: o.servers.Tables["emails"],
			Lookups: o.servers.Tables["lookups"], HelpdeskRequests: o.servers.Tables["helpdeskRequests"]},
		Queues: helpdesk.Queues{Matches: o.servers.Queues["matches"], MatchesDeadLetter: o.servers.Queues["matchesDeadLetter"],
			Emails: o.servers.Queues["emails"], EmailsDeadLetter: o.servers.Queues["emailsDeadLetter"]}}
	return o
}

func (o *office) email(text string) teacher.Email {
	o.Helper()
	email, err := teacher.ParseEmail(text)
	if err != nil {
		o.Fatal(err)
	}
	return email
}

func (o *office) trn(digits string) teacher.TRN {
	o.Helper()
	trn, err := teacher.ParseTRN(digits)
	if err != nil {
		o.Fatal(err)
	}
	return trn
}

func (o *office) journal() *journal.Store {
	return journal.New(o.servers.DynamoDBClient(), o.servers.Tables["lookups"], o.servers.Tables["helpdeskRequests"], o.desk.Clock)
}

// found records a match as the unlock function does, with its decision, and returns its lookup's id.
func (o *office) found(address, digits string, decision unlocking.Decision) string {
	o.Helper()
	id := lookup.NewID()
	match := message.Match{LookupID: id, TRN: o.trn(digits), Email: o.email(address), Name: "Ann Example", MatchedAt: o.now,
		Evidence: []string{"name", "date_of_birth", "email"}}
	_, err := o.journal().RecordMatch(o.Context(), match)
	if err == nil {
		_, err = emailuse.NewStore(o.servers.DynamoDBClient(), o.servers.Tables["emails"]).Claim(o.Context(), match.Email, match.TRN, id, o.now)
	}
	if err == nil && !decision.IsZero() {
		_, err = o.journal().RecordDecision(o.Context(), id, decision, o.now)
	}
	if err != nil {
		o.Fatal(err)
	}
	return id
}

// asked records a lookup that matched nothing and its request, and returns the lookup's id.
func (o *office) asked(address string) string {
	o.Helper()
	id := lookup.NewID()
	_, err := o.journal().RecordNoMatch(o.Context(), id, o.now)
	if err == nil {
		born, dateErr := teacher.ParseDate("1980-01-31")
		if dateErr != nil {
			o.Fatal(dateErr)
		}
		_, err = o.journal().RecordHelpdeskRequest(o.Context(), lookup.HelpdeskRequest{LookupID: id, Why: lookup.WhyNoMatch, RequestedAt: o.now,
			Query: lookup.Query{Email: o.email(address), FirstName: "Ann", LastName: "Example", DateOfBirth: born}})
	}
	if err != nil {
		o.Fatal(err)
	}
	return id
}

// letter puts a message into a dead-letter queue.
func (o *office) letter(queueName, group, body string) {
	o.Helper()
	_, err := o.servers.SQSClient().SendMessage(o.Context(), &sqs.SendMessageInput{QueueUrl: aws.String(o.servers.Queues[queueName]),
		MessageBody: aws.String(body), MessageGroupId: aws.String(group), MessageDeduplicationId: aws.String(lookup.NewID())})
	if err != nil {
		o.Fatal(err)
	}
}

func (o *office) do(change helpdesk.Change, err error) []string {
	o.Helper()
	if err != nil {
		o.Fatal(err)
	}
	did, err := change.Do(o.Context())
	if err != nil {
		o.Fatal(err)
	}
	return did
}

func (o *office) story(s helpdesk.Subject) string {
	o.Helper()
	held, err := o.desk.Find(o.Context(), s)
	if err != nil {
		o.Fatal(err)
	}
	var all strings.Builder
	for _, story := range held.Stories() {
		all.WriteString(text(story))
	}
	return all.String()
}

var refusedByAlert = unlocking.Decision{Outcome: unlocking.Refused, Reasons: []unlocking.Reason{unlocking.OpenAlert}}

// TestFindReadsByKeyAlone: no call but reads of single keys, each item once.
func TestFindReadsByKeyAlone(t *testing.T) {
	o := newOffice(t)
	localtest.Put(t, o.servers, "teachers", attribute.Item{"trn": attribute.String("1000021"), "emailKey": attribute.String("ann@example.com"),
		"status": attribute.String("active")})
	id := o.found("Ann+x@Example.com", "1000021", refusedByAlert)
	waiting := o.asked("ann@example.com")
	o.found("other@example.com", "1000022", refusedByAlert)
	byLookup := []string{"GetItem emails", "GetItem helpdeskRequests", "GetItem lookups", "Query lookups/index/byReference"}
	for name, test := range map[string]struct {
		subject helpdesk.Subject
		calls   []string
		tells   []string
	}{
		"email": {helpdesk.Subject{Email: o.email("ANN@example.com")},
			[]string{"GetItem emails", "GetItem helpdeskRequests", "GetItem helpdeskRequests", "GetItem lookups", "GetItem lookups", "GetItem teachers",
				"Query helpdeskRequests/index/byEmail", "Query lookups/index/byEmail", "Query teachers/index/byEmail"},
			[]string{lookup.Reference(id), lookup.Reference(waiting), "The person waits for the helpdesk.", "Mailbox ann@example.com"}},
		"trn": {helpdesk.Subject{TRN: o.trn("1000021")},
			[]string{"GetItem emails", "GetItem helpdeskRequests", "GetItem lookups", "GetItem teachers", "Query emails/index/byFirstTrn", "Query lookups/index/byTrn"},
			[]string{lookup.Reference(id), "Mailbox ann@example.com"}},
		"reference": {helpdesk.Subject{Reference: lookup.Reference(id)}, byLookup, []string{lookup.Reference(id), "Mailbox ann@example.com", "an open alert"}},
		"id":        {helpdesk.Subject{LookupID: id}, byLookup[:3], []string{lookup.Reference(id)}},
		"a request's": {helpdesk.Subject{Reference: lookup.Reference(waiting)},
			[]string{"GetItem emails", "GetItem helpdeskRequests", "GetItem lookups", "Query helpdeskRequests/index/byEmail", "Query lookups/index/byReference"},
			[]string{lookup.Reference(waiting), "The person waits for the helpdesk.", "Mailbox ann@example.com"}},
		"nothing": {helpdesk.Subject{Email: o.email("nobody@example.com")}, []string{"GetItem emails", "Query helpdeskRequests/index/byEmail", "Query lookups/index/byEmail", "Query teachers/index/byEmail"}, nil},
	} {
		o.calls.Take()
		got := o.story(test.subject)
		if calls := o.calls.Take(); !slices.Equal(calls, test.calls) {
			t.Errorf("%s: calls %v, want %v", name, calls, test.calls)
		}
		for _, want := range test.tells {
			if !strings.Contains(got, want) {
				t.Errorf("%s: %q is not in\n%s", name, want, got)
			}
		}
		if strings.Contains(got, "other@example.com") || len(test.tells) == 0 && got != "" {
			t.Errorf("%s: it tells of others:\n%s", name, got)
		}
	}
}

// TestExpiredIsNotTold: DynamoDB deletes late.
func TestExpiredIsNotTold(t *testing.T) {
	o := newOffice(t)
	id := o.asked("ann@example.com")
	o.now = noon.AddDate(0, 0, 91)
	if got := o.story(helpdesk.Subject{LookupID: id}); strings.Contains(got, "waits") || !strings.Contains(got, "matched no record") {
		t.Errorf("after 91 days:\n%s", got)
	}
	o.now = noon.AddDate(0, 19, 0)
	if got := o.story(helpdesk.Subject{LookupID: id}); got != "" {
		t.Errorf("after 19 months:\n%s", got)
	}
}
