package register_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"losttrn/internal/attribute"
	"losttrn/internal/teacher"
)

func TestAccount(t *testing.T) {
	w := newFixture(t)
	item := texts("trn", "0000001", "lastName", "Example")
	item["locked"] = attribute.Bool(true)
	item["formerTrns"] = attribute.Strings([]string{"0000002"})
	item["alerts"] = list(
		attribute.Item{"id": attribute.String("1"), "type": attribute.String("Prohibition"), "startDate": attribute.String("2019-01-01"),
			"endDate": attribute.String("2020-01-01")},
		attribute.Item{"id": attribute.String("2"), "startDate": attribute.String("?"), "endDate": attribute.String("soon")})
	w.put(item)
	w.put(attribute.Item{"trn": attribute.String("0000003")})
	w.put(attribute.Item{"trn": attribute.String("0000005"), "inDoubtSince": attribute.String("2026-01-01T00:00:00.000Z")})
	day := func(iso string) teacher.Date { return person(t, "dateOfBirth", iso).DateOfBirth }
	compare := cmp.AllowUnexported(teacher.TRN{}, teacher.Date{})
	for digits, want := range map[string]teacher.Account{
		"0000001": {Status: teacher.Active, Locked: true, FormerTRNs: []teacher.TRN{person(t, "trn", "0000002").TRN},
			Alerts: []teacher.Alert{{ID: "1", Type: "Prohibition", Start: day("2019-01-01"), End: day("2020-01-01")}, {ID: "2"}}},
		"0000003": {},
		"0000005": {InDoubt: true},
		"0000009": {}, // there is none
	} {
		want.TRN = person(t, "trn", digits).TRN
		got, err := w.store.Account(t.Context(), want.TRN)
		if err != nil {
			t.Fatal(err)
		}
		if difference := cmp.Diff(want, got.Account(), compare); difference != "" {
			t.Errorf("%s: %s", digits, difference)
		}
	}
}

// TestAlertsThatCannotBeReadAreOpen: in doubt nothing is unlocked.
func TestAlertsThatCannotBeReadAreOpen(t *testing.T) {
	w := newFixture(t)
	today := person(t, "dateOfBirth", "2026-11-22").DateOfBirth
	for name, test := range map[string]struct {
		alerts types.AttributeValue
		open   bool
	}{
		"a text":            {attribute.String("Prohibition"), true},
		"a map":             {attribute.Map(attribute.Item{"id": attribute.String("1")}), true},
		"a list of texts":   {attribute.Strings([]string{"Prohibition"}), true},
		"one of two a text": {&types.AttributeValueMemberL{Value: []types.AttributeValue{attribute.Map(attribute.Item{"endDate": attribute.String("2020-01-01")}), attribute.String("x")}}, true},
		"an empty list":     {&types.AttributeValueMemberL{}, false},
		"null":              {&types.AttributeValueMemberNULL{Value: true}, false},
	} {
		item := texts("trn", "0000004")
		item["alerts"] = test.alerts
		w.put(item)
		got, err := w.store.Account(t.Context(), person(t, "trn", "0000004").TRN)
		if err != nil {
			t.Fatal(err)
		}
		open := false
		for _, alert := range got.Account().Alerts {
			open = open || alert.OpenOn(today)
		}
		if open != test.open {
			t.Errorf("%s: open %t", name, open)
		}
	}
}

// TestUnlockIsConditional: the write does nothing unless all that was judged is as it was read.
func TestUnlockIsConditional(t *testing.T) {
	w := newFixture(t)
	base := func() attribute.Item {
		item := texts("trn", "0000001", "lastName", "Example")
		item["locked"] = attribute.Bool(true)
		item["alerts"] = list(attribute.Item{"id": attribute.String("1"), "endDate": attribute.String("2020-01-01")})
		return item
	}
	for name, test := range map[string]struct {
		before, after func(attribute.Item)
		written       bool
	}{
		"unchanged":            {nil, nil, true},
		"another name":         {nil, func(i attribute.Item) { i["lastName"] = attribute.String("Other") }, true},
		"alert opened":         {nil, func(i attribute.Item) { i["alerts"] = list(attribute.Item{"id": attribute.String("1")}) }, false},
		"alert gone":           {nil, func(i attribute.Item) { delete(i, "alerts") }, false},
		"first alert":          {func(i attribute.Item) { delete(i, "alerts") }, nil, false},
		"merged with another":  {nil, func(i attribute.Item) { i["formerTrns"] = attribute.Strings([]string{"0000002"}) }, false},
		"deactivated":          {nil, func(i attribute.Item) { i["status"] = attribute.String("deactivated") }, false},
		"put in doubt":         {nil, func(i attribute.Item) { i["inDoubtSince"] = attribute.String("2026-01-01T00:00:00.000Z") }, false},
		"unlocked":             {nil, func(i attribute.Item) { i["locked"] = attribute.Bool(false) }, false},
		"never was locked":     {func(i attribute.Item) { i["locked"] = attribute.Bool(false) }, func(i attribute.Item) { i["locked"] = attribute.Bool(false) }, false},
		"never was active":     {func(i attribute.Item) { i["status"] = attribute.String("deceased") }, func(i attribute.Item) { i["status"] = attribute.String("deceased") }, false},
		"no longer has a lock": {nil, func(i attribute.Item) { delete(i, "locked") }, false},
	} {
		t.Run(name, func(t *testing.T) {
			read, then := base(), base()
			if test.before != nil {
				test.before(read)
			}
			if test.after != nil {
				test.after(then)
			}
			w.put(read)
			account, err := w.store.Account(t.Context(), person(t, "trn", "0000001").TRN)
			if err != nil {
				t.Fatal(err)
			}
			w.put(then)
			write := w.store.Unlock(account, "lookup", time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC))
			_, err = w.db.TransactWriteItems(t.Context(), &dynamodb.TransactWriteItemsInput{TransactItems: []types.TransactWriteItem{write}})
			var cancelled *types.TransactionCanceledException
			if err != nil && !errors.As(err, &cancelled) {
				t.Fatal(err)
			}
			if written := err == nil; written != test.written {
				t.Errorf("written: %t", written)
			}
			got := w.raw(t.Context(), "0000001")
			if by := attribute.Text(got, "unlockedBy"); (by == "lookup") != test.written || attribute.Text(got, "lastName") != attribute.Text(then, "lastName") {
				t.Errorf("unlockedBy %q", by)
			}
		})
	}
}

func (w *fixture) raw(ctx context.Context, trn string) attribute.Item {
	w.Helper()
	out, err := w.db.GetItem(ctx, &dynamodb.GetItemInput{TableName: aws.String(w.table()),
		Key: attribute.Item{"trn": attribute.String(trn)}, ConsistentRead: aws.Bool(true)})
	if err != nil {
		w.Fatal(err)
	}
	return out.Item
}
