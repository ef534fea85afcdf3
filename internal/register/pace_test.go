package register_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"losttrn/internal/attribute"
	"losttrn/internal/register"
	"losttrn/internal/teacher"
)

// What a table on demand takes a second at the least, and how long a call takes.
const (
	tableReads, tableWrites = 12_000, 4_000
	callTime                = 5 * time.Millisecond
)

// metered is a table of one read and some write units a record that refuses what is beyond its capacity, as DynamoDB
// does: it keeps what was not used for five minutes, and a call that it has begun may overdraw it.
type metered struct {
	register.RecordsClient
	perWrite float64

	mu            sync.Mutex
	since         time.Time
	reads, writes float64 // units that are left
}

func newMetered(perWrite float64) *metered {
	return &metered{perWrite: perWrite, since: time.Now(), reads: tableReads, writes: tableWrites}
}

// take takes units, or reports that there are none left.
func (m *metered) take(reads, writes float64) error {
	<-time.After(callTime)
	m.mu.Lock()
	defer m.mu.Unlock()
	now := time.Now()
	passed := now.Sub(m.since).Seconds()
	m.since, m.reads, m.writes = now, min(m.reads+passed*tableReads, 300*tableReads), min(m.writes+passed*tableWrites, 300*tableWrites)
	if reads > 0 && m.reads <= 0 || writes > 0 && m.writes <= 0 {
		return &types.ProvisionedThroughputExceededException{}
	}
	m.reads, m.writes = m.reads-reads, m.writes-writes
	return nil
}

func (m *metered) UpdateItem(context.Context, *dynamodb.UpdateItemInput, ...func(*dynamodb.Options)) (*dynamodb.UpdateItemOutput, error) {
	if err := m.take(0, m.perWrite); err != nil {
		return nil, err
	}
	return &dynamodb.UpdateItemOutput{ConsumedCapacity: &types.ConsumedCapacity{CapacityUnits: aws.Float64(m.perWrite)}}, nil
}

func (m *metered) BatchGetItem(_ context.Context, in *dynamodb.BatchGetItemInput, _ ...func(*dynamodb.Options)) (*dynamodb.BatchGetItemOutput, error) {
	units := float64(len(in.RequestItems["teachers"].Keys))
	if err := m.take(units, 0); err != nil {
		return nil, err
	}
	return &dynamodb.BatchGetItemOutput{ConsumedCapacity: []types.ConsumedCapacity{{CapacityUnits: &units}}}, nil
}

// loadFor has 32 workers read or write records for a time, as a load of unchanged rows or of new ones does, while lookups
// and unlocks make a call every 50 ms. It returns the units a second that the load took, and how many of the other calls
// were made and refused.
func loadFor(t *testing.T, table *metered, records *register.Records, writing bool, length time.Duration) (rate float64, made, refused int) {
	t.Helper()
	ctx, over := t.Context(), time.After(length)
	var stopped atomic.Bool
	trns := make([]teacher.TRN, register.MaxRead)
	for i := range trns {
		trns[i] = person(t, "trn", "0000001").TRN
	}
	start := time.Now()
	var all sync.WaitGroup
	for range 32 {
		all.Go(func() {
			for !stopped.Load() {
				// A call that is refused for good ends a real load; here the next one is tried.
				if writing {
					_, _, _ = records.Write(ctx, trns[0], []register.Change{{Name: "lastName", Value: attribute.String("x")}}, nil)
				} else {
					_, _ = records.Read(ctx, trns)
				}
			}
		})
	}
	for !stopped.Load() {
		select {
		case <-over:
			stopped.Store(true)
		case <-time.After(50 * time.Millisecond):
		}
		made++
		if writing && table.take(0, 1) != nil || !writing && table.take(1, 0) != nil {
			refused++
		}
	}
	all.Wait()
	reads, writes := records.Units()
	return (reads + writes) / time.Since(start).Seconds(), made, refused
}

// TestALoadLeavesTheRestToLookups: at half of the table's capacity none of the lookups' reads and of the unlocks' writes is
// refused, in three minutes, and the load takes its half. Without a pace the table refuses them by the hundred.
func TestALoadLeavesTheRestToLookups(t *testing.T) {
	const length = 3 * time.Minute
	for name, c := range map[string]struct {
		writing bool
		share   float64
	}{"reads": {false, tableReads / 2}, "writes": {true, tableWrites / 2}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				table := newMetered(3.2)
				records := register.NewRecords(table, "teachers")
				records.Pace(tableReads/2, tableWrites/2)
				rate, made, refused := loadFor(t, table, records, c.writing, length)
				t.Logf("with a pace: %.0f units a second, %d of %d other calls refused", rate, refused, made)
				if refused > 0 || made < 3_000 {
					t.Errorf("%d of %d calls of lookups and unlocks were refused", refused, made)
				}
				if rate > c.share*1.02 || rate < c.share*0.95 {
					t.Errorf("%.0f units a second, want %.0f", rate, c.share)
				}
			})
			synctest.Test(t, func(t *testing.T) {
				table := newMetered(3.2)
				rate, made, refused := loadFor(t, table, register.NewRecords(table, "teachers"), c.writing, time.Minute)
				t.Logf("without: %.0f units a second, %d of %d other calls refused", rate, refused, made)
				if refused < made/10 {
					t.Errorf("the table refuses %d of %d: the test shows nothing", refused, made)
				}
			})
		})
	}
}
