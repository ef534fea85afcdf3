package load_test

import (
	"errors"
	"strings"
	"testing"

	"losttrn/internal/attribute"
	"losttrn/internal/load"
	"losttrn/internal/register"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
)

func full(o *load.Options) { o.Full = true }

func deactivate(o *load.Options) { o.Full, o.DeactivateMissing = true, true }

func allowMany(o *load.Options) { o.AllowMany = true }

// count counts the records with a status.
func (tb table) count(t *testing.T, status string) int {
	t.Helper()
	n := 0
	for _, item := range tb.all(t) {
		if strings.Contains(item, "status:"+status+" ") {
			n++
		}
	}
	return n
}

func TestRecordsThatVanish(t *testing.T) {
	rows := rowsFrom(1_000_000, 100)
	tests := []struct {
		name            string
		rows            []string
		options         []option
		vanished        int
		deactivated     int
		refused         string
		wantRejectsToBe bool
	}{
		{name: "not a full extract", rows: rows[:60]},
		{name: "not asked to deactivate", rows: rows[:60], options: []option{full}, vanished: 40},
		{name: "none", rows: rows, options: []option{deactivate}},
		{name: "one in a hundred", rows: rows[1:], options: []option{deactivate}, vanished: 1, deactivated: 1},
		{name: "more than that", rows: rows[2:], options: []option{deactivate}, vanished: 2, refused: "2 of 100 active records"},
		{name: "more than that, allowed", rows: rows[2:], options: []option{deactivate, allowMany}, vanished: 2, deactivated: 2},
		{name: "all but one, allowed", rows: rows[:1], options: []option{deactivate, allowMany}, vanished: 99, deactivated: 99},
		{name: "an empty extract", options: []option{deactivate}, vanished: 100, refused: "100 of 100"},
		{name: "a rejected row is there", rows: append([]string{"1000000,Cox,nonsense,,,,2025-01-01"}, rows[1:]...),
			options: []option{deactivate}, wantRejectsToBe: true},
		{name: "a rejected row without its TRN", rows: append([]string{"100000,Cox,active,,,,2025-01-01"}, rows[1:]...),
			options: []option{deactivate, allowMany}, vanished: 1, refused: "cannot be read", wantRejectsToBe: true},
		{name: "a row that cannot be read", rows: append([]string{"10000\"00,Cox,active,,,,2025-01-01"}, rows[1:]...),
			options: []option{deactivate, allowMany}, vanished: 1, refused: "cannot be read", wantRejectsToBe: true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			tb := newTable(t)
			tb.load(t, extract(append(rows, "2000000,Gone,deceased,,,,2025-01-01", "2000001,Gone,deactivated,,,,2025-01-01",
				"2000002,Gone,merged:1000000,,,,2025-01-01")...))
			summary, rejects, err := tb.tryLoad(t.Context(), extract(test.rows...), test.options...)
			var refusal *load.Refusal
			switch {
			case test.refused == "" && err != nil:
				t.Fatal(err)
			case test.refused != "" && (!errors.As(err, &refusal) || !strings.Contains(refusal.Why, test.refused)):
				t.Errorf("%v, want a refusal with %q", err, test.refused)
			}
			if summary.Vanished != test.vanished || summary.Deactivated != test.deactivated || (rejects != "") != test.wantRejectsToBe {
				t.Errorf("%+v; rejects:\n%s", summary, rejects)
			}
			if got := tb.count(t, "active"); got != 100-test.deactivated {
				t.Errorf("%d records are active, want %d", got, 100-test.deactivated)
			}
			if got := tb.count(t, "deactivated"); got != 1+test.deactivated {
				t.Errorf("%d records are deactivated, want %d", got, 1+test.deactivated)
			}
		})
	}
}

func TestARecordThatComesBackIsActiveAgain(t *testing.T) {
	tb := newTable(t)
	rows := rowsFrom(1_000_000, 100)
	tb.load(t, extract(rows...))
	before := tb.show(t, "1000000")
	if got := tb.load(t, extract(rows[1:]...), deactivate); got.Deactivated != 1 {
		t.Fatalf("%+v", got)
	}
	tb.expect(t, "1000000", map[string]string{"status": "deactivated", "locked": "true", "updatedAt": "2025-01-01T00:00:00.000Z"})
	if again := tb.load(t, extract(rows[1:]...), deactivate); again.Deactivated != 0 || again.Vanished != 0 {
		t.Errorf("%+v", again)
	}
	if got := tb.load(t, extract(rows...), deactivate); got.Updated != 1 || got.Unchanged != 99 {
		t.Errorf("%+v", got)
	}
	if after := tb.show(t, "1000000"); after != before {
		t.Errorf("was\n%s, is\n%s", before, after)
	}
}

func TestARecordMergedWhileItIsDeactivatedStaysMerged(t *testing.T) {
	tb := newTable(t)
	rows := rowsFrom(1_000_000, 100)
	tb.load(t, extract(rows...))
	racing := &between{Client: tb.client, do: func() { tb.set(t, "1000000", attribute.Item{"status": attribute.String("merged")}) }}
	if got := tb.load(t, extract(rows[1:]...), tb.through(racing), deactivate); got.Deactivated != 0 || got.Vanished != 1 {
		t.Errorf("%+v", got)
	}
	tb.expect(t, "1000000", map[string]string{"status": "merged"})
}

func TestDeactivatingTakesAFullExtract(t *testing.T) {
	tb := newTable(t)
	_, _, err := tb.tryLoad(t.Context(), extract(rowsFrom(1_000_000, 1)...), func(o *load.Options) { o.DeactivateMissing = true })
	var refusal *load.Refusal
	if !errors.As(err, &refusal) || len(tb.all(t)) > 0 {
		t.Errorf("%v, want a refusal and nothing stored", err)
	}
}

func TestDeactivatingTakesAStatusColumn(t *testing.T) {
	tb := newTable(t)
	_, _, err := tb.tryLoad(t.Context(), "trn,last_name,date_of_birth,updated_at\n1000001,Cox,1980-02-03,2025-01-01\n", deactivate)
	var refusal *load.Refusal
	if !errors.As(err, &refusal) || len(tb.all(t)) > 0 {
		t.Errorf("%v, want a refusal and nothing stored", err)
	}
}

func TestAFailedListingDeactivatesNothing(t *testing.T) {
	tb := newTable(t)
	rows := rowsFrom(1_000_000, 200)
	tb.load(t, extract(rows...))
	_, _, err := tb.tryLoad(t.Context(), extract(rows[1:]...), deactivate, tb.through(&faulty{Client: tb.client, failScan: true}))
	if !errors.Is(err, errNetwork) {
		t.Errorf("%v", err)
	}
	if got := tb.count(t, "active"); got != 200 {
		t.Errorf("%d active", got)
	}
}

var _ register.RecordsClient = (*dynamodb.Client)(nil)
