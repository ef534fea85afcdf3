package queue_test

import (
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"

	"losttrn/internal/fault"
	"losttrn/internal/local/sample"
	"losttrn/internal/message"
	"losttrn/internal/queue"
)

// TestUnlockEvents reads every event that is kept for invoking the unlock function with.
func TestUnlockEvents(t *testing.T) {
	const folder = "../../functions/unlock/events"
	wants := map[string][]string{ // the TRN of each record, or why it is none
		"match.json":      {"1000021"},
		"unreadable.json": {"unreadable"},
		"two-groups.json": {"1001437", "1000005", "1000005"},
	}
	files, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != len(wants) {
		t.Errorf("%d events, want %d", len(files), len(wants))
	}
	people := map[string]sample.Person{}
	for _, p := range sample.People() {
		people[p.TRN] = p
	}
	for _, file := range files {
		raw, err := os.ReadFile(filepath.Join(folder, file.Name()))
		if err != nil {
			t.Fatal(err)
		}
		var event events.SQSEvent
		if err := json.Unmarshal(raw, &event); err != nil {
			t.Fatal(err)
		}
		var got []string
		ids, groups := map[string]bool{}, map[string]bool{}
		for _, r := range event.Records {
			ids[r.MessageId], groups[r.Attributes["MessageGroupId"]] = true, true
			sum := md5.Sum([]byte(r.Body)) //nolint:gosec // as above
			if hex.EncodeToString(sum[:]) != r.Md5OfBody || r.EventSource != "aws:sqs" || r.Attributes["ApproximateReceiveCount"] != "1" {
				t.Errorf("%s: not as SQS sends it", file.Name())
			}
			m, err := message.ParseMatch(r.Body)
			if err != nil {
				got = append(got, fault.Reason(err))
				continue
			}
			got = append(got, m.TRN.Digits())
			if p := people[m.TRN.Digits()]; p.FirstName+" "+p.LastName != m.Name {
				t.Errorf("%s: %s is no person of the sample register", file.Name(), m.TRN.Digits())
			}
			client := &outgoing{}
			if err := queue.NewSender(client, queueURL).SendMatch(t.Context(), m); err != nil {
				t.Fatal(err)
			}
			if sent := client.sent[0]; aws.ToString(sent.MessageGroupId) != r.Attributes["MessageGroupId"] ||
				aws.ToString(sent.MessageDeduplicationId) != r.Attributes["MessageDeduplicationId"] || aws.ToString(sent.MessageBody) != r.Body {
				t.Errorf("%s: not as the lookup function sends it", file.Name())
			}
		}
		if !reflect.DeepEqual(got, wants[file.Name()]) {
			t.Errorf("%s: got %v, want %v", file.Name(), got, wants[file.Name()])
		}
		if len(ids) != len(event.Records) || file.Name() == "two-groups.json" && len(groups) != 2 {
			t.Errorf("%s: %d ids, %d groups", file.Name(), len(ids), len(groups))
		}
	}
}
