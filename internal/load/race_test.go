package load_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"losttrn/internal/load"
	"losttrn/internal/matching"
	"losttrn/internal/register"
	"losttrn/internal/teacher"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go"
)

var unlockedAt = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// unlocker unlocks accounts as the unlock function does: with what it read as the condition.
type unlocker struct {
	tb table
	// between is called after the account was read and before the unlock is written. It may be nil.
	between func()
}

// unlock unlocks an account that is locked, active and without alerts. It tells whether that was written.
func (u unlocker) unlock(ctx context.Context, trn teacher.TRN) (bool, error) {
	store := register.NewStore(u.tb.client, u.tb.name)
	for {
		snapshot, err := store.Account(ctx, trn)
		if err != nil {
			return false, err
		}
		if a := snapshot.Account(); !a.Locked || a.Status != teacher.Active || len(a.Alerts) > 0 || a.InDoubt {
			return false, nil
		}
		if u.between != nil {
			u.between()
		}
		write := store.Unlock(snapshot, "lookup-1", unlockedAt)
		_, err = u.tb.client.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{TransactItems: []types.TransactWriteItem{write}})
		var cancelled *types.TransactionCanceledException
		if !errors.As(err, &cancelled) {
			return err == nil, err
		}
	}
}

func trn(t testing.TB, digits string) teacher.TRN {
	t.Helper()
	parsed, err := teacher.ParseTRN(digits)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

// between is DynamoDB with something that happens after the load has read and before it writes, once.
type between struct {
	*dynamodb.Client
	do   func()
	once sync.Once
}

func (b *between) UpdateItem(ctx context.Context, in *dynamodb.UpdateItemInput, options ...func(*dynamodb.Options)) (*dynamodb.UpdateItemOutput, error) {
	b.once.Do(b.do)
	return b.Client.UpdateItem(ctx, in, options...)
}

func TestAnUnlockBetweenReadAndWriteStands(t *testing.T) {
	tb := newTable(t)
	tb.load(t, extract("1000001,Cox,active,,true,2013-01-01,2025-01-01"))
	racing := &between{Client: tb.client, do: func() {
		if ok, err := (unlocker{tb: tb}).unlock(t.Context(), trn(t, "1000001")); !ok || err != nil {
			t.Errorf("unlock: %v, %v", ok, err)
		}
	}}
	got := tb.load(t, extract("1000001,Fox,active,,true,2013-01-01,2025-02-01"), tb.through(racing))
	if want := (load.Summary{Rows: 1, Updated: 1, KeptUnlocked: 1}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	tb.expect(t, "1000001", map[string]string{"lastName": "Fox", "locked": "false", "unlockedAt": "2026-03-01T12:00:00.000Z", "unlockedBy": "lookup-1"})
}

func TestAnAlertLoadedWhileAnUnlockIsJudgedForbidsIt(t *testing.T) {
	for name, row := range map[string]string{
		"alert":       "1000001,Cox,active,A1|Prohibition|2025-01-01|,true,2013-01-01,2025-02-01",
		"deactivated": "1000001,Cox,deactivated,,true,2013-01-01,2025-02-01",
		"same time":   "1000001,Cox,active,A1|Prohibition|2025-01-01|,true,2013-01-01,2025-01-01",
	} {
		t.Run(name, func(t *testing.T) {
			tb := newTable(t)
			tb.load(t, extract("1000001,Cox,active,,true,2013-01-01,2025-01-01"))
			var once sync.Once
			ok, err := unlocker{tb, func() { once.Do(func() { tb.load(t, extract(row)) }) }}.unlock(t.Context(), trn(t, "1000001"))
			if ok || err != nil {
				t.Errorf("unlocked: %v, %v", ok, err)
			}
			tb.expect(t, "1000001", map[string]string{"locked": "true", "unlockedAt": ""})
		})
	}
}

func TestAnotherLoadBetweenReadAndWrite(t *testing.T) {
	for _, test := range []struct{ name, first, other, row, want string }{
		{"newer", "A,active,,,,2025-01-01", "C,active,,,,2025-03-01", "B,active,,,,2025-02-01", "C"},
		{"older", "A,active,,,,2025-01-01", "B,active,,,,2025-02-01", "C,active,,,,2025-03-01", "C"},
		{"newer, into nothing", "", "C,active,,,,2025-03-01", "B,active,,,,2025-02-01", "C"},
		{"older, into nothing", "", "B,active,,,,2025-02-01", "C,active,,,,2025-03-01", "C"},
	} {
		t.Run(test.name, func(t *testing.T) {
			tb := newTable(t)
			if test.first != "" {
				tb.load(t, extract("1000001,"+test.first))
			}
			racing := &between{Client: tb.client, do: func() { tb.load(t, extract("1000001,"+test.other)) }}
			tb.load(t, extract("1000001,"+test.row), tb.through(racing))
			tb.expect(t, "1000001", map[string]string{"lastName": test.want})
		})
	}
}

// Loads that say "locked" and unlocks of the same accounts run side by side. Whoever comes first, an account that was
// unlocked stays so, and the newest row's facts are stored.
func TestLoadsAndUnlocksSideBySide(t *testing.T) {
	tb := newTable(t)
	const people, revisions = 40, 6
	revision := func(n int) string {
		var rows []string
		for i := range people {
			rows = append(rows, fmt.Sprintf("%d,Name%d,active,,true,2013-01-01,2025-01-%02d", 1_000_000+i, n, n))
		}
		return extract(rows...)
	}
	tb.load(t, revision(1))
	var all sync.WaitGroup
	for n := 2; n <= revisions; n++ {
		all.Go(func() {
			if _, _, err := tb.tryLoad(t.Context(), revision(n)); err != nil {
				t.Errorf("load: %v", err)
			}
		})
	}
	for i := range people {
		all.Go(func() {
			if ok, err := (unlocker{tb: tb}).unlock(t.Context(), trn(t, fmt.Sprint(1_000_000+i))); !ok || err != nil {
				t.Errorf("unlock: %v, %v", ok, err)
			}
		})
	}
	all.Wait()
	for i := range people {
		tb.expect(t, fmt.Sprint(1_000_000+i), map[string]string{"lastName": fmt.Sprintf("Name%d", revisions), "locked": "false", "unlockedBy": "lookup-1"})
	}
}

// TestALookupDuringALoadNeverSeesHalfARecord: while two versions of a record are loaded in turn, each read is one of them.
func TestALookupDuringALoadNeverSeesHalfARecord(t *testing.T) {
	tb := newTable(t)
	version := func(n int) string {
		name, born := "Ann", "1980-02-03"
		if n%2 == 1 {
			name, born = "Bea", "1960-05-06"
		}
		return fmt.Sprintf("trn,first_name,last_name,date_of_birth,email,updated_at\n1000001,%s,%s,%s,%s@example.com,2025-01-01T00:00:%02dZ\n", name, name, born, name, n+1)
	}
	tb.load(t, version(0))
	store := register.NewStore(tb.client, tb.name)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for n := 1; n < 40; n++ {
			if _, _, err := tb.tryLoad(t.Context(), version(n)); err != nil {
				t.Errorf("load: %v", err)
			}
		}
	}()
	seen := map[string]int{}
	for {
		select {
		case <-done:
			if len(seen) != 2 {
				t.Errorf("saw %v, want both versions", seen)
			}
			return
		default:
		}
		found, err := store.Candidates(t.Context(), matching.Person{TRN: trn(t, "1000001")})
		if err != nil || len(found.Records) != 1 {
			t.Fatalf("%+v, %v", found, err)
		}
		r := found.Records[0]
		whole := fmt.Sprint(r.Name.First, r.Name.Last, r.DateOfBirth.ISO(), r.Email.Text())
		if whole != "AnnAnn1980-02-03ann@example.com" && whole != "BeaBea1960-05-06bea@example.com" {
			t.Fatalf("half a record: %s", whole)
		}
		seen[whole]++
	}
}

var errNetwork = errors.New("connection reset")

// faulty is DynamoDB with faults.
type faulty struct {
	*dynamodb.Client
	mu sync.Mutex
	// Each is how many calls from now go wrong so.
	conflicts   int // UpdateItem: in conflict with a transaction
	unprocessed int // BatchGetItem: half of the keys are not processed
	lostAfter   int // UpdateItem: this many succeed, then the answers are lost, though the writes are done
	throttled   int // BatchGetItem, UpdateItem: as DynamoDB says it
	lost        int // UpdateItem: the write is done, and the answer lost
	failRead    bool
	failScan    bool
}

func (f *faulty) BatchGetItem(ctx context.Context, in *dynamodb.BatchGetItemInput, options ...func(*dynamodb.Options)) (*dynamodb.BatchGetItemOutput, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.failRead {
		return nil, errNetwork
	}
	if f.throttled > 0 {
		f.throttled--
		return nil, &types.ProvisionedThroughputExceededException{}
	}
	if f.unprocessed == 0 {
		return f.Client.BatchGetItem(ctx, in, options...)
	}
	f.unprocessed--
	now, later := map[string]types.KeysAndAttributes{}, map[string]types.KeysAndAttributes{}
	for name, keys := range in.RequestItems {
		half := len(keys.Keys) / 2
		now[name] = types.KeysAndAttributes{Keys: keys.Keys[:half], ConsistentRead: aws.Bool(true)}
		later[name] = types.KeysAndAttributes{Keys: keys.Keys[half:], ConsistentRead: aws.Bool(true)}
		if half == 0 {
			return &dynamodb.BatchGetItemOutput{UnprocessedKeys: later}, nil
		}
	}
	out, err := f.Client.BatchGetItem(ctx, &dynamodb.BatchGetItemInput{RequestItems: now}, options...)
	if err == nil {
		out.UnprocessedKeys = later
	}
	return out, err
}

func (f *faulty) UpdateItem(ctx context.Context, in *dynamodb.UpdateItemInput, options ...func(*dynamodb.Options)) (*dynamodb.UpdateItemOutput, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.conflicts > 0 {
		f.conflicts--
		return nil, &types.TransactionConflictException{}
	}
	if f.throttled > 0 {
		f.throttled--
		return nil, &types.ProvisionedThroughputExceededException{}
	}
	out, err := f.Client.UpdateItem(ctx, in, options...)
	if f.lost > 0 && err == nil {
		f.lost--
		return nil, &smithy.OperationError{ServiceID: "DynamoDB", OperationName: "UpdateItem", Err: errNetwork}
	}
	if f.lostAfter > 0 {
		if f.lostAfter--; f.lostAfter == 0 {
			return nil, errNetwork
		}
	}
	return out, err
}

func (f *faulty) Scan(ctx context.Context, in *dynamodb.ScanInput, options ...func(*dynamodb.Options)) (*dynamodb.ScanOutput, error) {
	if f.failScan {
		return nil, errNetwork
	}
	return f.Client.Scan(ctx, in, options...)
}

func TestWhatDynamoDBDidNotDoIsAskedForAgain(t *testing.T) {
	tb := newTable(t)
	file := extract(rowsFrom(1_000_000, 50)...)
	if got := tb.load(t, file, tb.through(&faulty{Client: tb.client, conflicts: 3, unprocessed: 4})); got.Added != 50 {
		t.Errorf("%+v", got)
	}
	if got := tb.load(t, file, tb.through(&faulty{Client: tb.client, unprocessed: 5, throttled: 3})); got.Unchanged != 50 {
		t.Errorf("%+v", got)
	}
	later := extract(rowsFrom(1_000_050, 10)...)
	if got := tb.load(t, later, tb.through(&faulty{Client: tb.client, throttled: 12, lost: 5})); got.Added+got.Unchanged != 10 || got.Added < 5 {
		t.Errorf("%+v", got)
	}
}

func TestAnInterruptedLoadIsFinishedByLoadingAgain(t *testing.T) {
	for name, fault := range map[string]func(*faulty){
		"lost answer": func(f *faulty) { f.lostAfter = 120 },
		"no answer":   func(f *faulty) { f.failRead = true },
		"throttled":   func(f *faulty) { f.unprocessed = 1_000 },
		"conflicts":   func(f *faulty) { f.conflicts = 1_000 },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tb, clean := newTable(t), newTable(t)
			file := extract(rowsFrom(1_000_000, 500)...)
			broken := &faulty{Client: tb.client}
			fault(broken)
			summary, _, err := tb.tryLoad(t.Context(), file, tb.through(broken))
			if err == nil {
				t.Errorf("no error; %+v", summary)
			}
			if strings.Contains(fmt.Sprint(err), "10000") {
				t.Errorf("the error holds a TRN: %v", err)
			}
			tb.load(t, file)
			clean.load(t, file)
			want := clean.all(t)
			for trn, item := range tb.all(t) {
				if item != want[trn] {
					t.Errorf("%s is\n%s, want\n%s", trn, item, want[trn])
				}
				delete(want, trn)
			}
			if len(want) > 0 {
				t.Errorf("%d records are missing", len(want))
			}
		})
	}
}

