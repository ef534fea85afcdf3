package helpdeskcmd

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"losttrn/internal/attribute"
	"losttrn/internal/local"
	"losttrn/internal/local/helpdesk"
	"losttrn/internal/local/localtest"
	"losttrn/internal/lookup"
)

func TestMain(m *testing.M) { localtest.Main(m) }

type run struct {
	code        int
	out, errors string
}

// runner runs the program over real servers with one mailbox in them.
func runner(t *testing.T) (func(stdin string, args ...string) run, func() attribute.Item) {
	t.Helper()
	s := localtest.Servers(t)
	return runnerOver(t, s), func() attribute.Item { return localtest.Item(t, s, "emails", "ann@example.com") }
}

func runnerOver(t *testing.T, s *local.Servers) func(stdin string, args ...string) run {
	t.Helper()
	localtest.Put(t, s, "emails", attribute.Item{"email": attribute.String("ann@example.com"), "lastUsedAt": attribute.String("2026-11-22T12:00:00.000Z"),
		"firstTrn": attribute.String("1000001"), "trns": attribute.Map(attribute.Item{"1000001": attribute.String("2026-11-22T12:00:00.000Z")})})
	open := func(_ context.Context, settings Settings) (*helpdesk.Desk, error) {
		return &helpdesk.Desk{Database: s.DynamoDBClient(), Messages: s.SQSClient(), By: settings.By, Clock: time.Now,
			Tables: helpdesk.Tables{Teachers: s.Tables["teachers"], Emails: s.Tables["emails"], Lookups: s.Tables["lookups"],
				HelpdeskRequests: s.Tables["helpdeskRequests"]},
			Queues: helpdesk.Queues{Matches: s.Queues["matches"], MatchesDeadLetter: s.Queues["matchesDeadLetter"],
				Emails: s.Queues["emails"], EmailsDeadLetter: s.Queues["emailsDeadLetter"]}}, nil
	}
	return func(stdin string, args ...string) run {
		var out, errs bytes.Buffer
		p := Program{Stdin: strings.NewReader(stdin), Stdout: &out, Stderr: &errs, Clock: time.Now, Open: open}
		return run{p.Run(t.Context(), args), out.String(), errs.String()}
	}
}

func TestWrongArgumentsAreSaid(t *testing.T) {
	helpdesk, _ := runner(t)
	for args, want := range map[string]string{
		"":                                       "usage: helpdesk COMMAND",
		"burn":                                   `there is no command "burn"`,
		"find -address a@example.com":            "`helpdesk help` lists the flags",
		"find -email ann@example.com -note x":    "it takes no -note",
		"find -since 2026-11-26T09:30:00Z":       "it takes no -since",
		"answered -reference MN93F-KWNMH -why x": "it takes no -why",
		"retry -reference MN93F-KWNMH -note x":   "it takes no -note",
		"lift -email ann@example.com -note x":    "it takes no -note",
		"erase -trn 1000001 -all":                "it takes no -all",
		"lift -email ann@example.com -why  ":     "flag needs an argument",
		"contacted -email ann@example.com -note " + strings.Repeat("é", 501): "-note is longer than 500 characters",
		"find":                                   "give -email or -trn or -reference",
		"find -email a@example.com -trn 1000001": "give -email or -trn or -reference",
		"find -email ann":                        "-email is not an email address",
		"find -trn 12":                           "-trn is not a TRN",
		"find -reference O0O0O":                  "-reference is not a reference",
		"answered -email a@example.com":          "it takes no -email",
		"lift -email ann@example.com":            "give -why",
		"erase -email ann@example.com now":       `"now" is too much`,
		"restore":                                "give -since",
		"restore -since yesterday":               "-since is not a time",
		"restore -since 2026-11-26T09:30:00Z -trn 1000001": "it takes no -trn",
	} {
		if got := helpdesk("", strings.Fields(args)...); got.code != 2 || !strings.Contains(got.errors, want) || got.out != "" {
			t.Errorf("%q: %+v, want %q", args, got, want)
		}
	}
}

