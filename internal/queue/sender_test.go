package queue_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"losttrn/internal/fault"
	"losttrn/internal/message"
	"losttrn/internal/queue"
	"losttrn/internal/teacher"
)

const queueURL = "https://sqs.eu-west-2.amazonaws.com/123456789012/emails.fifo"

// outgoing keeps what was sent.
type outgoing struct{ sent []*sqs.SendMessageInput }

func (o *outgoing) SendMessage(_ context.Context, in *sqs.SendMessageInput, _ ...func(*sqs.Options)) (*sqs.SendMessageOutput, error) {
	o.sent = append(o.sent, in)
	return &sqs.SendMessageOutput{}, nil
}

// failing is a client of which every call fails.
type failing struct{ err error }

func (f failing) SendMessage(context.Context, *sqs.SendMessageInput, ...func(*sqs.Options)) (*sqs.SendMessageOutput, error) {
	return nil, f.err
}

func mustEmail(t testing.TB, s string) teacher.Email {
	t.Helper()
	email, err := teacher.ParseEmail(s)
	if err != nil {
		t.Fatalf("email %q: %v", s, err)
	}
	return email
}

func mustTRN(t testing.TB, s string) teacher.TRN {
	t.Helper()
	trn, err := teacher.ParseTRN(s)
	if err != nil {
		t.Fatalf("TRN %q: %v", s, err)
	}
	return trn
}

func match(t testing.TB, lookupID, email string) message.Match {
	return message.Match{
		LookupID: lookupID, TRN: mustTRN(t, "1000001"), Email: mustEmail(t, email), Name: "Ann Example",
		MatchedAt: time.Date(2026, 5, 1, 9, 0, 0, 0, time.UTC), Evidence: []string{"name", "date_of_birth", "email"},
	}
}