func TestACancelledLoadStops(t *testing.T) {
	tb := newTable(t)
	ctx, cancel := context.WithCancel(t.Context())
	file := extract(rowsFrom(1_000_000, 1_000)...)
	summary, _, err := tb.tryLoad(ctx, file, func(o *load.Options) { o.Progress = func(load.Progress) { cancel() } })
	if !errors.Is(err, context.Canceled) || summary.Added == 0 || summary.Added == 1_000 {
		t.Errorf("%+v, %v", summary, err)
	}
	if got := tb.load(t, file); got.Added+got.Unchanged != 1_000 || got.Unchanged < summary.Added {
		t.Errorf("the first load counted %+v, the second %+v", summary, got)
	}
}

func TestProgress(t *testing.T) {
	tb := newTable(t)
	file := extract(append(rowsFrom(1_000_000, 600), "nonsense,,,,,,")...)
	var last load.Progress
	_, _, err := tb.tryLoad(t.Context(), file, func(o *load.Options) {
		o.Progress = func(p load.Progress) {
			if p.Rows < last.Rows || p.Bytes < last.Bytes || p.Added < last.Added || p.Elapsed < last.Elapsed {
				t.Errorf("%+v came after %+v", p, last)
			}
			last = p
		}
	})
	if err != nil || last.Rows != 601 || last.Added != 600 || last.Rejected != 1 || last.Bytes != int64(len(file)) || last.Size != last.Bytes {
		t.Errorf("%+v, %v; the file has %d bytes", last, err, len(file))
	}
}

// rowsFrom are rows of extract with TRNs in sequence.
func rowsFrom(first, count int) []string {
	rows := make([]string, count)
	for i := range rows {
		rows[i] = fmt.Sprintf("%d,Name%d,active,,true,2013-01-01,2025-01-01", first+i, i)
	}
	return rows
}
