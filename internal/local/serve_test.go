package local_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"losttrn/internal/local"
)

func start(t *testing.T, o local.ServersOptions) (*local.Servers, error) {
	t.Helper()
	o.Output = t.Output()
	s, err := local.StartServers(t.Context(), o)
	if err == nil {
		t.Cleanup(s.Stop)
	}
	return s, err
}

func put(t *testing.T, s *local.Servers, email string) {
	t.Helper()
	_, err := s.DynamoDBClient().PutItem(t.Context(), &dynamodb.PutItemInput{
		TableName: aws.String(s.Tables["emails"]), Item: map[string]types.AttributeValue{"email": &types.AttributeValueMemberS{Value: email}},
	})
	if err != nil {
		t.Fatal(err)
	}
}

func count(t *testing.T, s *local.Servers) int32 {
	t.Helper()
	out, err := s.DynamoDBClient().Scan(t.Context(), &dynamodb.ScanInput{TableName: aws.String(s.Tables["emails"])})
	if err != nil {
		t.Fatal(err)
	}
	return out.Count
}

func TestTablesSurviveARestartAndACrash(t *testing.T) {
	dir := t.TempDir()
	s, err := start(t, local.ServersOptions{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	put(t, s, "a@example.com")
	for _, pid := range s.PIDs() {
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
	}
	// Both come back at their addresses; clients try again.
	put(t, s, "b@example.com")
	s.Stop()

	again, err := start(t, local.ServersOptions{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	if n := count(t, again); n != 2 {
		t.Errorf("%d items after a restart", n)
	}
}

// send puts a message on the queue of matches, trying until the server answers.
func send(t *testing.T, s *local.Servers, body, group string) {
	t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for {
		_, err := s.SQSClient().SendMessage(t.Context(), &sqs.SendMessageInput{
			QueueUrl: aws.String(s.Queues["matches"]), MessageBody: &body, MessageGroupId: &group, MessageDeduplicationId: &body,
			MessageAttributes: map[string]sqstypes.MessageAttributeValue{"reason": {DataType: aws.String("String"), StringValue: &body}},
		})
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal(err)
		}
	}
}

// receive takes every message off the queue of matches: their bodies and how often each was received.
func receive(t *testing.T, s *local.Servers) (received []string) {
	t.Helper()
	url := s.Queues["matches"]
	for {
		out, err := s.SQSClient().ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: &url, MaxNumberOfMessages: 10,
			MessageSystemAttributeNames: []sqstypes.MessageSystemAttributeName{"All"}, MessageAttributeNames: []string{"All"}})
		if err != nil {
			t.Fatal(err)
		}
		if len(out.Messages) == 0 {
			return received
		}
		for _, m := range out.Messages {
			if reason := aws.ToString(m.MessageAttributes["reason"].StringValue); reason != *m.Body {
				t.Errorf("the attributes of %s are %v", *m.Body, m.MessageAttributes)
			}
			received = append(received, *m.Body+" "+m.Attributes["ApproximateReceiveCount"])
			if _, err := s.SQSClient().DeleteMessage(t.Context(), &sqs.DeleteMessageInput{QueueUrl: &url, ReceiptHandle: m.ReceiptHandle}); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestQueuesSurviveARestartAndACrash(t *testing.T) {
	dir := t.TempDir()
	s, err := start(t, local.ServersOptions{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	for i, body := range []string{"deleted é 😀", "a1 é 😀", "b1", "a2"} {
		send(t, s, body, []string{"a", "a", "b", "a"}[i])
	}
	url := s.Queues["matches"]
	for range 2 { // the first is handled and deleted, the second stays in flight
		out, err := s.SQSClient().ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: &url, MaxNumberOfMessages: 1})
		if err != nil || len(out.Messages) != 1 {
			t.Fatal(out, err)
		}
		if strings.HasPrefix(*out.Messages[0].Body, "deleted") {
			if _, err := s.SQSClient().DeleteMessage(t.Context(), &sqs.DeleteMessageInput{QueueUrl: &url, ReceiptHandle: out.Messages[0].ReceiptHandle}); err != nil {
				t.Fatal(err)
			}
		}
	}
	crash := func(s *local.Servers) {
		t.Helper()
		if err := syscall.Kill(s.PIDs()[1], syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
	}
	crash(s)
	send(t, s, "a3", "a")
	send(t, s, "a1 é 😀", "a") // known again: it is a duplicate
	crash(s)
	s.Stop()

	again, err := start(t, local.ServersOptions{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	got := receive(t, again)
	slices.Sort(got)
	if want := "a1 é 😀 2|a2 1|a3 1|b1 1"; strings.Join(got, "|") != want {
		t.Errorf("the queue holds %q", got)
	}
	again.Stop()
	last, err := start(t, local.ServersOptions{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	if left := receive(t, last); len(left) > 0 {
		t.Errorf("what was deleted is back: %q", left)
	}
}

func TestQueuesFollowTheTemplate(t *testing.T) {
	dir := t.TempDir()
	s, err := start(t, local.ServersOptions{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	send(t, s, "kept", "g")
	s.Stop()
	again, err := start(t, local.ServersOptions{Dir: dir, Parameters: map[string]string{"VisibilityTimeout": "777"}})
	if err != nil {
		t.Fatal(err)
	}
	out, err := again.SQSClient().GetQueueAttributes(t.Context(), &sqs.GetQueueAttributesInput{
		QueueUrl: aws.String(again.Queues["matches"]), AttributeNames: []sqstypes.QueueAttributeName{"All"}})
	if err != nil || out.Attributes["VisibilityTimeout"] != "777" || out.Attributes["ApproximateNumberOfMessages"] != "1" {
		t.Errorf("the queue is %v, %v", out, err)
	}
}

func TestATableThatNoLongerFitsIsToldOf(t *testing.T) {
	dir := t.TempDir()
	s, err := start(t, local.ServersOptions{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	s.Stop()

	project, err := local.FindProject()
	if err != nil {
		t.Fatal(err)
	}
	changed := t.TempDir()
	text, err := os.ReadFile(filepath.Join(string(project), "template.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	other := strings.ReplaceAll(string(text), "AttributeName: entry,", "AttributeName: counted,")
	if other == string(text) {
		t.Fatal("the template no longer has the key that this changes")
	}
	if err := os.WriteFile(filepath.Join(changed, "template.yaml"), []byte(other), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err = start(t, local.ServersOptions{
		Dir: dir, Project: local.Project(changed), Manifest: filepath.Join(string(project), "internal", "local"),
	})
	if err == nil || !strings.Contains(err.Error(), "the table LimitsTable kept in .local has other keys or indexes than template.yaml now says: run `make reset`") {
		t.Errorf("got %v", err)
	}
}
