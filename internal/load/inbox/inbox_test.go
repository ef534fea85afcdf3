package inbox_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"losttrn/internal/attribute"
	"losttrn/internal/load/inbox"
	"losttrn/internal/local"
	"losttrn/internal/local/localtest"
	"losttrn/internal/local/sample"
	"losttrn/internal/metric"
	"losttrn/internal/providers"
	"losttrn/internal/register"
	"losttrn/internal/report/bucket"
	"losttrn/internal/report/bucket/buckettest"
)

func TestMain(m *testing.M) { localtest.Main(m) }

// deployment is the service's side of a load: tables, a bucket, and an EventBridge that is called by hand.
type deployment struct {
	t       testing.TB
	servers *local.Servers
	objects *s3.Client
	inbox   *inbox.Inbox
	client  register.RecordsClient
	clock   clock
	out     localtest.Output // metrics and logs
}

// clock tells a time that goes on by a step each time it is asked, which is for every row.
type clock struct {
	mu   sync.Mutex
	now  time.Time
	step time.Duration
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(c.step)
	return c.now
}

// invocation is how long an invocation has. It reads for two thirds of that.
const invocation = 15 * time.Minute

// reading has invocations read so many rows, none for all of them.
func (d *deployment) reading(rows int) {
	d.clock.mu.Lock()
	defer d.clock.mu.Unlock()
	d.clock.step = 0
	if rows > 0 {
		d.clock.step = invocation * 2 / 3 / time.Duration(rows)
	}
}

const registerBucket = "register"

func deploy(t testing.TB) *deployment {
	t.Helper()
	d := &deployment{t: t, servers: localtest.Servers(t), objects: buckettest.Server(t, nil, registerBucket)}
	db := d.servers.DynamoDBClient()
	d.client, d.clock.now = db, time.Now()
	d.inbox = &inbox.Inbox{
		Bucket:    bucket.New(d.objects, registerBucket),
		Records:   func() *register.Records { return register.NewRecords(d.client, d.servers.Tables["teachers"]) },
		Providers: providers.NewWriter(db, d.servers.Tables["providers"]),
		Metrics:   metric.New(&d.out, "test", "load", time.Now), Clock: d.clock.Now,
		Log: slog.New(slog.NewJSONHandler(&d.out, nil)), Temp: t.TempDir(), Workers: 4,
	}
	return d
}

// drop puts an extract into the bucket and returns its event.
func (d *deployment) drop(name, content string, metadata map[string]string) inbox.Event {
	d.t.Helper()
	_, err := d.objects.PutObject(d.t.Context(), &s3.PutObjectInput{Bucket: aws.String(registerBucket), Key: aws.String("incoming/" + name),
		Body: strings.NewReader(content), Metadata: metadata})
	if err != nil {
		d.t.Fatal(err)
	}
	return d.event("incoming/" + name)
}

// event is EventBridge's for an object as it is now.
func (d *deployment) event(key string) inbox.Event {
	d.t.Helper()
	head, err := d.objects.HeadObject(d.t.Context(), &s3.HeadObjectInput{Bucket: aws.String(registerBucket), Key: &key})
	if err != nil {
		d.t.Fatal(err)
	}
	var e inbox.Event
	e.Source, e.Detail.Object.Key, e.Detail.Object.ETag = "aws.s3", key, strings.Trim(aws.ToString(head.ETag), `"`)
	return e
}

func (d *deployment) handle(e inbox.Event) (inbox.Answer, error) {
	ctx, cancel := context.WithTimeout(d.t.Context(), invocation)
	defer cancel()
	return d.inbox.Handle(ctx, e)
}

// follow handles an event and those of the states that it leaves, and returns the last outcome and how many invocations
// there were.
func (d *deployment) follow(e inbox.Event, file string) (inbox.Outcome, int) {
	d.t.Helper()
	for n := 1; ; n++ {
		answer, err := d.handle(e)
		if err != nil {
			d.t.Fatalf("invocation %d: %v", n, err)
		}
		if answer.Outcome != inbox.HandedOn {
			return answer.Outcome, n
		}
		e = d.event("state/" + file + ".json")
	}
}

func (d *deployment) object(key string) string {
	d.t.Helper()
	return buckettest.Contents(d.t, d.objects, registerBucket, key)[key]
}

func (d *deployment) summary(name string) (s map[string]any) {
	d.t.Helper()
	if err := json.Unmarshal([]byte(d.object("loads/"+name+"/summary.json")), &s); err != nil {
		d.t.Fatal(err)
	}
	return s
}

func (d *deployment) records() map[string]string {
	d.t.Helper()
	all := map[string]string{}
	for _, item := range localtest.Items(d.t, d.servers, "teachers") {
		all[attribute.Text(item, "trn")] = fmt.Sprint(written(item))
	}
	return all
}

