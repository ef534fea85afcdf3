package emailuse_test

import (
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
