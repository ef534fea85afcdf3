package endtoend_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"losttrn/internal/attribute"
	"losttrn/internal/local/waiting"
)

// uncarried are what a queue refuses in a message, or a program on the way may choke on, as JSON writes them.
var uncarried = map[string]string{
	"U+FFFE": `\ufffe`, "U+FFFF": `\uffff`, "U+0000": `\u0000`, "U+0001": `\u0001`, "U+001F": `\u001f`, "U+FDD0": `\ufdd0`,
	"U+1FFFE": `\ud83f\udffe`, "U+10FFFF": `\udbff\udfff`,
}

// TestSeveralRecordsWithACharacterThatNoQueueCarries: the helpdesk's request is kept and acknowledged as without it, at the
// first try, and nothing is an error: whoever types one sets off no alarm.
func TestSeveralRecordsWithACharacterThatNoQueueCarries(t *testing.T) {
	w := common
	failuresBefore := strings.Count(logs(t, w.dir), `"level":"ERROR"`)
	for name, escaped := range uncarried {
		t.Run(name, func(t *testing.T) {
			p := w.newPerson(t, nil)
			w.newPerson(t, func(i attribute.Item) {
				for _, name := range []string{"firstName", "lastName", "dateOfBirth", "nationalInsuranceNumber", "ninoKey"} {
					i[name] = w.item(t, "teachers", "trn", p.trn)[name]
				}
			})
			// At the end of every field, so that the details stay what they are.
			body := `{"email":"` + p.email + escaped + `","firstName":"` + p.first + escaped + `","middleName":"M` + escaped + `","lastName":"` + p.last + escaped +
				`","dateOfBirth":"` + p.born + escaped + `","nationalInsuranceNumber":"` + p.nino + escaped + `","trainingProvider":"College` + escaped + `"}`
			a := w.send(t, http.MethodPost, "/v1/lookups", strings.NewReader(body), map[string]string{"Content-Type": "application/json"})
			if a.status != http.StatusOK || a.decoded.Outcome != "helpdesk" {
				t.Fatalf("answered %d %s", a.status, a.body)
			}
			id := a.decoded.LookupID
			waiting.Until(t, "the request is acknowledged", func() bool { return slices.Contains(w.sent(t, id), "helpdesk_request") })
			request := w.item(t, "helpdeskRequests", "lookupId", id)
			if got := attribute.Text(attribute.Nested(request, "details"), "firstName"); got != p.first {
				t.Errorf("kept as %q, want %q", got, p.first)
			}
			if kept := attribute.Nested(request, "details"); len(kept) < 6 {
				t.Errorf("%d details are kept", len(kept))
			}
		})
	}
	if failures := strings.Count(logs(t, w.dir), `"level":"ERROR"`) - failuresBefore; failures > 0 {
		t.Errorf("%d errors are logged", failures)
	}
}

// TestTheQueueRefusesWhatItCannotCarry, as SQS does: without that the test above would show nothing.
func TestTheQueueRefusesWhatItCannotCarry(t *testing.T) {
	w := common
	for _, character := range []string{"\ufffe", "\uffff", "\x01"} {
		_, err := w.SQSClient().SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: aws.String(w.Queues["emailsDeadLetter"]),
			MessageBody: aws.String("a" + character), MessageGroupId: aws.String("g"), MessageDeduplicationId: aws.String("d" + character)})
		if err == nil {
			t.Errorf("%q is carried", character)
		}
	}
}