func written(item attribute.Item) string {
	b, err := json.Marshal(item)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

func extractOf(t testing.TB, count int) string {
	t.Helper()
	var file bytes.Buffer
	if err := sample.Write(&file, sample.Options{Seed: 1, Count: count, FirstTRN: 1_000_000}); err != nil {
		t.Fatal(err)
	}
	// Damage of several kinds, on rows whose records are there and on others.
	lines := strings.SplitAfter(file.String(), "\n")
	lines = append(lines[:len(lines)-1], "1000003,,,,,,,,,,,,,,\n", "9000001,Ann,,Cox,,1980-02-03,,,,asleep,,,,,2025-01-01\n",
		"9000001,Ann,,Cox,,1980-02-03,,,,active,,,true,,2024-01-01\n", "9000002,Ann,,Cox,,1980-02-03,,,,merged:1000007,1000001,,,,2024-01-01\n",
		"123.0,Ann,,Cox,,1980-02-03,,,,,,,,,2024-01-01\n")
	return strings.Join(lines, "")
}

func compare(t testing.TB, got, want map[string]string) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%d records, want %d", len(got), len(want))
	}
	for trn, item := range want {
		if got[trn] != item {
			t.Fatalf("%s is\n%s, want\n%s", trn, got[trn], item)
		}
	}
}

// TestALoadOfSeveralInvocationsIsOneLoad: it ends as one that nothing interrupted, with the same rejects and counts, also
// from a packed extract; the same extract again writes nothing and says so.
func TestALoadOfSeveralInvocationsIsOneLoad(t *testing.T) {
	file := extractOf(t, 700)
	var packed bytes.Buffer
	gz := gzip.NewWriter(&packed)
	if _, err := io.WriteString(gz, file); err != nil {
		t.Fatal(err)
	}
	if err := gz.Close(); err != nil {
		t.Fatal(err)
	}
	whole := deploy(t)
	if outcome, n := whole.follow(whole.drop("r.csv", file, nil), "r.csv"); outcome != inbox.Loaded || n != 1 {
		t.Fatalf("%s after %d invocations", outcome, n)
	}
	want := whole.records()
	for name, content := range map[string]string{"r.csv": file, "r.csv.gz": packed.String()} {
		d := deploy(t)
		d.reading(100)
		outcome, n := d.follow(d.drop(name, content, nil), name)
		d.reading(0)
		if outcome != inbox.Loaded || n < 6 {
			t.Errorf("%s: %s after %d invocations, want seven", name, outcome, n)
		}
		compare(t, d.records(), want)
		if got := d.object("loads/r/rejects.csv"); got != whole.object("loads/r/rejects.csv") || strings.Count(got, "\n") < 5 {
			t.Errorf("%s: rejects\n%s, want\n%s", name, got, whole.object("loads/r/rejects.csv"))
		}
		first := d.summary("r")
		for _, count := range []string{"read", "added", "updated", "unchanged", "older", "rejected", "inDoubt"} {
			if first[count] != whole.summary("r")[count] {
				t.Errorf("%s: %s is %v, want %v", name, count, first[count], whole.summary("r")[count])
			}
		}
		if first["invocations"] != float64(n) {
			t.Errorf("%s: %v invocations, want %d", name, first["invocations"], n)
		}
		d.follow(d.drop(name, content, nil), name)
		again := d.summary("r")
		if again["added"] != 0.0 || again["updated"] != 0.0 || again["unchanged"].(float64) < 700 || again["writeUnits"] != 0.0 {
			t.Errorf("%s again: %v", name, again)
		}
		compare(t, d.records(), want)
	}
	if got := len(localtest.Items(t, whole.servers, "providers")); got < 10 {
		t.Errorf("%d training providers are listed", got)
	}
}

var errKilled = errors.New("killed")

// killed is DynamoDB of an invocation that is killed after so many writes, some of them done and their answer lost.
type killed struct {
	*dynamodb.Client
	mu   sync.Mutex
	left int
}

func (k *killed) UpdateItem(ctx context.Context, in *dynamodb.UpdateItemInput, options ...func(*dynamodb.Options)) (*dynamodb.UpdateItemOutput, error) {
	k.mu.Lock()
	k.left--
	left := k.left
	k.mu.Unlock()
	if left <= -4 {
		return nil, errKilled
	}
	out, err := k.Client.UpdateItem(ctx, in, options...)
	if left <= 0 {
		return nil, errKilled
	}
	return out, err
}

