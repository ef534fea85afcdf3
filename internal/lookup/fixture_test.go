package lookup_test

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"losttrn/internal/attribute"
	"losttrn/internal/journal"
	"losttrn/internal/limits"
	"losttrn/internal/local"
	"losttrn/internal/local/localtest"
	"losttrn/internal/lookup"
	"losttrn/internal/metric"
	"losttrn/internal/queue"
	"losttrn/internal/register"
	"losttrn/internal/teacher"
)

// noon is the time of a fixture, until it is set to another.
var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// fixture is the lookup function's use case over real DynamoDB and SQS servers, with a line on which calls can be
// made to fail and are watched.
type fixture struct {
	t       *testing.T
	servers *local.Servers
	line    *line
	db      *dynamodb.Client // past the line
	service *lookup.Service
	journal *journal.Store // past the line
	log     *localtest.Output
	now     time.Time
	next    int
	part    string // of a test: keys the limits, so that each part begins with nothing counted or tried
}

// plenty are limits that no test reaches.
var plenty = limits.PerHour{Address: 1_000_000, Email: 1_000_000}

func secret(context.Context) (string, error) { return "secret", nil }

// newFixture makes a fixture whose clients make one attempt at each call.
func newFixture(t *testing.T, most limits.PerHour) *fixture {
	t.Helper()
	return newFixtureTrying(t, most, 1)
}

// newFixtureTrying makes a fixture whose clients make so many attempts at each call.
func newFixtureTrying(t *testing.T, most limits.PerHour, attempts int) *fixture {
	t.Helper()
	w := &fixture{t: t, servers: localtest.Servers(t), log: &localtest.Output{}, now: noon}
	w.line = &line{names: localtest.ShortNames(w.servers)}
	w.line.reset(nil)
	w.db = w.servers.DynamoDBClient()
	db, queues := localtest.Clients(w.servers, w.line, attempts)
	clock := func() time.Time { return w.now }
	w.journal = journal.New(w.db, w.servers.Tables["lookups"], w.servers.Tables["helpdeskRequests"], clock)
	guard := limits.NewStore(db, w.servers.Tables["limits"], most, func(context.Context) (string, error) { return w.part, nil }, clock)
	w.service = &lookup.Service{
		Register: register.NewStore(db, w.servers.Tables["teachers"]),
		Journal:  journal.New(db, w.servers.Tables["lookups"], w.servers.Tables["helpdeskRequests"], clock),
		Queue:    queue.NewPair(queues, w.servers.Queues["matches"], w.servers.Queues["emails"]),
		Limiter:  guard,
		Tries:    guard,
		Secret:   secret, ExampleNINOs: true,
		Clock:   clock,
		Log:     slog.New(slog.NewJSONHandler(w.log, nil)),
		Metrics: metric.New(w.log, "test", "lookup", clock),
	}
	return w
}

// run runs a part of a test with the same fixture.
func (w *fixture) run(name string, test func(*testing.T)) {
	whole := w.t
	defer func() { w.t = whole }()
	whole.Run(name, func(t *testing.T) {
		w.begin(t, name)
		test(t)
	})
}

// begin begins a part of a test.
func (w *fixture) begin(t *testing.T, part string) {
	w.t, w.part = t, part
	w.line.reset(nil)
}

