package local_test

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

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
	// Both come back at their addresses, the queues empty; clients try again.
	put(t, s, "b@example.com")
	deadline := time.Now().Add(20 * time.Second)
	for {
		_, err := s.SQSClient().SendMessage(t.Context(), &sqs.SendMessageInput{
			QueueUrl: aws.String(s.Queues["matches"]), MessageBody: aws.String("x"), MessageGroupId: aws.String("g"), MessageDeduplicationId: aws.String("d"),
		})
		if err == nil {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal(err)
		}
	}
	s.Stop()

	again, err := start(t, local.ServersOptions{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	if n := count(t, again); n != 2 {
		t.Errorf("%d items after a restart", n)
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
	other := strings.ReplaceAll(string(text), "AttributeName: counter,", "AttributeName: counted,")
	if err := os.WriteFile(filepath.Join(changed, "template.yaml"), []byte(other), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err = start(t, local.ServersOptions{
		Dir: dir, Project: local.Project(changed), Manifest: filepath.Join(string(project), "internal", "local"),
	})
	if err == nil || !strings.Contains(err.Error(), "the table LimitsTable kept in .local has other keys or indexes than template.yaml now says: run `make clean`") {
		t.Errorf("got %v", err)
	}
}
