package limits_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"losttrn/internal/attribute"
	"losttrn/internal/guess"
	"losttrn/internal/limits"
	"losttrn/internal/matching"
)

// knownTo counts the entries of a person's pairs with the date of birth of which another person of that birthday knows, without reading
// them, that they hold nothing.
func knownTo(t testing.TB, s *limits.Store, reader, p matching.Person) (known, of int) {
	t.Helper()
	tried, err := s.Tried(t.Context(), nil, guess.Shelves(guess.Entries(reader)))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range guess.Entries(p) {
		if e.Pair.A == matching.DateOfBirth || e.Pair.B == matching.DateOfBirth {
			of++
			if tried.Known(e) {
				known++
			}
		}
	}
	return known, of
}

// TestWhatHoldsNothingIsKnown: who reads a shelf knows of the entries of others on it which hold nothing, from the first value
// to the last day on which it counts.
func TestWhatHoldsNothingIsKnown(t *testing.T) {
	w := newFixture(t)
	store := w.store("noted", most)
	reader, tried, never := person(t, "Reader", "1980-01-31", ""), person(t, "Tried", "1980-01-31", ""), person(t, "Never", "1980-01-31", "")
	tried.First, never.First = "Una", "Nia"
	if known, of := knownTo(t, store, person(t, "Reader", "1980-02-01", ""), tried); known != 0 || of != 2 {
		t.Errorf("who reads another shelf knows %d of %d", known, of)
	}
	if known, of := knownTo(t, store, reader, tried); known != of {
		t.Errorf("of %d entries that hold nothing %d are known", of, known)
	}
	for n := range 4 { // values that keep the first one alive for months
		tried.Email = key(t, fmt.Sprintf("mailbox%d@example.com", n))
		remember(t, store, tried)
		for range 30 {
			if known, of := knownTo(t, store, reader, tried); known > 0 {
				t.Errorf("%s: of %d entries that hold something %d are known", w.now, of, known)
			}
			if known, of := knownTo(t, store, reader, never); known != of {
				t.Errorf("%s: of %d entries of others, which hold nothing, %d are known", w.now, of, known)
			}
			if silent, err := read(t, store, tried); err != nil || len(silent.Values(guess.Entries(tried)[2], matching.Email)) == 0 {
				t.Fatalf("%s: nothing is remembered: %v", w.now, err)
			}
			w.now = w.now.Add(24*time.Hour - time.Second)
		}
	}
	w.now = w.now.Add(60 * 24 * time.Hour)
	if known, of := knownTo(t, store, reader, tried); known != of {
		t.Errorf("two months later %d of %d are known to hold nothing", known, of)
	}
}

