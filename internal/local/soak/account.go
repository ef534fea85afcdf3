package soak

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"encoding/json"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"losttrn/internal/attribute"
)

// books are what the stack holds at the end.
type books struct {
	lookups, requests, teachers map[string]attribute.Item // by key
	emails                      map[string]int            // sent, by reference
	dead                        int
}

// account compares what visitors were told with what the stack holds, prints the report, and returns an error if they
// differ.
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
	if b.dead > 0 {
		wrong = append(wrong, fmt.Sprintf("%d dead letters", b.dead))
	}
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

// decision is what must have been decided of a visit's n-th person.
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

// read reads what the stack holds.
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
	if err := s.own(ctx, "outbox", &sent); err != nil {
		return b, err
	}
	for _, e := range sent {
		b.emails[e.Reference]++
	}
	var queues map[string]struct{ Messages []any }
	if err := s.own(ctx, "queues", &queues); err != nil {
		return b, err
	}
	for _, q := range queues {
		b.dead += len(q.Messages)
	}
	return b, nil
}

// own reads one of the stack's own pages.
func (s *soak) own(ctx context.Context, page string, into any) error {
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

// print prints the report.
func (s *soak) print(b books, unlocks int, refusals map[string]int) {
	kinds := map[kind]int{}
	for _, v := range s.visits {
		kinds[v.kind]++
	}
	s.say(fmt.Sprintf("\nvisits      %d", len(s.visits)))
	for _, share := range shares {
		s.say(fmt.Sprintf("  %6d  %s", kinds[share.kind], share.kind))
	}
	s.say("\nrequests              answers              50 %      90 %      99 %       max")
	for _, spike := range []bool{false, true} {
		name := "at the rate"
		if spike {
			name = "in the spike"
		}
		by := map[string][]time.Duration{}
		for _, a := range s.answers {
			if a.spike == spike {
				by[a.class] = append(by[a.class], a.took)
			}
		}
		for _, class := range slices.Sorted(maps.Keys(by)) {
			took := by[class]
			slices.Sort(took)
			at := func(share float64) time.Duration {
				return took[int(share*float64(len(took)-1))].Round(time.Millisecond)
			}
			s.say(fmt.Sprintf("  %-14s %-10s %6d  %9s %9s %9s %9s", name, class, len(took), at(.5), at(.9), at(.99), at(1)))
		}
	}
	mail := map[string]int{}
	for reference, n := range b.emails {
		mail[reference[strings.LastIndexByte(reference, '-')+1:]] += n
	}
	s.say(fmt.Sprintf("\nunlocks     %d\nothers      %v\nemails      %v", unlocks, refusals, mail))
	s.say("\nmemory (MiB) and descriptors, of all processes of a program")
	names := map[string]bool{}
	for _, u := range s.usage {
		for name := range u.processes {
			names[name] = true
		}
	}
	header := fmt.Sprintf("  %-24s", "")
	moments := []int{0, len(s.usage) / 4, len(s.usage) / 2, len(s.usage) * 3 / 4, len(s.usage) - 1}
	for _, i := range moments {
		header += fmt.Sprintf(" %22s", "at "+s.usage[i].at.Round(time.Second).String())
	}
	s.say(header + "               most")
	for _, name := range slices.Sorted(maps.Keys(names)) {
		line := fmt.Sprintf("  %-24s", name)
		for _, i := range moments {
			line += " " + s.usage[i].processes[name].String()
		}
		var most taken
		for _, u := range s.usage {
			t := u.processes[name]
			most = taken{max(most.count, t.count), max(most.descriptors, t.descriptors), max(most.kilobytes, t.kilobytes)}
		}
		s.say(line + " " + most.String())
	}
	s.say("")
}

func (t taken) String() string {
	return fmt.Sprintf("%2d × %6.1f MiB %4d fd", t.count, float64(t.kilobytes)/1024, t.descriptors)
}