func trn(t *testing.T, digits string) teacher.TRN {
	t.Helper()
	parsed, err := teacher.ParseTRN(digits)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

// expired returns a channel that receives when what should come at once has not come.
func expired(t *testing.T) <-chan time.Time {
	timer := time.NewTimer(10 * time.Second)
	t.Cleanup(func() { timer.Stop() })
	return timer.C
}

// teacher stores a teacher.
func (w *fixture) teacher(trn string, change func(attribute.Item)) {
	w.t.Helper()
	item := attribute.Item{
		"trn": attribute.String(trn), "firstName": attribute.String("Ann"), "lastName": attribute.String("Example"),
		"dateOfBirth": attribute.String("1980-01-31"), "status": attribute.String("active"),
		"nationalInsuranceNumber": attribute.String("QQ123456C"), "ninoKey": attribute.String("QQ123456"),
		"email": attribute.String("ann@example.com"), "emailKey": attribute.String("ann@example.com"),
		"locked": attribute.Bool(true),
	}
	if change != nil {
		change(item)
	}
	localtest.Put(w.t, w.servers, "teachers", item)
}

func withoutNINO(i attribute.Item) {
	delete(i, "nationalInsuranceNumber")
	delete(i, "ninoKey")
}

// people of the fixture: one who is found, and two who cannot be told apart.
func (w *fixture) people() {
	w.teacher("1000001", nil)
	for _, trn := range []string{"1000002", "1000003"} {
		w.teacher(trn, func(i attribute.Item) {
			i["firstName"], i["dateOfBirth"] = attribute.String("Bob"), attribute.String("1970-05-05")
			i["email"], i["emailKey"] = attribute.String("bob@example.com"), attribute.String("bob@example.com")
			withoutNINO(i)
		})
	}
}

func (w *fixture) query(d lookup.Details) lookup.Query {
	w.t.Helper()
	q, errs := d.Check(day(w.t, "2026-11-22"))
	if len(errs) > 0 {
		w.t.Fatal(errs)
	}
	return q
}

// Details of three people: see people; nobody knows the third.
func ann() lookup.Details {
	d := good()
	d.NINO, d.TrainingProvider = "QQ123456C", "University of Nowhere"
	return d
}

func bob() lookup.Details {
	d := good()
	d.Email, d.FirstName, d.DateOfBirth = "bob@example.com", "Bob", lookup.TypedDate{Day: "5", Month: "5", Year: "1970"}
	return d
}

func nobody() lookup.Details {
	d := good()
	d.Email, d.LastName, d.NINO = "canary.nobody@example.com", "Canary", "QQ654321A"
	return d
}

// request is a request of those details with a new idempotency key.
func (w *fixture) request(d lookup.Details) lookup.Request {
	w.next++
	return lookup.Request{Query: w.query(d), IdempotencyKey: fmt.Sprintf("key-%d", w.next), Source: "203.0.113.9"}
}

func (w *fixture) lookup(r lookup.Request) lookup.Answer {
	w.t.Helper()
	a, err := w.service.Lookup(w.t.Context(), r)
	if err != nil {
		w.t.Fatalf("lookup: %v", err)
	}
	return a
}

func (w *fixture) item(table, id string) attribute.Item {
	w.t.Helper()
	return localtest.Item(w.t, w.servers, table, id)
}

// drain takes the messages that wait in a queue, and gives their bodies in order.
func (w *fixture) drain(name string) []string {
	w.t.Helper()
	var bodies []string
	for _, m := range localtest.Drain(w.t, w.servers, name) {
		bodies = append(bodies, *m.Body)
	}
	slices.Sort(bodies)
	return bodies
}

// state is what a lookup left in each place, with its id and reference replaced. Taking it empties the queues.
type state struct{ lookup, request, matches, emails string }

func (w *fixture) state(id string) state {
	w.t.Helper()
	text := strings.NewReplacer(id, "LOOKUP", lookup.Reference(id), "REFERENCE").Replace
	return state{text(plain(w.item("lookups", id))), text(plain(w.item("helpdeskRequests", id))),
		text(strings.Join(w.drain("matches"), "\n")), text(strings.Join(w.drain("emails"), "\n"))}
}

// merge is the state of two times when the queues were emptied in between.
func (s state) merge(earlier state) state {
	join := func(a, b string) string {
		lines := strings.Split(strings.Trim(a+"\n"+b, "\n"), "\n")
		slices.Sort(lines)
		return strings.Join(lines, "\n")
	}
	s.matches, s.emails = join(earlier.matches, s.matches), join(earlier.emails, s.emails)
	return s
}

// plain is an item as text, attributes in order.
func plain(item attribute.Item) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(item)) {
		fmt.Fprintf(&b, "%s=", name)
		switch nested := attribute.Nested(item, name); {
		case nested != nil:
			fmt.Fprintf(&b, "{%s}", plain(nested))
		case attribute.Texts(item, name) != nil:
			fmt.Fprint(&b, attribute.Texts(item, name))
		case attribute.Integer(item, name) != 0:
			fmt.Fprint(&b, attribute.Integer(item, name))
		default:
			b.WriteString(attribute.Text(item, name))
		}
		b.WriteString("; ")
	}
	return b.String()
}

// tryFor makes a call that may time out on purpose, and gives its error.
func tryFor(w *fixture, limit time.Duration, call func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(w.t.Context(), limit)
	defer cancel()
	return call(ctx)
}
