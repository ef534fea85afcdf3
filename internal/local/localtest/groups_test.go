package localtest_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"losttrn/internal/local/localtest"
)

// TestAReceiveTakesAWholeGroupInItsOrder: as SQS does, and others get nothing of the group meanwhile; what is not deleted
// comes again in its order.
func TestAReceiveTakesAWholeGroupInItsOrder(t *testing.T) {
	s := localtest.Servers(t)
	client, queue := s.SQSClient(), aws.String(s.Queues["matches"])
	for _, body := range []string{"a0", "a1", "b0", "a2", "a3"} {
		if _, err := client.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: queue, MessageBody: &body,
			MessageGroupId: aws.String(body[:1]), MessageDeduplicationId: &body}); err != nil {
			t.Fatal(err)
		}
	}
	receive := func(most int32, want ...string) map[string]*string {
		t.Helper()
		in := &sqs.ReceiveMessageInput{QueueUrl: queue, MaxNumberOfMessages: most, VisibilityTimeout: 600}
		if len(want) > 0 {
			in.WaitTimeSeconds = 20
		}
		out, err := client.ReceiveMessage(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		var bodies []string
		handles := map[string]*string{}
		for _, m := range out.Messages {
			bodies = append(bodies, *m.Body)
			handles[*m.Body] = m.ReceiptHandle
		}
		slices.SortStableFunc(bodies, func(a, b string) int { return strings.Compare(a[:1], b[:1]) }) // groups are in no order
		if !slices.Equal(bodies, want) {
			t.Fatalf("received %v, want %v", bodies, want)
		}
		return handles
	}
	giveBack := func(after int32, handles ...*string) {
		t.Helper()
		var entries []types.ChangeMessageVisibilityBatchRequestEntry
		for i, handle := range handles {
			entries = append(entries, types.ChangeMessageVisibilityBatchRequestEntry{Id: aws.String(fmt.Sprint(i)), ReceiptHandle: handle, VisibilityTimeout: after})
		}
		out, err := client.ChangeMessageVisibilityBatch(t.Context(), &sqs.ChangeMessageVisibilityBatchInput{QueueUrl: queue, Entries: entries})
		if err != nil || len(out.Failed) > 0 {
			t.Fatalf("%v, %v", out, err)
		}
	}
	handles := receive(4, "a0", "a1", "a2", "b0")
	receive(10)
	giveBack(1, handles["a0"], handles["a1"], handles["a2"])
	handles = receive(10, "a0", "a1", "a2", "a3")
	if _, err := client.DeleteMessage(t.Context(), &sqs.DeleteMessageInput{QueueUrl: queue, ReceiptHandle: handles["a1"]}); err != nil {
		t.Fatal(err)
	}
	receive(10)
	giveBack(0, handles["a2"], handles["a0"], handles["a3"])
	receive(10, "a0", "a2", "a3")
}
