package story

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"losttrn/internal/attribute"
	"losttrn/internal/local/helpdesk"
	"losttrn/internal/local/logs"
	"losttrn/internal/local/outbox"
	"losttrn/internal/lookup"
	"losttrn/internal/teacher"
	"losttrn/internal/unlocking"
)

// Story describes what happened to a lookup.
type Story struct {
	Row
	// Steps are the events in order, a sentence each.
	Steps []Step `json:"steps"`
	// Told is the story in the helpdesk's words.
	Told []Sentence `json:"told"`
	// Given holds the given fields; nil if the lookup did not come through this gateway.
	Given *Given `json:"given"`
	// Compared describes the compared records, as codes, from the log.
	Compared []json.RawMessage `json:"compared"`
	// Rules are the rules of unlocking in order, for a lookup that matched.
	Rules []Rule `json:"rules"`
	// Records are the items of the tables as they are now, by table.
	Records map[string]any `json:"records"`
	// Sent are the emails in the outbox.
	Sent []outbox.Email `json:"sent"`
	// Waiting names the queues in which a message about the lookup waits.
	Waiting []string `json:"waiting"`
	// Log are the functions' lines.
	Log []json.RawMessage `json:"log"`
}

// Sentence is a sentence of the story with its time, "not yet" for what has not happened.
type Sentence struct {
	When string `json:"when"`
	Text string `json:"text"`
}

// Step is an event of the story.
type Step struct {
	At   time.Time `json:"at"`
	What string    `json:"what"`
}

// Rule is a rule of unlocking, its result at the decision, and the current value of what it judges.
type Rule struct {
	Reason string `json:"reason"`
	Words  string `json:"words"`  // the reason, as what follows "because"
	Result string `json:"result"` // held, failed or undecided
	Now    string `json:"now"`
}

// Teller builds stories.
type Teller struct {
	DynamoDB *dynamodb.Client
	Tables   map[string]string // names, by short name
	Lines    *Lines
	Requests *Requests
	Emails   func() []outbox.Email
	// Switch returns the value of the switch of unlocking.
	Switch func() string
	// Waiting returns the names of the queues that hold a message of a lookup.
	Waiting func(ctx context.Context, lookupID string) ([]string, error)
	Clock   func() time.Time
}

// Tell returns the story of the lookup with an id or reference, and false if there is none.
func (t *Teller) Tell(ctx context.Context, name string) (Story, bool, error) {
	id, lines := t.Lines.Of(name)
	if id == "" {
		var err error
		if id, err = t.find(ctx, name); err != nil || id == "" {
			return Story{}, false, err
		}
	}
	s := Story{Row: row(id, lines), Told: []Sentence{}, Steps: []Step{}, Compared: []json.RawMessage{}, Rules: []Rule{}, Records: map[string]any{},
		Sent: []outbox.Email{}, Waiting: []string{}, Log: []json.RawMessage{}}
	if g, ok := t.Requests.Of(id); ok {
		s.Given = &g
	}
	item, err := t.item(ctx, s.Records, "lookups", "lookupId", id)
	if err != nil {
		return Story{}, false, err
	}
	request, err := t.item(ctx, s.Records, "helpdeskRequests", "lookupId", id)
	if err != nil {
		return Story{}, false, err
	}
	if item != nil {
		for _, line := range helpdesk.LookupStory(item, request).Lines {
			s.Told = append(s.Told, Sentence{line.When(), line.Text})
		}
	}
	if s.At.IsZero() {
		s.At, _ = time.Parse(time.RFC3339, attribute.Text(item, "receivedAt")) // an item without it is shown without
	}
	if s.Outcome == "" {
		s.Outcome = attribute.Text(item, "outcome")
	}
	s.read(item, lines)
	if s.Outcome == string(lookup.NoMatch) {
		for _, words := range nearest(s.Compared) {
			s.Told = append(s.Told, Sentence{helpdesk.Line{At: s.At}.When(), words})
		}
	}
	if trn := attribute.Text(item, "trn"); trn != "" {
		if err := t.judge(ctx, &s, item, trn); err != nil {
			return Story{}, false, err
		}
	}
	for _, email := range t.Emails() {
		if strings.HasPrefix(email.Reference, id) {
			s.Sent = append(s.Sent, email)
		}
	}
	if s.Waiting, err = t.Waiting(ctx, id); err != nil {
		return Story{}, false, err
	}
	s.waits(lines)
	return s, true, nil
}

