package bench

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"runtime"
	"strings"
	"syscall"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"losttrn/internal/api"
	"losttrn/internal/emailuse"
	"losttrn/internal/gateway"
	"losttrn/internal/journal"
	"losttrn/internal/limits"
	"losttrn/internal/local"
	"losttrn/internal/local/bench/floor"
	"losttrn/internal/lookup"
	"losttrn/internal/message"
	"losttrn/internal/metric"
	"losttrn/internal/queue"
	"losttrn/internal/register"
	"losttrn/internal/teacher"
	"losttrn/internal/unlocking"
)

// stubRounds is how many lookups, or unlocks, are made in a part of which the processor time and the allocations are taken, and
// stubParts how many parts there are.
const (
	stubRounds = 500
	stubParts  = 10
)

// stubbed takes the processor time and the allocations of a lookup that finds and of an unlock, with the network replaced by
// answers that are made in this process, beside those of the SDK's clients that make the same calls alone.
func stubbed(ctx context.Context, w *workbench) ([]Row, error) {
	network := &stub{}
	db, queues := network.clients()
	names := map[string]string{}
	for _, f := range w.functions {
		for variable, value := range f.Environment {
			names[variable] = value
		}
	}
	name := func(variable string) string { return names[variable] }
	bare := floor.Calls{DB: db, Queues: queues, Names: name}
	secret := func(context.Context) (string, error) { return "a secret of the measurements", nil }
	metrics := metric.New(io.Discard, "bench", "bench", time.Now)
	entries := journal.New(db, name("LOOKUPS_TABLE"), name("HELPDESK_REQUESTS_TABLE"), time.Now)
	guard := limits.NewStore(db, name("LIMITS_TABLE"), limits.PerHour{Address: 1 << 30, Email: 1 << 30}, secret, time.Now)
	find := &lookup.Service{Register: register.NewStore(db, name("TEACHERS_TABLE")), Journal: entries,
		Queue: queue.NewPair(queues, name("MATCHES_QUEUE_URL"), name("EMAILS_QUEUE_URL")), Limiter: guard, Tries: guard, Secret: secret,
		Clock: time.Now, Log: slog.New(slog.DiscardHandler), Metrics: metrics, RequestID: func(context.Context) string { return "" }, ExampleNINOs: true}
	handle := gateway.Handle(api.New(find, time.Now, find.Log, metrics), http.NotFoundHandler(), find.Log)
	accounts := register.NewStore(db, name("TEACHERS_TABLE"))
	unlock := &unlocking.Service[register.Snapshot]{Accounts: accounts, Journal: journal.NewUnlocks(entries, accounts),
		EmailUses: emailuse.NewStore(db, name("EMAILS_TABLE")), Emails: queue.NewSender(queues, name("EMAILS_QUEUE_URL")), Switch: switchedOn{},
		Clock: time.Now, Log: slog.New(slog.DiscardHandler), OwnerNotice: true, Metrics: metrics, Secret: secret}
	p := somebody(0)
	match, err := matchOf(p)
	if err != nil {
		return nil, err
	}
	var rows []Row
	asked := lookupEvent(p)
	for _, m := range []struct {
		name string
		ours func() error
	}{
		{"lookup", func() error { return answered(ctx, asked, handle) }},
		{"unlock", func() error { return unlock.Process(ctx, match) }},
	} {
		event := floor.Event{Do: m.name, ID: lookupID(p), TRN: p.trn, Email: p.email, NINO: p.nino[:8], Born: p.born, Counted: []string{"one", "two"}}
		least := func() error { return bare.Make(ctx, event) }
		if err := network.same(m.ours, least, &event); err != nil {
			return nil, fmt.Errorf("%s: %w", m.name, err)
		}
		ours, floored, err := spentBeside(m.ours, least)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", m.name, err)
		}
		rows = append(rows, row(m.name+": processor time, network stubbed", ours.cpu, floored.cpu, "µs", "the SDK's clients that make the same calls", 0),
			row(m.name+": allocations, network stubbed", ours.allocations, floored.allocations, "", "the same", 0))
	}
	return rows, nil
}

// answered handles a lookup from the event to the answer.
func answered(ctx context.Context, raw []byte, handle func(context.Context, events.APIGatewayV2HTTPRequest) (gateway.Answer, error)) error {
	var event events.APIGatewayV2HTTPRequest
	if err := json.Unmarshal(raw, &event); err != nil {
		return err
	}
	got, err := handle(ctx, event)
	if err == nil && !strings.Contains(got.Body, "trn_sent") {
		return fmt.Errorf("%d %s", got.StatusCode, got.Body)
	}
	return err
}

