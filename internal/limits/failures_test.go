package limits_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"losttrn/internal/fault"
	"losttrn/internal/guess"
	"losttrn/internal/limits"
	"losttrn/internal/matching"
)

var errRefused = errors.New("not allowed")

// scripted is a DynamoDB that answers writes by what they are, and reads nothing of a batch.
type scripted struct {
	answer func(in *dynamodb.UpdateItemInput) error
}

func (s scripted) UpdateItem(_ context.Context, in *dynamodb.UpdateItemInput, _ ...func(*dynamodb.Options)) (*dynamodb.UpdateItemOutput, error) {
	return &dynamodb.UpdateItemOutput{}, s.answer(in)
}

func (s scripted) BatchGetItem(_ context.Context, in *dynamodb.BatchGetItemInput, _ ...func(*dynamodb.Options)) (*dynamodb.BatchGetItemOutput, error) {
	return &dynamodb.BatchGetItemOutput{UnprocessedKeys: in.RequestItems}, nil
}

func over(client limits.Client, most limits.PerHour) *limits.Store {
	return limits.NewStore(client, "limits", most, func(context.Context) (string, error) { return "secret", nil }, time.Now)
}

// TestWhatCouldNotBeCountedIsNoAdmission: nobody is let through, or turned away, on a count that was not made or not taken back.
func TestWhatCouldNotBeCountedIsNoAdmission(t *testing.T) {
	failing := func(part string) func(*dynamodb.UpdateItemInput) error {
		return func(in *dynamodb.UpdateItemInput) error {
			if most, ok := in.ExpressionAttributeValues[":most"].(*types.AttributeValueMemberN); ok && most.Value == "1" {
				return &types.ConditionalCheckFailedException{} // the address' limit is reached
			}
			if strings.Contains(*in.UpdateExpression, part) {
				return errRefused
			}
			return nil
		}
	}
	for _, part := range []string{":one", ":back"} {
		err := over(scripted{failing(part)}, limits.PerHour{Address: 1, Email: 2}).Admit(t.Context(), "203.0.113.9", key(t, "ann@example.com"))
		if !errors.Is(err, errRefused) {
			t.Errorf("%s fails: %v", part, err)
		}
	}
}

// TestWhatCouldNotBeRememberedIsAnError: a guess of which nothing is kept would be one more than six. The writes are of the
// values of pairs and of the notes on shelves.
func TestWhatCouldNotBeRememberedIsAnError(t *testing.T) {
	p := person(t, "Example", "1980-01-31", "QQ123456C")
	for name, c := range map[string]struct {
		failing string // the beginning of a name
		err     error
		want    error
	}{
		"a value":                {"national", errRefused, errRefused},
		"a note":                 {"notes", errRefused, errRefused},
		"a value that is outrun": {"national", &types.ConditionalCheckFailedException{}, fault.Unavailable},
	} {
		answer := func(in *dynamodb.UpdateItemInput) error {
			for _, attribute := range in.ExpressionAttributeNames {
				if strings.HasPrefix(attribute, c.failing) {
					return c.err
				}
			}
			return nil
		}
		if err := add(t, over(scripted{answer}, most), p); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestWhatWasReadInPartIsAnError: values that were not read would count as not tried.
func TestWhatWasReadInPartIsAnError(t *testing.T) {
	if _, err := read(t, over(scripted{}, most), person(t, "Example", "1980-01-31", "")); !errors.Is(err, fault.Throttled) {
		t.Errorf("%v", err)
	}
	if _, err := over(nil, most).Tried(t.Context(), nil, nil); err != nil { // any call panics
		t.Errorf("nothing to read: %v", err)
	}
}

// TestNoHMACWithoutItsSecret: one that anybody can make would disclose the address.
func TestNoHMACWithoutItsSecret(t *testing.T) {
	off := limits.Off{Secret: func(context.Context) (string, error) { return "", errRefused }}
	if got, err := off.Network(t.Context(), "203.0.113.9"); got != "" || !errors.Is(err, errRefused) {
		t.Errorf("%q, %v", got, err)
	}
}

// nameAndBirthday is the entry of the pair of a person's name and date of birth.
func nameAndBirthday(t testing.TB, p matching.Person) guess.Entry {
	t.Helper()
	for _, e := range guess.Entries(p) {
		if e.Pair == (guess.Pair{A: matching.Name, B: matching.DateOfBirth}) {
			return e
		}
	}
	t.Fatal("no pair of name and date of birth")
	return guess.Entry{}
}

// TestOnlyWhatWasGivenIsRemembered: of a kind that a request does not give no value is added; and where it replaces values whose
// time has passed, those of the kinds that it does not give are gone too.
func TestOnlyWhatWasGivenIsRemembered(t *testing.T) {
	w := newFixture(t)
	store := w.store("given", most)
	for _, nino := range []string{"", "QQ123456C", ""} {
		p := person(t, "Example", "1980-01-31", nino)
		if err := add(t, store, p); err != nil {
			t.Fatal(err)
		}
		tried, err := read(t, store, p)
		if err != nil {
			t.Fatal(err)
		}
		e, want := nameAndBirthday(t, p), 0
		if nino != "" {
			want = 1
		}
		if got := tried.Values(e, matching.NINO); len(got) != want {
			t.Errorf("after %q there are %d values, want %d", nino, len(got), want)
		}
		if got := tried.Values(e, matching.Email); len(got) != 1 {
			t.Errorf("after %q there are %d mailboxes, want one", nino, len(got))
		}
		w.now = w.now.Add(31 * 24 * time.Hour)
	}
}