// waits describes why messages wait in queues, by the last log line about one.
func (s *Story) waits(lines []logs.Line) {
	if len(s.Waiting) == 0 {
		return
	}
	text := "A message waits in " + strings.Join(s.Waiting, ", ") + "."
	for _, line := range slices.Backward(lines) {
		if line.Field("queue") != "" && line.Field("code") != "handled" {
			text += " Last: " + line.Message + ", " + line.Field("code") + "."
			break
		}
	}
	s.Told = append(s.Told, Sentence{helpdesk.Line{}.When(), text})
}

// Rows returns the stored lookups, newest first: those whose email, reference or id is the text, or all if it is blank.
func (t *Teller) Rows(of string) []Row {
	rows := t.Lines.Rows()
	for i := range rows {
		if g, ok := t.Requests.Of(rows[i].LookupID); ok {
			rows[i].Email = g.Fields["email"]
		}
	}
	if of = strings.TrimSpace(of); of == "" {
		return rows
	}
	return slices.DeleteFunc(rows, func(r Row) bool { return !Names(of, r.LookupID) && !strings.EqualFold(of, r.Email) })
}

// find searches the tables for a lookup without log lines.
func (t *Teller) find(ctx context.Context, name string) (string, error) {
	table := t.Tables["lookups"]
	out, err := t.DynamoDB.GetItem(ctx, &dynamodb.GetItemInput{TableName: &table, Key: attribute.Item{"lookupId": attribute.String(name)}})
	if err != nil {
		return "", fmt.Errorf("look for a lookup: %w", err)
	}
	if out.Item != nil {
		return name, nil
	}
	if found, err := t.DynamoDB.Query(ctx, &dynamodb.QueryInput{TableName: &table, IndexName: aws.String("byReference"),
		KeyConditionExpression: aws.String("#r = :r"), ExpressionAttributeNames: map[string]string{"#r": "reference"},
		ExpressionAttributeValues: attribute.Item{":r": attribute.String(name)}}); err != nil {
		return "", fmt.Errorf("look for a reference: %w", err)
	} else if len(found.Items) > 0 {
		return attribute.Text(found.Items[0], "lookupId"), nil
	}
	return "", nil
}

// item reads an item and adds it to the story as JSON under the name of its table.
func (t *Teller) item(ctx context.Context, into map[string]any, table, key, value string) (attribute.Item, error) {
	out, err := t.DynamoDB.GetItem(ctx, &dynamodb.GetItemInput{TableName: aws.String(t.Tables[table]), Key: attribute.Item{key: attribute.String(value)},
		ConsistentRead: aws.Bool(true)})
	if err != nil {
		return nil, fmt.Errorf("read the table %s: %w", table, err)
	}
	if out.Item != nil {
		into[table] = readable(&types.AttributeValueMemberM{Value: out.Item})
	}
	return out.Item, nil
}

// readable returns a value without DynamoDB's types.
func readable(v types.AttributeValue) any {
	switch v := v.(type) {
	case *types.AttributeValueMemberS:
		return v.Value
	case *types.AttributeValueMemberN:
		return json.Number(v.Value)
	case *types.AttributeValueMemberBOOL:
		return v.Value
	case *types.AttributeValueMemberL:
		list := make([]any, len(v.Value))
		for i, member := range v.Value {
			list[i] = readable(member)
		}
		return list
	case *types.AttributeValueMemberM:
		members := make(map[string]any, len(v.Value))
		for name, member := range v.Value {
			members[name] = readable(member)
		}
		return members
	default:
		return nil
	}
}

