package emailuse_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"losttrn/internal/attribute"
	"losttrn/internal/emailuse"
)

// lift does what the helpdesk's command does.
func (w *fixture) lift(address string, at time.Time) {
	w.Helper()
	lifts := &types.AttributeValueMemberL{Value: []types.AttributeValue{attribute.Map(attribute.Item{
		"at": attribute.Time(at), "by": attribute.String("jo"), "note": attribute.String("spoke to both")})}}
	_, err := w.db.UpdateItem(w.Context(), &dynamodb.UpdateItemInput{TableName: aws.String(w.table),
		Key:                       attribute.Item{"email": attribute.String(address)},
		UpdateExpression:          aws.String("SET lifted = list_append(if_not_exists(lifted, :none), :lifts)"),
		ExpressionAttributeValues: attribute.Item{":none": &types.AttributeValueMemberL{}, ":lifts": lifts}})
	if err != nil {
		w.Fatal(err)
	}
}

// TestALiftForgives what was found up to then, and nothing that is found later, be it the same again.
func TestALiftForgives(t *testing.T) {
	w := newFixture(t)
	hour := func(n int) time.Time { return noon.Add(time.Duration(n) * time.Hour) }
	w.claim("ann@example.com", 1, "l1", hour(0))
	w.claim("ann@example.com", 2, "l2", hour(1))
	w.lift("ann@example.com", hour(2))
	for _, step := range []struct {
		found, hour int
		want        string
	}{
		{2, 1, "[0000002]"},         // the refused lookup, judged again
		{3, 3, "[0000003]"},         // another, after the lift
		{3, 4, "[0000003]"},         // and again
		{1, 5, "[0000001 0000003]"}, // the first again counts again
		{3, 6, "[0000001 0000003]"},
	} {
		got := w.claim("ann@example.com", step.found, fmt.Sprint("l", step.hour), hour(step.hour))
		if fmt.Sprint(got) != step.want {
			t.Errorf("hour %d, TRN %d: %v, want %s", step.hour, step.found, got, step.want)
		}
	}
	w.lift("ann@example.com", hour(7))
	if got := w.claim("ann@example.com", 3, "l8", hour(8)); fmt.Sprint(got) != "[0000003]" {
		t.Errorf("after a second lift: %v", got)
	}
}

// TestALiftOfAFullRecord: a TRN that is found after the lift is kept in the place of one that counts no more.
func TestALiftOfAFullRecord(t *testing.T) {
	w := newFixture(t)
	for n := range emailuse.MaxTRNs + 1 {
		w.claim("office@example.com", n+1, "l", noon.Add(time.Duration(n)*time.Second))
	}
	w.lift("office@example.com", noon.Add(time.Hour))
	w.claim("office@example.com", 5001, "l", noon.Add(2*time.Hour))
	got := w.claim("office@example.com", 5002, "l", noon.Add(3*time.Hour))
	if !slices.Equal(got, []string{"0005001", "0005002"}) {
		t.Errorf("%v", got)
	}
}

// TestALiftOfHalfARecord: of a full record the TRN that was found first goes, not one that was found after the lift. The
// record then says that it does not hold all.
func TestALiftOfHalfARecord(t *testing.T) {
	w := newFixture(t)
	trns := attribute.Item{}
	for n := range emailuse.MaxTRNs {
		trns[trn(t, n+1).Digits()] = attribute.Time(noon.Add(time.Duration(n) * time.Second))
	}
	for address, c := range map[string]struct {
		lift  time.Duration
		count int
	}{
		"office@example.com": {100 * time.Second, 100}, // 99 after the lift, and this one
		"first@example.com":  {0, 200},                 // at the moment of the first
	} {
		_, err := w.db.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String(w.table), Item: attribute.Item{
			"email": attribute.String(address), "trns": attribute.Map(trns), "lastUsedAt": attribute.Time(noon.Add(time.Hour))}})
		if err != nil {
			t.Fatal(err)
		}
		w.lift(address, noon.Add(c.lift))
		if got := w.claim(address, 5001, "l", noon.Add(2*time.Hour)); len(got) != c.count {
			t.Errorf("%s: %d count, want %d", address, len(got), c.count)
		}
		entry := w.entry(address)
		kept := attribute.Nested(entry, "trns")
		if kept["0005001"] == nil || kept["0000001"] != nil || kept["0000200"] == nil || len(kept) != emailuse.MaxTRNs || !attribute.Flag(entry, "trnsFull") {
			t.Errorf("%s: %d are kept, full %t", address, len(kept), attribute.Flag(entry, "trnsFull"))
		}
	}
}

// TestALiftForgivesItsOwnMoment: what was found at the very moment of the lift counts no more.
func TestALiftForgivesItsOwnMoment(t *testing.T) {
	w := newFixture(t)
	w.claim("ann@example.com", 1, "l1", noon)
	w.lift("ann@example.com", noon)
	if got := w.claim("ann@example.com", 2, "l2", noon.Add(time.Hour)); fmt.Sprint(got) != "[0000002]" {
		t.Errorf("%v", got)
	}
}

// overtaken is a client that another claim overtakes before its first update.
type overtaken struct {
	emailuse.Client
	by func()
}

func (o *overtaken) UpdateItem(ctx context.Context, in *dynamodb.UpdateItemInput, options ...func(*dynamodb.Options)) (*dynamodb.UpdateItemOutput, error) {
	if by := o.by; by != nil {
		o.by = nil
		by()
	}
	return o.Client.UpdateItem(ctx, in, options...)
}

// TestWhatIsFoundAgainAfterItsLiftCounts: found at the very moment of the lift, and again later, it counts from then on.
func TestWhatIsFoundAgainAfterItsLiftCounts(t *testing.T) {
	w := newFixture(t)
	w.claim("again@example.com", 1, "a", noon)
	w.lift("again@example.com", noon)
	w.claim("again@example.com", 1, "b", noon.Add(time.Second))
	if got := fmt.Sprint(w.claim("again@example.com", 2, "c", noon.Add(2*time.Second))); got != "[0000001 0000002]" {
		t.Errorf("then another: %s", got)
	}
}

// TestTwoThatWereForgivenAtOnce: two TRNs from before a lift are found again at one moment, which is not the last use. The
// second sees the first, although neither their number nor the last use has changed.
func TestTwoThatWereForgivenAtOnce(t *testing.T) {
	w := newFixture(t)
	hour := func(n int) time.Time { return noon.Add(time.Duration(n) * time.Hour) }
	w.claim("ann@example.com", 1, "l1", hour(0))
	w.claim("ann@example.com", 2, "l2", hour(6))
	w.lift("ann@example.com", hour(1))
	w.claim("ann@example.com", 3, "l3", hour(0))
	w.lift("ann@example.com", hour(2))
	store := emailuse.NewStore(&overtaken{w.db, func() { w.claim("ann@example.com", 1, "l4", hour(3)) }}, w.table)
	got, err := store.Claim(t.Context(), email(t, "ann@example.com"), trn(t, 3), "l5", hour(3))
	if err != nil || !slices.Contains(digits(got), "0000001") {
		t.Errorf("%v, %v", digits(got), err)
	}
}
