package load

import (
	"strings"

	"losttrn/internal/attribute"
	"losttrn/internal/teacher"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// verdict is the outcome of a row.
type verdict int

const (
	added     verdict = iota
	updated           // the stored record was older, or of the same time and lacked something
	unchanged         // nothing that the row says is news
	older             // the stored record is newer
)

// decision is what a row, or the lack of one, does to a record.
type decision struct {
	verdict  verdict
	keptOpen bool // the row says locked, but the service unlocked the account, and the row is no later lock
	differs  bool // the row and the record say different things of one time
	recovers bool // the record is in doubt since the very time of this row, which is good
	tooLarge bool // the row and the record together are more than an item can hold

	writes   bool     // whether set differs from what is stored, so that it is written
	set      []fact   // a nil value clears the attribute
	compared []string // attributes that must be as read, beside those that others change
}

// judge decides what a good row does to the stored record, which is nil if there is none.
func judge(r *row, stored attribute.Item) decision {
	if stored == nil {
		return insert(r)
	}
	storedAt := attribute.Text(stored, "updatedAt")
	switch order := compareTimes(r.updatedAt, storedAt); {
	case order < 0:
		return joinOlder(r, stored, storedAt)
	case order > 0 && !joinsWithDay(stored, r.updatedAt):
		return replace(r, stored)
	default:
		return join(r, stored, max(r.updatedAt, storedAt))
	}
}

// compareTimes orders two times as the tables hold them. A date without a time is stored as its first moment, and is
// neither later nor earlier than any time of that day.
func compareTimes(a, b string) int {
	if dayOf(a) == dayOf(b) && (isDay(a) || isDay(b)) {
		return 0
	}
	return strings.Compare(a, b)
}

const firstOfDay = "T00:00:00.000Z"

func dayOf(moment string) string { return moment[:min(len(moment), len("2006-01-02"))] }

func isDay(moment string) bool { return strings.HasSuffix(moment, firstOfDay) }

// joinsWithDay reports whether a row of that day without a time has been joined with the record: it is not older than
// a later time of its day, so what it said stays.
func joinsWithDay(stored attribute.Item, at string) bool {
	return attribute.Text(stored, "joinedWithDay") == dayOf(at)
}

func insert(r *row) decision {
	set := append(r.facts[:len(r.facts):len(r.facts)], r.lock.facts()...)
	set = append(set, nextStatus(r, nil).facts(r.updatedAt, r.status.column)...)
	if len(r.formers) > 0 {
		set = append(set, fact{Name: "formerTrns", Value: &types.AttributeValueMemberL{Value: r.formers}})
	}
	return decision{verdict: added, set: set, writes: true}
}

// joinOlder decides about a row that is older than the record. Of such a row only the status counts, and only if no
// later row had one.
func joinOlder(r *row, stored attribute.Item, storedAt string) decision {
	d := decision{verdict: older}
	if status := nextStatus(r, stored); status.taken {
		d.set, d.compared = changed(status.facts(storedAt, true), stored), []string{"statusAt", "mergedInto"}
		d.writes = len(d.set) > 0
	}
	return d
}

// replace decides about a row that is newer than the record.
func replace(r *row, stored attribute.Item) decision {
	d := decision{verdict: updated, set: r.facts[:len(r.facts):len(r.facts)]}
	d.set = append(d.set, nextStatus(r, stored).facts(r.updatedAt, r.status.column)...)
	if len(r.formers) > 0 {
		list, _ := union(attribute.List(stored, "absorbedTrns"), r.formers)
		d.set = append(d.set, fact{Name: "formerTrns", Value: &types.AttributeValueMemberL{Value: list}})
		d.compared = []string{"absorbedTrns"}
	}
	if keepsUnlocked(r.lock, stored) {
		d.keptOpen = !attribute.Flag(stored, "locked")
	} else if r.lock.given {
		d.set = append(d.set, r.lock.facts()...)
	}
	d.set = append(d.set, fact{Name: "joinedWithDay"})
	if since := attribute.Text(stored, "inDoubtSince"); since != "" {
		switch order := compareTimes(r.updatedAt, since); {
		case order > 0:
			d.set = append(d.set, fact{Name: "inDoubtSince"})
		case order == 0:
			d.recovers = true
		}
	}
	d.set = changed(d.set, stored)
	d.writes = true // at least the time is news
	return d
}

// changed returns the facts that differ from the stored ones.
func changed(set []fact, stored attribute.Item) []fact {
	kept := set[:0:0]
	for _, f := range set {
		if !equal(f.Value, stored[f.Name]) {
			kept = append(kept, f)
		}
	}
	return kept
}

// keepsUnlocked reports whether an account stays unlocked although the row says locked: the service unlocked it, and
// the row has no later time of locking.
func keepsUnlocked(l lock, stored attribute.Item) bool {
	unlockedAt := attribute.Text(stored, "unlockedAt")
	return l.given && l.locked && unlockedAt != "" && l.at <= unlockedAt
}

// facts returns the lock as it is stored. A blank one is false, for a record that is not stored yet.
func (l lock) facts() []fact {
	facts := []fact{{Name: "locked", Value: attribute.Bool(l.locked)}}
	switch {
	case l.given && l.at != "":
		facts = append(facts, fact{Name: "lockedAt", Value: attribute.String(l.at)})
	case l.given && l.hasAt:
		facts = append(facts, fact{Name: "lockedAt"})
	}
	return facts
}

// deactivate decides about a record that has vanished from a full extract. Any row with a status that is loaded
// afterwards wins over that, whatever its time.
func deactivate(stored attribute.Item) decision {
	if attribute.Text(stored, "status") != string(teacher.Active) {
		return decision{verdict: unchanged}
	}
	return decision{verdict: updated, writes: true, set: statusOf{status: teacher.Deactivated, at: assumed}.facts("", true)}
}

// equal compares attribute values of the types that a load writes; nil is no value.
func equal(a, b types.AttributeValue) bool {
	switch a := a.(type) {
	case nil:
		return b == nil
	case *types.AttributeValueMemberS:
		b, ok := b.(*types.AttributeValueMemberS)
		return ok && a.Value == b.Value
	case *types.AttributeValueMemberBOOL:
		b, ok := b.(*types.AttributeValueMemberBOOL)
		return ok && a.Value == b.Value
	case *types.AttributeValueMemberL:
		b, ok := b.(*types.AttributeValueMemberL)
		if !ok || len(a.Value) != len(b.Value) {
			return false
		}
		for i := range a.Value {
			if !equal(a.Value[i], b.Value[i]) {
				return false
			}
		}
		return true
	case *types.AttributeValueMemberM:
		b, ok := b.(*types.AttributeValueMemberM)
		if !ok || len(a.Value) != len(b.Value) {
			return false
		}
		for name := range a.Value {
			if !equal(a.Value[name], b.Value[name]) {
				return false
			}
		}
		return true
	}
	return false
}