func TestSendMatchGroupsByMailbox(t *testing.T) {
	client := &outgoing{}
	sender := queue.NewSender(client, queueURL)
	first, again, other := match(t, "lookup-1", "ann@example.com"), match(t, "lookup-2", "Ann+school@EXAMPLE.com"), match(t, "lookup-3", "bob@example.com")
	for _, m := range []message.Match{first, again, other} {
		if err := sender.SendMatch(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	group := func(i int) string { return aws.ToString(client.sent[i].MessageGroupId) }
	if group(0) != group(1) {
		t.Error("two spellings of one mailbox are in different groups")
	}
	if group(0) == group(2) {
		t.Error("two mailboxes are in one group")
	}
	if !regexp.MustCompile(`^[0-9a-f]{64}$`).MatchString(group(0)) {
		t.Errorf("group %q is not a hexadecimal SHA-256", group(0))
	}
	for i, want := range []message.Match{first, again, other} {
		in := client.sent[i]
		if aws.ToString(in.QueueUrl) != queueURL || aws.ToString(in.MessageDeduplicationId) != want.LookupID || aws.ToString(in.MessageBody) != want.Body() {
			t.Errorf("message %d: to %q, deduplication id %q, body %q", i, *in.QueueUrl, *in.MessageDeduplicationId, *in.MessageBody)
		}
	}
}

// TestResendMatch: the queue must take a match that it may know from the first time, and need not take it twice a minute.
func TestResendMatch(t *testing.T) {
	client := &outgoing{}
	sender, m := queue.NewSender(client, queueURL), match(t, "lookup-1", "ann@example.com")
	noon := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	if err := sender.SendMatch(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	for _, after := range []time.Duration{0, 59 * time.Second, time.Minute} {
		if err := sender.ResendMatch(t.Context(), m, noon.Add(after)); err != nil {
			t.Fatal(err)
		}
	}
	known := func(i int) string { return aws.ToString(client.sent[i].MessageDeduplicationId) }
	if known(1) == known(0) || known(2) != known(1) || known(3) == known(2) {
		t.Errorf("deduplication ids %q, %q, %q, %q", known(0), known(1), known(2), known(3))
	}
	for _, in := range client.sent[1:] {
		if aws.ToString(in.MessageGroupId) != aws.ToString(client.sent[0].MessageGroupId) || aws.ToString(in.MessageBody) != m.Body() {
			t.Errorf("group %q, body %q", *in.MessageGroupId, *in.MessageBody)
		}
	}
}

// readable is a client that reads a queue's attributes too, and keeps of which.
type readable struct {
	outgoing
	read []string
	err  error
}

func (r *readable) GetQueueAttributes(_ context.Context, in *sqs.GetQueueAttributesInput, _ ...func(*sqs.Options)) (*sqs.GetQueueAttributesOutput, error) {
	r.read = append(r.read, aws.ToString(in.QueueUrl))
	return &sqs.GetQueueAttributesOutput{}, r.err
}

func TestPrimeReadsAndSendsNothing(t *testing.T) {
	client := &readable{}
	if err := queue.NewPair(client, queueURL, queueURL+"-emails").Prime(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(client.sent) > 0 || len(client.read) != 1 || client.read[0] != queueURL {
		t.Errorf("sent %d messages, read %q", len(client.sent), client.read)
	}
	client.err = errors.New("away")
	if err := queue.NewSender(client, queueURL).Prime(t.Context()); !errors.Is(err, client.err) {
		t.Errorf("away: %v", err)
	}
	if err := queue.NewSender(&outgoing{}, queueURL).Prime(t.Context()); err != nil {
		t.Errorf("a client that cannot read: %v", err)
	}
}

func TestSendEmailGroupsByLookup(t *testing.T) {
	client := &outgoing{}
	email := message.Email{LookupID: "lookup-1", Kind: message.KindUnlocked, To: mustEmail(t, "ann@example.com"), Name: "Ann Example"}
	if err := queue.NewSender(client, queueURL).SendEmail(t.Context(), email); err != nil {
		t.Fatal(err)
	}
	in := client.sent[0]
	if aws.ToString(in.MessageGroupId) != "lookup-1" || aws.ToString(in.MessageDeduplicationId) != "lookup-1-unlocked" || aws.ToString(in.MessageBody) != email.Body() {
		t.Errorf("group %q, deduplication id %q, body %q", *in.MessageGroupId, *in.MessageDeduplicationId, *in.MessageBody)
	}
}

// TestSendFailures drives the real client, since it is the client's errors that are told apart.
func TestSendFailures(t *testing.T) {
	answer := func(status int, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/x-amz-json-1.0")
			w.WriteHeader(status)
			_, _ = w.Write([]byte(body))
		}
	}
	cases := []struct {
		name    string
		handler http.HandlerFunc
		want    error // nil for an error of no kind
	}{
		{"throttled", answer(400, `{"__type":"com.amazonaws.sqs#RequestThrottled","message":"slow down"}`), fault.Throttled},
		{"500", answer(500, `{"__type":"InternalFailure"}`), fault.Unavailable},
		{"503 of a proxy", answer(503, `<html>down</html>`), fault.Unavailable},
		{"answer cut short", answer(200, `{"MessageId":`), fault.Unavailable},
		{"connection cut", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, fault.Unavailable},
		{"hang", func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body) // only then does the server notice that the client left
			<-r.Context().Done()
		}, fault.Unavailable},
		{"no such queue", answer(400, `{"__type":"com.amazonaws.sqs#QueueDoesNotExist","message":"no"}`), nil},
		{"refused", answer(403, `{"__type":"AccessDeniedException","message":"no"}`), nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			server := httptest.NewServer(c.handler)
			t.Cleanup(server.Close)
			client := sqs.New(sqs.Options{
				Region: "eu-west-2", BaseEndpoint: aws.String(server.URL), RetryMaxAttempts: 1,
				Credentials: credentials.NewStaticCredentialsProvider("id", "secret", ""),
				HTTPClient:  &http.Client{Timeout: 100 * time.Millisecond},
			})
			err := queue.NewSender(client, queueURL).SendMatch(t.Context(), match(t, "lookup-1", "ann@example.com"))
			if err == nil {
				t.Fatal("no error")
			}
			if c.want == nil && fault.Code(err) != "internal" || c.want != nil && !errors.Is(err, c.want) {
				t.Errorf("got %v (%s), want %v", err, fault.Code(err), c.want)
			}
			if !strings.HasPrefix(err.Error(), "queue match: ") {
				t.Errorf("the error does not say what was being done: %v", err)
			}
		})
	}
}

func TestSendStoppedByTheCaller(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(server.Close)
	client := sqs.New(sqs.Options{Region: "eu-west-2", BaseEndpoint: aws.String(server.URL), Credentials: aws.AnonymousCredentials{}})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := queue.NewSender(client, queueURL).SendMatch(ctx, match(t, "lookup-1", "ann@example.com")); !errors.Is(err, fault.Unavailable) {
		t.Errorf("got %v, want %v", err, fault.Unavailable)
	}
}

// unreadable is a client of which every call fails, the one that only reads as well.
type unreadable struct{ failing }

func (u unreadable) GetQueueAttributes(context.Context, *sqs.GetQueueAttributesInput, ...func(*sqs.Options)) (*sqs.GetQueueAttributesOutput, error) {
	return nil, u.err
}

// TestPairFailures: whoever asks for a message to be sent hears that it was not.
func TestPairFailures(t *testing.T) {
	down := errors.New("down")
	pair := queue.NewPair(unreadable{failing{down}}, queueURL, queueURL)
	email := message.Email{LookupID: "lookup-1", Kind: message.KindTRN, To: mustEmail(t, "ann@example.com"), TRN: mustTRN(t, "1234567")}
	for name, err := range map[string]error{
		"SendMatch":   pair.SendMatch(t.Context(), match(t, "lookup-1", "ann@example.com")),
		"ResendMatch": pair.ResendMatch(t.Context(), match(t, "lookup-1", "ann@example.com"), time.Unix(0, 0)),
		"SendEmail":   pair.SendEmail(t.Context(), email),
		"Prime":       pair.Prime(t.Context()),
	} {
		if !errors.Is(err, down) {
			t.Errorf("%s: got %v, want %v", name, err, down)
		}
	}
}