func TestHelpIsNoMistake(t *testing.T) {
	helpdesk, _ := runner(t)
	for _, args := range [][]string{{"help"}, {"--help"}, {"-h"}, {"find", "-h"}} {
		if got := helpdesk("", args...); got.code != 0 || !strings.HasPrefix(got.out, "usage: helpdesk COMMAND") || got.errors != "" {
			t.Errorf("%v: %+v", args, got)
		}
	}
}

// TestTextsForColleagues: spaces are no text, and a name cannot end its line.
func TestTextsForColleagues(t *testing.T) {
	helpdesk, item := runner(t)
	for _, test := range []struct {
		note, by, want string
	}{{" \t", "Jo", "give -note"}, {"rang", "Jo\nDone.", "-by is a name"}, {"rang", "\x1b[2JJo", "-by is a name"}} {
		got := helpdesk("", "contacted", "-email", "ann@example.com", "-note", test.note, "-by", test.by, "-yes")
		if got.code != 2 || !strings.Contains(got.errors, test.want) || item()["contacted"] != nil {
			t.Errorf("%q by %q: %+v", test.note, test.by, got)
		}
	}
	if got := helpdesk("", "contacted", "-email", " ann@example.com ", "-note", " \x1b[2J\nrang ", "-by", " Jo ", "-yes"); got.code != 0 {
		t.Fatalf("%+v", got)
	}
	if got := helpdesk("", "find", "-email", "ann@example.com"); !strings.Contains(got.out, `Jo contacted the person ("\x1b[2J\nrang").`) {
		t.Errorf("%+v", got)
	}
}

// TestAChangeIsAskedAboutFirst, says what it will do and what it did, and needs somebody who makes it.
func TestAChangeIsAskedAboutFirst(t *testing.T) {
	helpdesk, item := runner(t)
	contacted := []string{"contacted", "-email", "ANN@example.com", "-note", "rang her", "-by", "Jo"}
	for _, answer := range []string{"", "n\n", "no\n", "\n"} {
		got := helpdesk(answer, contacted...)
		if got.code != 1 || !strings.Contains(got.out, "will be marked as contacted by Jo") || !strings.Contains(got.errors, "nothing was changed") || item()["contacted"] != nil {
			t.Errorf("%q: %+v", answer, got)
		}
	}
	if got := helpdesk("y\n", contacted...); got.code != 0 || !strings.Contains(got.out, "Done.\nThe mailbox ann@example.com is marked as contacted.") {
		t.Errorf("%+v", got)
	}
	if got := helpdesk("", append(contacted, "-yes")...); got.code != 0 || strings.Contains(got.out, "Go on?") {
		t.Errorf("%+v", got)
	}
	if n := len(attribute.Maps(item(), "contacted")); n != 2 {
		t.Errorf("contacted %d times", n)
	}
	if got := helpdesk("", "lift", "-email", "ann@example.com", "-why", "x", "-yes"); got.code != 1 || !strings.Contains(got.errors, "-by NAME") {
		t.Errorf("without a name: %+v", got)
	}
	if got := helpdesk("", "find", "-email", "ann@example.com"); got.code != 0 || !strings.Contains(got.out, `Jo contacted the person ("rang her").`) {
		t.Errorf("%+v", got)
	}
	if got := helpdesk("", "find", "-email", "ann@example.com", "-all"); got.code != 0 || !strings.Contains(got.out, `"note": "rang her"`) || !strings.Contains(got.out, `"lookups": []`) {
		t.Errorf("%+v", got)
	}
	if got := helpdesk("", "find", "-email", "bo@example.com"); got.code != 1 || !strings.Contains(got.errors, "nothing is held") {
		t.Errorf("%+v", got)
	}
}