// read adds the log lines and the times of the item as steps.
func (s *Story) read(item attribute.Item, lines []logs.Line) {
	for _, line := range lines {
		s.Log = append(s.Log, json.RawMessage(line.Text))
		for _, f := range line.Fields {
			if f.Name == "compared" {
				_ = json.Unmarshal(f.Value, &s.Compared) // a line of another version is shown in the log alone
			}
		}
		what := line.Function + ": " + line.Message
		for _, name := range []string{"outcome", "unlockOutcome", "unlockReasons", "kind", "code"} {
			if value := line.Field(name); value != "" && value != "[]" {
				what += ", " + value
			}
		}
		s.Steps = append(s.Steps, Step{line.Time, what})
	}
	for _, name := range slices.Sorted(maps.Keys(item)) {
		if at, err := time.Parse(time.RFC3339, attribute.Text(item, name)); err == nil {
			s.Steps = append(s.Steps, Step{at, "lookups: " + name})
		}
	}
	slices.SortStableFunc(s.Steps, func(a, b Step) int { return a.At.Compare(b.At) })
	if outcome := attribute.Text(item, "unlockOutcome"); outcome != "" {
		s.UnlockOutcome, s.UnlockReasons = outcome, append([]string{}, attribute.Texts(item, "unlockReasons")...)
	}
}

// judge adds each rule with its result, and the current value of what it judges.
func (t *Teller) judge(ctx context.Context, s *Story, item attribute.Item, trn string) error {
	account, err := t.item(ctx, s.Records, "teachers", "trn", trn)
	if err != nil {
		return err
	}
	var uses attribute.Item
	if key, err := teacher.ParseEmailKey(attribute.Text(item, "email")); err == nil {
		if uses, err = t.item(ctx, s.Records, "emails", "email", key.Text()); err != nil {
			return err
		}
	}
	for _, reason := range unlocking.Reasons() {
		rule := Rule{Reason: string(reason), Words: reason.Words(), Result: "undecided"}
		switch {
		case slices.Contains(s.UnlockReasons, rule.Reason):
			rule.Result = "failed"
		case s.UnlockOutcome != "":
			rule.Result = "held"
		}
		if now := judged[reason]; now != nil {
			rule.Now = now(facts{t.Switch(), account, uses, item, teacher.LondonDate(t.Clock())})
		}
		s.Rules = append(s.Rules, rule)
	}
	return nil
}

// facts are the input of the rules, as it is in the tables now.
type facts struct {
	state           string
	account, emails attribute.Item
	match           attribute.Item
	today           teacher.Date
}

// judged describes the current value of what each rule judges.
var judged = map[unlocking.Reason]func(facts) string{
	unlocking.UnlockingSwitchedOff: func(f facts) string { return "the switch is " + f.state },
	unlocking.RecordInactive:       func(f facts) string { return "the record is " + attribute.Text(f.account, "status") },
	unlocking.OpenAlert: func(f facts) string {
		open := 0
		alerts := attribute.Maps(f.account, "alerts")
		for _, a := range alerts {
			if end := attribute.Text(a, "endDate"); end == "" || end > f.today.String() {
				open++
			}
		}
		return strconv.Itoa(open) + " open alerts of " + strconv.Itoa(len(alerts))
	},
	unlocking.RecordInDoubt: func(f facts) string {
		if since := attribute.Text(f.account, "inDoubtSince"); since != "" {
			return "in doubt since " + since
		}
		return "not in doubt"
	},
	unlocking.EvidenceOpenToOthers: func(f facts) string {
		return "what agreed is " + strings.Join(attribute.Texts(f.match, "evidence"), ", ")
	},
	unlocking.EmailUsedForAnotherTRN: func(f facts) string {
		trns := slices.Sorted(maps.Keys(attribute.Nested(f.emails, "trns")))
		return "the mailbox has found " + strings.Join(trns, ", ")
	},
}
