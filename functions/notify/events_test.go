package main

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/google/go-cmp/cmp"

	"losttrn/internal/attribute"
	"losttrn/internal/journal"
	"losttrn/internal/local"
	"losttrn/internal/local/localtest"
	"losttrn/internal/local/outbox"
	"losttrn/internal/message"
	"losttrn/internal/metric"
	"losttrn/internal/notify"
	"losttrn/internal/queue"
	"losttrn/internal/register"
	"losttrn/internal/teacher"
)

const (
	key      = "local-26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0"
	matched  = "11111111-1111-4111-8111-111111111111" // the lookup of trn.json and unlocked.json
	askedFor = "22222222-2222-4222-8222-222222222222" // the lookup of helpdesk-request.json
)

var templateIDs = map[message.Kind]string{
	message.KindTRN:             "00000000-0000-4000-8000-000000000001",
	message.KindUnlocked:        "00000000-0000-4000-8000-000000000002",
	message.KindHelpdeskRequest: "00000000-0000-4000-8000-000000000003",
	message.KindHelpdeskTicket:  "00000000-0000-4000-8000-000000000004",
	message.KindHelpdeskReport:  "00000000-0000-4000-8000-000000000005",
	message.KindOwnerNotice:     "00000000-0000-4000-8000-000000000006",
}

type fixedKey string

func (k fixedKey) Value(context.Context) (string, error) { return string(k), nil }

// stage is the function's handler with all that it calls: the tables, the dead-letter queue, and the outbox in
// Notify's place.
type stage struct {
	handle  func(context.Context, events.SQSEvent) (events.SQSEventResponse, error)
	servers *local.Servers
	outbox  *outbox.Outbox
}

func newStage(t *testing.T) *stage {
	t.Helper()
	templates := map[string]outbox.Template{}
	for _, text := range notify.Templates() {
		templates[templateIDs[text.Kind]] = outbox.Template{Kind: string(text.Kind), Subject: text.Subject, Body: text.Body}
	}
	box, err := outbox.Open(filepath.Join(t.TempDir(), "outbox.jsonl"), templates, func() (string, error) { return key, nil })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = box.Close() })
	server := httptest.NewServer(box.Handler())
	t.Cleanup(server.Close)

	s := &stage{servers: localtest.Servers(t), outbox: box}
	log := slog.New(slog.NewJSONHandler(t.Output(), nil))
	mailbox, err := teacher.ParseEmail("helpdesk@example.com")
	if err != nil {
		t.Fatal(err)
	}
	entries := journal.New(s.servers.DynamoDBClient(), s.servers.Tables["lookups"], s.servers.Tables["helpdeskRequests"], time.Now)
	mailer := &notify.Mailer{
		Journal: entries, Requests: entries, Owners: register.NewStore(s.servers.DynamoDBClient(), s.servers.Tables["teachers"]),
		Post:  notify.NewClient(server.URL, fixedKey(key), templateIDs, time.Now),
		Desk:  notify.Desk{Mailbox: mailbox, Email: "qts.enquiries@education.gov.uk", WorkingDays: "5"},
		Clock: time.Now, Log: log, Metrics: metric.New(t.Output(), "test", "notify", time.Now),
	}
	s.handle = queue.NewBatch(mailer.Process, queue.NewDeadLetters(s.servers.SQSClient(), s.servers.Queues["emailsDeadLetter"]), log).Handle
	for table, items := range map[string][]attribute.Item{
		"lookups": {
			{"lookupId": attribute.String(matched), "outcome": attribute.String("trn_sent"), "trn": attribute.String("1000001"),
				"email": attribute.String("ann@example.com")},
			{"lookupId": attribute.String(askedFor), "outcome": attribute.String("no_match")},
		},
		"teachers": {{"trn": attribute.String("1000001"), "email": attribute.String("owner@example.com")}},
		"helpdeskRequests": {{"lookupId": attribute.String(askedFor), "why": attribute.String("no_match"),
			"requestedAt": attribute.Time(time.Now()), "expiresAt": attribute.Epoch(time.Now().AddDate(0, 0, 90)),
			"details": attribute.Map(attribute.Item{"email": attribute.String("bo@example.com"), "firstName": attribute.String("Bo"),
				"lastName": attribute.String("Example"), "dateOfBirth": attribute.String("1980-01-31")})}},
	} {
		for _, item := range items {
			if _, err := s.servers.DynamoDBClient().PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String(s.servers.Tables[table]), Item: item}); err != nil {
				t.Fatal(err)
			}
		}
	}
	return s
}

func (s *stage) run(t *testing.T, file string) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("events", file))
	if err != nil {
		t.Fatal(err)
	}
	var event events.SQSEvent
	if err := json.Unmarshal(text, &event); err != nil {
		t.Fatal(err)
	}
	response, err := s.handle(t.Context(), event)
	if err != nil {
		t.Fatal(err)
	}
	failed := []string{}
	for _, failure := range response.BatchItemFailures {
		failed = append(failed, failure.ItemIdentifier)
	}
	return failed
}

// sent lists what went out, oldest first, by reference.
func (s *stage) sent() []string {
	sent := []string{}
	for _, email := range s.outbox.Emails() {
		sent = append(sent, email.To+" "+email.Reference)
	}
	return sent
}

func (s *stage) recorded(t *testing.T, lookupID string) []string {
	t.Helper()
	out, err := s.servers.DynamoDBClient().GetItem(t.Context(), &dynamodb.GetItemInput{
		TableName: aws.String(s.servers.Tables["lookups"]), Key: map[string]types.AttributeValue{"lookupId": &types.AttributeValueMemberS{Value: lookupID}},
	})
	if err != nil {
		t.Fatal(err)
	}
	times := []string{}
	for _, name := range []string{"trnEmailedAt", "unlockEmailedAt", "requestEmailedAt", "ticketEmailedAt", "ownerEmailedAt"} {
		if out.Item[name] != nil {
			times = append(times, name)
		}
	}
	return times
}

