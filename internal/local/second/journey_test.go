//go:build second

package second_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"losttrn/internal/attribute"
	"losttrn/internal/local/waiting"
)

type person struct{ trn, first, last, born, nino string }

var (
	ann = person{"7000001", "Ann", "Cox", "1960-02-03", "QQ700001A"}
	bob = person{"7000002", "Robert", "Lees", "1970-04-05", "QQ710002B"}
)

// TestTheWholeService: what is promised holds with an implementation that is not ours.
func TestTheWholeService(t *testing.T) {
	s := start(t)
	s.store(ann)
	s.store(bob)

	t.Run("a journey ends with two emails and an account unlocked", func(t *testing.T) {
		id := s.lookUp(ann, "ann@example.com", "trn_sent")
		s.wantDecision(id, "unlocked", nil)
		s.wantAccount(ann, false)
		s.wantEmails(id, "trn", "unlocked")
		if by := attribute.Text(s.item("TeachersTable", "trn", ann.trn), "unlockedBy"); by != id {
			t.Errorf("unlocked by %q, want %q", by, id)
		}
	})
	t.Run("the guard: one mailbox and another's TRN", func(t *testing.T) {
		id := s.lookUp(bob, "ann@example.com", "trn_sent")
		s.wantDecision(id, "refused", []string{"email_used_for_another_trn"})
		s.wantAccount(bob, true)
		s.wantEmails(id, "trn")
		use := s.item("EmailsTable", "email", "ann@example.com")
		if trns := attribute.Nested(use, "trns"); len(trns) != 2 {
			t.Errorf("the mailbox is recorded with %d TRNs, want 2", len(trns))
		}
	})
	t.Run("a message that comes again changes nothing", func(t *testing.T) {
		id := s.lookUp(bob, "bob@example.com", "trn_sent")
		s.wantDecision(id, "unlocked", nil)
		s.wantEmails(id, "trn", "unlocked")
		before := s.item("TeachersTable", "trn", bob.trn)
		s.sendMatchAgain(id, bob, "bob@example.com")
		s.wantQueueEmpty("MatchesQueue")
		s.wantQueueEmpty("EmailsQueue")
		s.wantEmails(id, "trn", "unlocked")
		if after := s.item("TeachersTable", "trn", bob.trn); attribute.Text(after, "unlockedAt") != attribute.Text(before, "unlockedAt") {
			t.Error("the account was unlocked again")
		}
	})
	t.Run("what matches nothing holds nothing personal", func(t *testing.T) {
		id := s.lookUp(person{"", "Nobody", "Known", "1980-06-07", "QQ999999C"}, "nobody@example.com", "no_match")
		item := s.item("LookupsTable", "lookupId", id)
		for _, name := range []string{"email", "emailKey", "trn", "name"} {
			if _, there := item[name]; there {
				t.Errorf("the lookup holds %s", name)
			}
		}
		if attribute.Text(item, "outcome") != "no_match" {
			t.Errorf("recorded as %q", attribute.Text(item, "outcome"))
		}
	})
}

func (s *service) store(p person) {
	s.t.Helper()
	_, err := s.db.PutItem(s.t.Context(), &dynamodb.PutItemInput{TableName: s.tableName("TeachersTable"), Item: attribute.Item{
		"trn": attribute.String(p.trn), "firstName": attribute.String(p.first), "lastName": attribute.String(p.last),
		"dateOfBirth": attribute.String(p.born), "nationalInsuranceNumber": attribute.String(p.nino), "ninoKey": attribute.String(p.nino[:8]),
		"status": attribute.String("active"), "locked": attribute.Bool(true),
	}})
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *service) lookUp(p person, email, outcome string) (id string) {
	s.t.Helper()
	body, err := json.Marshal(map[string]string{"email": email, "firstName": p.first, "lastName": p.last, "dateOfBirth": p.born, "nationalInsuranceNumber": p.nino})
	if err != nil {
		s.t.Fatal(err)
	}
	response, err := http.Post(s.url+"/v1/lookups", "application/json", bytes.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	var answer struct{ LookupID, Outcome string }
	if err := json.Unmarshal(text, &answer); err != nil || answer.Outcome != outcome {
		s.t.Fatalf("%d %s, want %s", response.StatusCode, text, outcome)
	}
	return answer.LookupID
}

func (s *service) wantDecision(id, outcome string, reasons []string) {
	s.t.Helper()
	var item attribute.Item
	waiting.Until(s.t, "the lookup is decided", func() bool {
		item = s.item("LookupsTable", "lookupId", id)
		return attribute.Text(item, "unlockOutcome") != ""
	})
	if got := attribute.Text(item, "unlockOutcome"); got != outcome || !slices.Equal(attribute.Texts(item, "unlockReasons"), reasons) && len(reasons) > 0 {
		s.t.Errorf("decided %s %v, want %s %v", got, attribute.Texts(item, "unlockReasons"), outcome, reasons)
	}
}

func (s *service) wantAccount(p person, locked bool) {
	s.t.Helper()
	if got := attribute.Flag(s.item("TeachersTable", "trn", p.trn), "locked"); got != locked {
		s.t.Errorf("%s locked: %t, want %t", p.trn, got, locked)
	}
}

// wantEmails waits until a lookup's emails are recorded as sent, and holds the outbox to each of them once.
func (s *service) wantEmails(id string, kinds ...string) {
	s.t.Helper()
	sent := func() []string {
		var all []string
		for _, e := range s.outbox.Emails() {
			if kind, ok := strings.CutPrefix(e.Reference, id+"-"); ok {
				all = append(all, kind)
			}
		}
		slices.Sort(all)
		return all
	}
	waiting.Until(s.t, fmt.Sprintf("the emails %v are sent", kinds), func() bool { return len(sent()) >= len(kinds) })
	if got := sent(); !slices.Equal(got, kinds) {
		s.t.Errorf("emails %v, want %v", got, kinds)
	}
}

// sendMatchAgain puts a match into the queue once more, as a redelivery would.
func (s *service) sendMatchAgain(id string, p person, email string) {
	s.t.Helper()
	item := s.item("LookupsTable", "lookupId", id)
	body, err := json.Marshal(map[string]any{"version": 1, "lookupId": id, "trn": p.trn, "email": email, "name": p.first + " " + p.last,
		"matchedAt": attribute.Text(item, "receivedAt"), "evidence": attribute.Texts(item, "evidence")})
	if err != nil {
		s.t.Fatal(err)
	}
	_, err = s.sqs.SendMessage(s.t.Context(), &sqs.SendMessageInput{QueueUrl: aws.String(s.queueURL("MatchesQueue")), MessageBody: aws.String(string(body)),
		MessageGroupId: aws.String("again"), MessageDeduplicationId: aws.String(id + "-again")})
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *service) wantQueueEmpty(id string) {
	s.t.Helper()
	for _, queue := range []string{id, strings.TrimSuffix(id, "Queue") + "DeadLetterQueue"} {
		waiting.Until(s.t, queue+" is empty", func() bool {
			out, err := s.sqs.GetQueueAttributes(s.t.Context(), &sqs.GetQueueAttributesInput{QueueUrl: aws.String(s.queueURL(queue)), AttributeNames: []types.QueueAttributeName{"All"}})
			return err == nil && out.Attributes["ApproximateNumberOfMessages"] == "0" && out.Attributes["ApproximateNumberOfMessagesNotVisible"] == "0"
		})
	}
}