// TestALoadThatIsKilledTenTimesEndsAsOneThatIsNot: killed after a random number of writes, in whichever invocation, and
// tried again with the same event, or dropped again.
func TestALoadThatIsKilledTenTimesEndsAsOneThatIsNot(t *testing.T) {
	file := extractOf(t, 700)
	whole := deploy(t)
	if outcome, _ := whole.follow(whole.drop("r.csv", file, nil), "r.csv"); outcome != inbox.Loaded || len(whole.records()) < 700 {
		t.Fatalf("undisturbed: %s, %d records", outcome, len(whole.records()))
	}
	d := deploy(t)
	e := d.drop("r.csv", file, nil)
	d.reading(100)
	kills := 0
	for {
		d.client = d.servers.DynamoDBClient()
		if kills < 10 {
			d.client = &killed{Client: d.servers.DynamoDBClient(), left: 1 + rand.IntN(120)}
		}
		answer, err := d.handle(e)
		switch {
		case errors.Is(err, errKilled):
			if kills++; kills%4 == 0 {
				e = d.drop("r.csv", file, nil)
			}
			continue
		case err != nil:
			t.Fatal(err)
		case answer.Outcome == inbox.HandedOn:
			e = d.event("state/r.csv.json")
			continue
		case answer.Outcome != inbox.Loaded:
			t.Fatalf("after %d kills: %s", kills, answer.Outcome)
		}
		if kills < 10 {
			e = d.drop("r.csv", file, nil) // loaded before it was killed often enough: all of it again
			kills++
			continue
		}
		break
	}
	compare(t, d.records(), whole.records())
}

// TestTwoExtractsAtOnceEndAsOneAfterTheOther.
func TestTwoExtractsAtOnceEndAsOneAfterTheOther(t *testing.T) {
	older := extractOf(t, 500)
	newer := strings.ReplaceAll(older, ",2024-", ",2025-")
	apart := deploy(t)
	apart.follow(apart.drop("a.csv", older, nil), "a.csv")
	apart.follow(apart.drop("b.csv", newer, nil), "b.csv")
	d := deploy(t)
	a, b := d.drop("a.csv", older, nil), d.drop("b.csv", newer, nil)
	var both sync.WaitGroup
	both.Go(func() { d.follow(a, "a.csv") })
	both.Go(func() { d.follow(b, "b.csv") })
	both.Wait()
	compare(t, d.records(), apart.records())
}

// TestWhatIsRefusedSaysWhy in its summary, and is not tried again.
func TestWhatIsRefusedSaysWhy(t *testing.T) {
	d := deploy(t)
	header := "trn,last_name,date_of_birth,updated_at\n"
	for name, content := range map[string]string{"spreadsheet": "PK\x03\x04", "lacks columns": "trn,last_name\n1000001,Cox\n", "cut short": header + "1000001,Cox,1980-02-03,2025-01-01\n1000002,Cox,19",
		"twice": "trn,trn,last_name,date_of_birth,updated_at\n"} {
		e := d.drop("bad.csv", content, nil)
		if outcome, n := d.follow(e, "bad.csv"); outcome != inbox.Refused || n != 1 {
			t.Errorf("%s: %s", name, outcome)
		}
		if s := d.summary("bad"); s["outcome"] != "refused" || len(s["refused"].(string)) < 20 {
			t.Errorf("%s: %v", name, s)
		}
	}
	if records := d.records(); len(records) > 0 {
		t.Errorf("stored %v", records)
	}
	if !strings.Contains(d.out.String(), `"load_refused":1`) {
		t.Errorf("no metric of it:\n%s", d.out.String())
	}
}

// TestMetadataAskWhatAFullExtractIsFor.
func TestMetadataAskWhatAFullExtractIsFor(t *testing.T) {
	d := deploy(t)
	header := "trn,last_name,status,date_of_birth,updated_at\n"
	both := header + "1000001,Cox,active,1980-02-03,2025-01-01\n1000002,Cox,active,1980-02-03,2025-01-01\n"
	one := header + "1000001,Cox,active,1980-02-03,2025-01-01\n"
	d.follow(d.drop("r.csv", both, nil), "r.csv")
	d.follow(d.drop("r.csv", one, map[string]string{"full": "true"}), "r.csv")
	if s := d.summary("r"); s["vanished"] != 1.0 || s["deactivated"] != 0.0 {
		t.Errorf("%v", s)
	}
	if outcome, _ := d.follow(d.drop("r.csv", one, map[string]string{"full": "true", "deactivate-missing": "true"}), "r.csv"); outcome != inbox.Refused {
		t.Errorf("half of the register deactivated: %s", outcome)
	}
	d.follow(d.drop("r.csv", one, map[string]string{"full": "true", "deactivate-missing": "true", "allow-many": "true"}), "r.csv")
	if s := d.summary("r"); s["deactivated"] != 1.0 {
		t.Errorf("%v", s)
	}
}