// deadLetters lists what was set aside: body and reason.
func (s *stage) deadLetters(t *testing.T) map[string]string {
	t.Helper()
	letters := map[string]string{}
	for {
		out, err := s.servers.SQSClient().ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{
			QueueUrl: aws.String(s.servers.Queues["emailsDeadLetter"]), MessageAttributeNames: []string{"All"},
		})
		if err != nil {
			t.Fatal(err)
		}
		if len(out.Messages) == 0 {
			return letters
		}
		for _, m := range out.Messages {
			letters[*m.Body] = aws.ToString(m.MessageAttributes[queue.AttributeReason].StringValue) + " of " + aws.ToString(m.MessageAttributes[queue.AttributeSource].StringValue)
			_, err := s.servers.SQSClient().DeleteMessage(t.Context(), &sqs.DeleteMessageInput{QueueUrl: aws.String(s.servers.Queues["emailsDeadLetter"]), ReceiptHandle: m.ReceiptHandle})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestEvents(t *testing.T) {
	s := newStage(t)
	check := func(what string, want, got any) {
		t.Helper()
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", what, diff)
		}
	}
	for _, file := range []string{"trn.json", "trn.json", "unlocked.json", "helpdesk-request.json", "helpdesk-ticket.json", "helpdesk-report.json", "owner-notice.json", "owner-notice.json", "unreadable.json"} {
		check("failures of "+file, []string{}, s.run(t, file))
	}
	want := []string{"ann@example.com " + matched + "-trn", "ann@example.com " + matched + "-unlocked", "bo@example.com " + askedFor + "-helpdesk_request",
		"helpdesk@example.com " + askedFor + "-helpdesk_ticket", "helpdesk@example.com 2026-05-01-helpdesk_report", "owner@example.com " + matched + "-owner_notice"}
	check("sent", want, s.sent())
	check("recorded of the match", []string{"trnEmailedAt", "unlockEmailedAt", "ownerEmailedAt"}, s.recorded(t, matched))
	check("recorded of the request", []string{"requestEmailedAt", "ticketEmailedAt"}, s.recorded(t, askedFor))
	check("set aside", map[string]string{`{"version":1,"lookupId":`: "unreadable of emails.fifo"}, s.deadLetters(t))

	// All of them once more, in one batch with a message of another version: nothing goes out twice.
	check("failures of batch.json", []string{}, s.run(t, "batch.json"))
	check("sent after the batch", want, s.sent())
}

// TestOurFaultsAreNotTheEmails: an email comes back for as long as our clock, key or template is wrong, is not set
// aside, and goes out once when that is mended.
func TestOurFaultsAreNotTheEmails(t *testing.T) {
	s := newStage(t)
	for _, fault := range []outbox.Fault{
		{Status: 403},
		{Status: 403, Error: "AuthError", Message: "Error: Your system clock must be accurate to within 30 seconds"},
		{Status: 421}, {Status: 425},
		{Status: 400, Error: "BadRequestError", Message: "Can't send to this recipient using a team-only API key"},
		{Status: 400, Error: "BadRequestError", Message: "Template not found"},
		{Status: 400, Error: "BadRequestError", Message: "Missing personalisation: trn"},
	} {
		s.outbox.ClearFaults()
		s.outbox.SetFault(fault)
		for range 3 {
			if failed := s.run(t, "trn.json"); len(failed) != 1 {
				t.Errorf("%d %s: %v come back, want the email", fault.Status, fault.Message, failed)
			}
		}
	}
	s.outbox.ClearFaults()
	if failed := s.run(t, "trn.json"); len(failed) != 0 {
		t.Errorf("%v come back although Notify is well", failed)
	}
	if diff := cmp.Diff([]string{"ann@example.com " + matched + "-trn"}, s.sent()); diff != "" {
		t.Errorf("sent (-want +got):\n%s", diff)
	}
	if set := s.deadLetters(t); len(set) != 0 {
		t.Errorf("set aside: %v", set)
	}
}

// TestNotifyInTrouble: what a later try will mend comes back, the rest of its group with it; what is final is set
// aside; and the person gets each email once in the end.
func TestNotifyInTrouble(t *testing.T) {
	s := newStage(t)
	s.outbox.SetFault(outbox.Fault{Status: 500, Count: 1, Address: "ann@example.com", After: true}) // the acknowledgement is lost
	s.outbox.SetFault(outbox.Fault{Status: 400, Count: 1, Address: "bo@example.com"})
	want := []string{"aaaaaaaa-0000-4000-8000-000000000001", "aaaaaaaa-0000-4000-8000-000000000002"}
	if diff := cmp.Diff(want, s.run(t, "batch.json")); diff != "" {
		t.Errorf("failures (-want +got):\n%s", diff)
	}
	for range 2 {
		s.run(t, "trn.json")
		s.run(t, "unlocked.json")
	}
	if diff := cmp.Diff([]string{"ann@example.com " + matched + "-trn", "ann@example.com " + matched + "-unlocked"}, s.sent()); diff != "" {
		t.Errorf("sent (-want +got):\n%s", diff)
	}
	reasons := map[string]int{}
	for _, reason := range s.deadLetters(t) {
		reasons[reason]++
	}
	if diff := cmp.Diff(map[string]int{"notify_400 of emails.fifo": 1, "unreadable of emails.fifo": 1, "unknown_version of emails.fifo": 1}, reasons); diff != "" {
		t.Errorf("set aside (-want +got):\n%s", diff)
	}
}
