package soak

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"losttrn/internal/attribute"
)

// books hold what the stack has stored at the end.
type books struct {
	lookups, requests, teachers map[string]attribute.Item // by key
	emails                      map[string]int            // sent, by reference
	dead                        int
}

// account compares the answers to visitors with what the stack has stored, prints the report, and returns an error if
// they differ.
func (s *soak) account(ctx context.Context) error {
	b, err := s.read(ctx)
	if err != nil {
		return err
	}
	var wrong []string
	complain := func(v *visit, format string, a ...any) {
		wrong = append(wrong, fmt.Sprintf("visit %d (%s): ", v.number, v.kind)+fmt.Sprintf(format, a...))
	}
	expected := map[string]bool{} // references of emails
	known := map[string]bool{}    // lookups
	unlocks, refusals := 0, map[string]int{}
	for _, v := range s.visits {
		if v.wrong != nil {
			complain(v, "%v", v.wrong)
			continue
		}
		for n, id := range v.lookups {
			known[id] = true
			item := b.lookups[id]
			if len(item) == 0 {
				complain(v, "acknowledged, and lost: %s", id)
				continue
			}
			if len(v.people) == 0 {
				if attribute.Text(item, "outcome") != "no_match" {
					complain(v, "%s is %s", id, attribute.Text(item, "outcome"))
				}
				continue
			}
			p, want := v.people[n], v.decision(n)
			got := attribute.Text(item, "unlockOutcome") + fmt.Sprint(attribute.Texts(item, "unlockReasons"))
			if got != want || attribute.Text(item, "trn") != p.trn() {
				complain(v, "%s is %s of %s, want %s of %s", id, got, attribute.Text(item, "trn"), want, p.trn())
			}
			expected[id+"-trn"] = true
			if want == "unlocked[]" {
				unlocks++
				expected[id+"-unlocked"] = true
			} else {
				refusals[want]++
			}
			if got := attribute.Text(item, "trnDelivery"); got != "delivered" {
				complain(v, "the receipt of the email with a TRN of %s is lost: %q", id, got)
			}
			if still := attribute.Flag(b.teachers[p.trn()], "locked"); still != (p.locked() && want != "unlocked[]") {
				complain(v, "%s, and the account is locked: %t", want, still)
			}
		}
		if v.kind == asking {
			if len(b.requests[v.lookups[0]]) == 0 {
				complain(v, "the request was acknowledged, and lost")
			}
			expected[v.lookups[0]+"-helpdesk_request"], expected[v.lookups[0]+"-helpdesk_ticket"] = true, true
		}
	}
	for id := range b.lookups {
		if !known[id] {
			wrong = append(wrong, "a lookup that nobody was told of: "+id)
		}
	}
	for reference := range expected {
		if n := b.emails[reference]; n != 1 {
			wrong = append(wrong, fmt.Sprintf("the email %s was sent %d times", reference, n))
		}
	}
	for reference := range b.emails {
		if !expected[reference] {
			wrong = append(wrong, "an email that nobody expected: "+reference)
		}
	}
	if sent := int(s.sent.Load()); sent != len(s.answers) {
		wrong = append(wrong, fmt.Sprintf("%d requests were sent, and %d have an end", sent, len(s.answers)))
	}
	if b.dead > 0 {
		wrong = append(wrong, fmt.Sprintf("%d dead letters", b.dead))
	}
	wrong = append(wrong, s.leaks()...)
	s.print(b, unlocks, refusals)
	if len(wrong) > 0 {
		for _, line := range wrong[:min(len(wrong), 20)] {
			s.say("WRONG " + line)
		}
		return fmt.Errorf("%d things do not add up", len(wrong))
	}
	s.say(fmt.Sprintf("Reconciled to the last: %d visits, %d lookups, %d emails, %d unlocks, %d other decisions; nothing lost, nothing twice, no dead letter.",
		len(s.visits), len(known), len(expected), unlocks, total(refusals)))
	return nil
}

// decision returns what must have been decided of a visit's n-th person.
func (v *visit) decision(n int) string {
	p, reasons := v.people[n], []string{}
	if p.barred() {
		reasons = append(reasons, "open_alert")
	}
	if n == 1 { // the mailbox found the first
		reasons = append(reasons, "email_used_for_another_trn")
	}
	switch {
	case !p.locked():
		return fmt.Sprint("not_locked", reasons)
	case len(reasons) > 0:
		return fmt.Sprint("refused", reasons)
	}
	return "unlocked[]"
}

func total(counts map[string]int) (sum int) {
	for _, n := range counts {
		sum += n
	}
	return sum
}

// read reads what the stack has stored.
func (s *soak) read(ctx context.Context) (books, error) {
	b := books{lookups: map[string]attribute.Item{}, requests: map[string]attribute.Item{}, teachers: map[string]attribute.Item{}, emails: map[string]int{}}
	for _, of := range []struct {
		table, key string
		into       map[string]attribute.Item
	}{{"lookups", "lookupId", b.lookups}, {"helpdeskRequests", "lookupId", b.requests}, {"teachers", "trn", b.teachers}} {
		pages := dynamodb.NewScanPaginator(s.stack.DynamoDBClient(), &dynamodb.ScanInput{TableName: aws.String(s.stack.Tables[of.table])})
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				return b, err
			}
			for _, item := range page.Items {
				of.into[attribute.Text(item, of.key)] = item
			}
		}
	}
	var sent []struct{ Reference string }
	if err := s.readPage(ctx, "outbox", &sent); err != nil {
		return b, err
	}
	for _, e := range sent {
		b.emails[e.Reference]++
	}
	var queues map[string]struct{ Messages []any }
	if err := s.readPage(ctx, "queues", &queues); err != nil {
		return b, err
	}
	for _, q := range queues {
		b.dead += len(q.Messages)
	}
	return b, nil
}

// readPage reads one of the stack's own pages.
func (s *soak) readPage(ctx context.Context, page string, into any) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.stack.Gateway+"/_local/"+page, nil)
	if err != nil {
		return err
	}
	r.Header.Set("Accept", "application/json")
	response, err := s.client.Do(r)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	return json.NewDecoder(response.Body).Decode(into)
}