// TestAllAtOnceAreNoted: requests under way at one moment are all noted.
func TestAllAtOnceAreNoted(t *testing.T) {
	w := newFixture(t)
	store := w.store("noted at once", most)
	people := make([]matching.Person, 26)
	var all sync.WaitGroup
	for n := range people {
		people[n] = person(t, "Sur"+string(rune('a'+n)), "1980-01-31", "")
		all.Go(func() {
			if err := add(t, store, people[n]); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	reader := person(t, "Reader", "1980-01-31", "")
	for _, p := range people {
		if known, of := knownTo(t, store, reader, p); known > 0 {
			t.Errorf("%s: of %d entries that hold something %d are known", p.Last, of, known)
		}
	}
}

// TestAFullShelfTellsNothing: somebody who fills a shelf has all that may be on it read, and makes its item no larger.
func TestAFullShelfTellsNothing(t *testing.T) {
	w := newFixture(t)
	store := w.store("full", most)
	reader, never := person(t, "Reader", "1980-01-31", ""), person(t, "Never", "1980-01-31", "")
	remember(t, store, reader)
	notes := func() (item attribute.Item, name string) {
		for _, item := range w.items() {
			for name := range item {
				if strings.HasPrefix(name, "notes") {
					return item, name
				}
			}
		}
		t.Fatal("no shelf")
		return nil, ""
	}
	item, name := notes()
	full := &types.AttributeValueMemberSS{}
	for n := range 2000 {
		full.Value = append(full.Value, fmt.Sprintf("x%05d", n))
	}
	item[name] = full
	if _, err := w.db.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String(w.table), Item: item}); err != nil {
		t.Fatal(err)
	}
	if known, _ := knownTo(t, store, reader, never); known > 0 {
		t.Errorf("%d entries are known of a full shelf", known)
	}
	remember(t, store, never)
	if item, name = notes(); len(item[name].(*types.AttributeValueMemberSS).Value) != 2000 {
		t.Errorf("%d notes on a full shelf", len(item[name].(*types.AttributeValueMemberSS).Value))
	}
	w.now = w.now.Add(30 * 24 * time.Hour) // in the next month there is room, and what was noted before is still in the way
	remember(t, store, never)
	if known, _ := knownTo(t, store, reader, never); known > 0 {
		t.Errorf("%d entries are known of a shelf that was full a month ago", known)
	}
	w.now = w.now.Add(30 * 24 * time.Hour) // what was noted while last month's part was full counts still when that part no longer does
	if known, _ := knownTo(t, store, reader, never); known > 0 {
		t.Errorf("%d entries are known that were noted beside a full month", known)
	}
}

// updates keeps the notes that updates write.
type updates struct {
	*dynamodb.Client
	mu    sync.Mutex
	notes []string
}

func (u *updates) UpdateItem(ctx context.Context, in *dynamodb.UpdateItemInput, options ...func(*dynamodb.Options)) (*dynamodb.UpdateItemOutput, error) {
	for _, name := range in.ExpressionAttributeNames {
		if !strings.HasPrefix(name, "notes") {
			continue
		}
		u.mu.Lock()
		for _, value := range in.ExpressionAttributeValues {
			if set, is := value.(*types.AttributeValueMemberSS); is {
				u.notes = append(u.notes, set.Value...)
			}
		}
		u.mu.Unlock()
	}
	return u.Client.UpdateItem(ctx, in, options...)
}

// TestWhatIsNotedIsNotNotedAgain: in one month, an entry that gets another value is not noted a second time. In the next it
// is, because the notes of a month count for two.
func TestWhatIsNotedIsNotNotedAgain(t *testing.T) {
	w := newFixture(t)
	client := &updates{Client: w.db}
	store := limits.NewStore(client, w.table, most, func(context.Context) (string, error) { return "again", nil }, func() time.Time { return w.now })
	p := person(t, "Again", "1980-01-31", "")
	remember(t, store, p)
	first := slices.Clone(client.notes)
	if len(first) == 0 {
		t.Fatal("nothing is noted")
	}
	client.notes = nil
	p.Email = key(t, "another@example.com")
	remember(t, store, p)
	for _, note := range client.notes {
		if slices.Contains(first, note) {
			t.Errorf("%s is noted twice", note)
		}
	}
	w.now = w.now.Add(29 * 24 * time.Hour)
	client.notes = nil
	p.Email = key(t, "third@example.com")
	remember(t, store, p)
	if !slices.ContainsFunc(client.notes, func(note string) bool { return slices.Contains(first, note) }) {
		t.Error("a month later nothing of it is noted anew")
	}
}

// TestAShelfHoldsTwoMonths: the notes of a month that no longer counts are removed when another is made.
func TestAShelfHoldsTwoMonths(t *testing.T) {
	w := newFixture(t)
	store := w.store("two months", most)
	p := person(t, "Monthly", "1980-01-31", "")
	for n := range 5 {
		p.Email = key(t, fmt.Sprintf("month%d@example.com", n))
		remember(t, store, p)
		months := map[int]int{} // how many items have so many
		for _, item := range w.items() {
			of := 0
			for name := range item {
				if strings.HasPrefix(name, "notes") {
					of++
				}
			}
			months[of]++
		}
		if want := min(n+1, 2); months[want] != 1 || months[3] > 0 {
			t.Errorf("month %d: items by months of notes: %v", n, months)
		}
		w.now = w.now.Add(30*24*time.Hour - time.Second)
	}
}

// TestAnEntryIsReadBesideItsShelf: as many entries as shelves are read, too.
func TestAnEntryIsReadBesideItsShelf(t *testing.T) {
	w := newFixture(t)
	store := w.store("beside", most)
	p := person(t, "Beside", "1980-01-31", "")
	remember(t, store, p)
	entries := guess.Entries(p)
	for _, e := range entries {
		shelves := guess.Shelves([]guess.Entry{e})
		if len(shelves) != 1 {
			continue
		}
		tried, err := store.Tried(t.Context(), []guess.Entry{e}, shelves)
		if err != nil {
			t.Fatal(err)
		}
		for _, kind := range matching.AllEvidence {
			if len(tried.Values(e, kind)) > 0 {
				return
			}
		}
	}
	t.Errorf("no value is read of %d entries", len(entries))
}

// TestNotesThatCannotBeReadHideNothing: a shelf with damaged notes says of no entry that it holds nothing, and values are
// remembered without it.
func TestNotesThatCannotBeReadHideNothing(t *testing.T) {
	w := newFixture(t)
	store := w.store("noted", most)
	tried := person(t, "Tried", "1980-01-31", "")
	remember(t, store, tried)
	shelves := 0
	for _, item := range w.items() {
		for name := range item {
			if strings.HasPrefix(name, "notes") {
				shelves++
				item[name] = attribute.String("damaged")
			}
		}
		if _, err := w.db.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String(w.table), Item: item}); err != nil {
			t.Fatal(err)
		}
	}
	if known, of := knownTo(t, store, person(t, "Reader", "1980-01-31", ""), tried); shelves == 0 || known > 0 {
		t.Errorf("%d shelves are damaged, and of %d entries that hold something %d are known", shelves, of, known)
	}
	tried.Email = key(t, "another@example.com")
	remember(t, store, tried)
	found, err := read(t, store, tried)
	if err != nil {
		t.Fatal(err)
	}
	if got := found.Values(nameAndBirthday(t, tried), matching.Email); len(got) != 2 {
		t.Errorf("%d mailboxes are remembered, want 2", len(got))
	}
}
