package limits

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"losttrn/internal/attribute"
	"losttrn/internal/cloud"
	"losttrn/internal/guess"
)

// notes is the beginning of the names of a shelf's attributes, each with the number of the month of 30 days in which was
// noted what it holds. What is remembered was remembered, and noted, in this month or the one before.
const notes = "notes"

// fullShelf is how many notes of a month a shelf has room for. Of one that is full, any entry may hold something; nothing more
// is noted on it. A national
// service that takes 100,000 lookups every day for a month has some hundreds on the shelf of a birthday.
const fullShelf = 2000

// noteLength is how much of an entry's id is noted. Two entries whose ids begin alike cost no more than a read.
const noteLength = 6

func month(now time.Time) int64 { return now.Unix() / int64(remembered/time.Second) }

func shelfID(secret string, s guess.Shelf) string {
	return digest(secret, "shelf", string(s.Kind), s.Key)[:32]
}

func noteOf(secret string, e guess.Entry) string { return entryID(secret, e)[:noteLength] }

// noted returns the notes in the item of a shelf. If some cannot be read, any entry may hold something, as with a full shelf.
func noted(secret string, item attribute.Item, now time.Time) guess.Noted {
	all, lately := map[string]bool{}, map[string]bool{}
	full, fullNow := false, false
	for name, value := range item {
		when, err := strconv.ParseInt(strings.TrimPrefix(name, notes), 10, 64)
		if err != nil || when < month(now)-1 { // another attribute, or too old
			continue
		}
		set, isSet := value.(*types.AttributeValueMemberSS)
		if !isSet {
			return func(guess.Entry) (bool, bool) { return true, true }
		}
		if len(set.Value) >= fullShelf {
			full, fullNow = true, fullNow || when == month(now)
		}
		for _, note := range set.Value {
			all[note] = true
			lately[note] = lately[note] || when == month(now)
		}
	}
	return func(e guess.Entry) (bool, bool) {
		note := noteOf(secret, e)
		return full || all[note], fullNow || lately[note]
	}
}

// note notes entries on a shelf.
func (s *Store) note(ctx context.Context, secret string, shelf guess.Shelf, entries []guess.Entry) error {
	this := month(s.clock())
	notesOf := make([]string, 0, len(entries))
	for _, e := range entries {
		if note := noteOf(secret, e); !slices.Contains(notesOf, note) {
			notesOf = append(notesOf, note)
		}
	}
	u := newUpdate(shelfID(secret, shelf))
	u.add(notes+strconv.FormatInt(this, 10), &types.AttributeValueMemberSS{Value: notesOf})
	u.set("expiresAt", attribute.Epoch(time.Unix((this+2)*int64(remembered/time.Second), 0)))
	u.remove(notes + strconv.FormatInt(this-2, 10))
	_, err := s.client.UpdateItem(ctx, u.input(s.table))
	return cloud.Failure("note what was tried", err)
}