// TestAMatchThatWaitsIsNotDenied: a match is in no table until the unlock function has handled it.
func TestAMatchThatWaitsIsNotDenied(t *testing.T) {
	s := localtest.Servers(t)
	helpdesk := runnerOver(t, s)
	find := []string{"find", "-reference", lookup.Reference("11111111-1111-4111-8111-111111111111")}
	if got := helpdesk("", find...); got.code != 1 || got.out != "" || !strings.Contains(got.errors, "nothing is held") {
		t.Errorf("nothing waits: %+v", got)
	}
	for _, queue := range []string{"matches", "matchesDeadLetter"} {
		if _, err := s.SQSClient().SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: aws.String(s.Queues[queue]), MessageGroupId: aws.String(queue),
			MessageDeduplicationId: aws.String(queue), MessageBody: aws.String(`{"lookupId":"11111111-1111-4111-8111-111111111111","trn":"1000009"}`)}); err != nil {
			t.Fatal(err)
		}
	}
	if got := helpdesk("", find...); got.code != 1 || strings.Count(got.out, "1 message in the queue ") != 2 {
		t.Errorf("two wait: %+v", got)
	}
	if got := helpdesk("", append(find, "-all")...); got.code != 0 || strings.Count(got.out, `"trn": "1000009"`) != 2 {
		t.Errorf("all that is held: %+v", got)
	}
	if got := helpdesk("", "find", "-reference", lookup.Reference("11111111-1111-4111-8111-111111111112"), "-all"); got.code != 0 || strings.Contains(got.out, "1000009") {
		t.Errorf("another's: %+v", got)
	}
}

// TestTheOutputsOfAStack: the answers are CloudFormation's, as its reference prints them.
func TestTheOutputsOfAStack(t *testing.T) {
	answer, status := `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks><member>
<StackName>find-a-lost-trn-dev</StackName><Outputs>
<member><OutputKey>LookupsTableName</OutputKey><OutputValue>lookups-1</OutputValue></member>
<member><OutputKey>Url</OutputKey><OutputValue>https://example.com</OutputValue></member></Outputs>
</member></Stacks></DescribeStacksResult></DescribeStacksResponse>`, http.StatusOK
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("Action") != "DescribeStacks" || r.URL.Query().Get("StackName") != "find-a-lost-trn-dev" ||
			!strings.Contains(r.Header.Get("Authorization"), "/eu-west-2/cloudformation/aws4_request") {
			t.Errorf("request %s, %v", r.URL, r.Header)
		}
		w.WriteHeader(status)
		_, _ = w.Write([]byte(answer))
	}))
	defer server.Close()
	settings := aws.Config{HTTPClient: http.DefaultClient, Region: "eu-west-2", BaseEndpoint: &server.URL, Credentials: credentials.NewStaticCredentialsProvider("id", "secret", "")}
	outputs, err := stackOutputs(t.Context(), settings, "find-a-lost-trn-dev")
	if err != nil || len(outputs) != 2 || outputs["LookupsTableName"] != "lookups-1" {
		t.Errorf("%v, %v", outputs, err)
	}
	answer, status = `<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code><Message>Stack with id find-a-lost-trn-dev does not exist</Message></Error></ErrorResponse>`, http.StatusBadRequest
	if _, err := stackOutputs(t.Context(), settings, "find-a-lost-trn-dev"); err == nil || !strings.Contains(err.Error(), "does not exist") {
		t.Errorf("%v", err)
	}
}

func TestWithoutAStackItSaysHowToStartOne(t *testing.T) {
	var out, errs bytes.Buffer
	p := Program{Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs, Clock: time.Now, StateFile: t.TempDir() + "/stack.json"}
	if code := p.Run(t.Context(), []string{"find", "-trn", "1000001"}); code != 1 || !strings.Contains(errs.String(), "make run") {
		t.Errorf("%d, %s", code, errs.String())
	}
}