type switchedOn struct{}

func (switchedOn) On(context.Context) (bool, error) { return true, nil }

type cost struct{ cpu, allocations float64 }

// spentBeside returns what ours and its floor take of the processor, in µs, and in allocations. They run in turn, a part
// of the rounds at a time, and the part that takes least counts: what is above it is the machine's.
func spentBeside(ours, floor func() error) (a, b cost, err error) {
	for part := range stubParts {
		for _, m := range []struct {
			do   func() error
			into *cost
		}{{ours, &a}, {floor, &b}} {
			took, err := spent(m.do)
			if err != nil {
				return a, b, err
			}
			if part == 0 || took.cpu < m.into.cpu {
				*m.into = took
			}
		}
	}
	return a, b, nil
}

// spent returns what one run of do takes, on average of a part's rounds.
func spent(do func() error) (cost, error) {
	for range stubRounds / 10 { // so that buffers are there
		if err := do(); err != nil {
			return cost{}, err
		}
	}
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	began := processorTime()
	for range stubRounds {
		if err := do(); err != nil {
			return cost{}, err
		}
	}
	took := processorTime() - began
	runtime.ReadMemStats(&after)
	return cost{float64(took.Microseconds()) / stubRounds, float64(after.Mallocs-before.Mallocs) / stubRounds}, nil
}

func processorTime() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		return 0
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// stub is a network that answers as AWS does for a person who is found, whose account is locked and who is not recorded
// yet. It records the calls unless record is nil.
type stub struct{ record *record }

// clients returns clients whose calls the stub answers.
func (s *stub) clients() (*dynamodb.Client, *sqs.Client) {
	config := local.Config()
	config.HTTPClient = s
	return dynamodb.NewFromConfig(config), sqs.NewFromConfig(config)
}

// same makes the calls of both once. It has the floor's event read the entries that ours reads and send what ours sends,
// and returns an error if the floor makes other calls. Afterwards the stub records nothing, so that recording takes no time.
func (s *stub) same(ours, least func() error, event *floor.Event) error {
	s.record = &record{}
	defer func() { s.record = nil }()
	if err := ours(); err != nil {
		return err
	}
	made := s.record.String()
	event.Tried, event.Body = s.record.tried, s.record.body
	s.record.reset()
	if err := least(); err != nil {
		return err
	}
	if bare := s.record.String(); bare != made {
		return fmt.Errorf("it calls %s, and its floor %s", made, bare)
	}
	return nil
}

func (s *stub) Do(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	target := r.Header.Get("X-Amz-Target")
	if s.record != nil {
		s.record.add(target, body)
	}
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/x-amz-json-1.0"}},
		Body: io.NopCloser(strings.NewReader(stubAnswer(target, body))), Request: r}, nil
}

// stubAnswer returns the answer to a call, by its target, of somebody(0).
func stubAnswer(target string, body []byte) string {
	switch _, operation, _ := strings.Cut(target, "."); operation {
	case "Query":
		return stubRecords
	case "GetItem":
		return `{"Item":{"locked":{"BOOL":true},"status":{"S":"active"},"alerts":{"L":[]}}}`
	case "BatchGetItem":
		return `{"Responses":{},"UnprocessedKeys":{}}`
	case "SendMessage":
		var sent struct{ MessageBody string }
		_ = json.Unmarshal(body, &sent) // a body that is none has another digest than the client made
		digest := md5.Sum([]byte(sent.MessageBody))
		return `{"MessageId":"1","MD5OfMessageBody":"` + hex.EncodeToString(digest[:]) + `"}`
	}
	return "{}"
}

// stubRecords is what an index gives of somebody.
var stubRecords = func() string {
	p := somebody(0)
	return fmt.Sprintf(`{"Count":1,"Items":[{"trn":{"S":%q},"firstName":{"S":"Anna"},"lastName":{"S":%q},"dateOfBirth":{"S":%q},`+
		`"nationalInsuranceNumber":{"S":%q},"ninoKey":{"S":%q},"emailKey":{"S":%q},"status":{"S":"active"}}]}`,
		p.trn, p.last, p.born, p.nino, p.nino[:8], p.email)
}()

func matchOf(p person) (message.Match, error) {
	trn, err := teacher.ParseTRN(p.trn)
	if err != nil {
		return message.Match{}, err
	}
	email, err := teacher.ParseEmail(p.email)
	if err != nil {
		return message.Match{}, err
	}
	return message.Match{LookupID: lookupID(p), TRN: trn, Email: email, Name: "Anna " + p.last, MatchedAt: time.Now(),
		Evidence: []string{"name", "date_of_birth", "national_insurance_number", "email"}}, nil
}
