package load

import (
	"losttrn/internal/attribute"
	"losttrn/internal/teacher"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// verdict is what became of a row.
type verdict int

const (
	added     verdict = iota
	updated           // the stored record was older, or of the same time and different
	unchanged         // the stored record says the same
	older             // the stored record is newer
)

// decision is what a row, or the lack of one, does to a record.
type decision struct {
	verdict  verdict
	keptOpen bool   // the row says locked, but the service unlocked the account, and the row is no later lock
	writes   bool   // whether set differs from what is stored, so that it is written
	set      []fact // a nil value clears the attribute
}

// judge decides what a row does to the record that is stored, nil for none.
func judge(r *row, stored attribute.Item) decision {
	if stored == nil {
		return insert(r)
	}
	storedAt := attribute.Text(stored, "updatedAt")
	if r.updatedAt < storedAt {
		return decision{verdict: older}
	}
	d := decision{verdict: updated, set: r.facts}
	if keepsUnlocked(r.lock, stored) {
		d.keptOpen = !attribute.Flag(stored, "locked")
	} else if r.lock.given {
		d.set = append(d.set[:len(d.set):len(d.set)], r.lock.facts()...)
	}
	for _, f := range d.set {
		if !equal(f.value, stored[f.name]) {
			d.writes = true
			return d
		}
	}
	return decision{verdict: unchanged, keptOpen: d.keptOpen}
}

func insert(r *row) decision {
	set := append(r.facts[:len(r.facts):len(r.facts)], r.lock.facts()...)
	status := false
	for _, f := range set {
		status = status || f.name == "status"
	}
	if !status { // the file has no such column
		set = append(set, fact{"status", attribute.String(string(teacher.Active))})
	}
	return decision{verdict: added, set: set, writes: true}
}

// keepsUnlocked is the rule that a load never locks an account again that the service unlocked, unless it was locked
// later than that.
func keepsUnlocked(l lock, stored attribute.Item) bool {
	unlockedAt := attribute.Text(stored, "unlockedAt")
	return l.given && l.locked && unlockedAt != "" && l.at <= unlockedAt
}

// facts are the lock as it is stored. A blank one is false, for a record that is not stored yet.
func (l lock) facts() []fact {
	facts := []fact{{"locked", attribute.Bool(l.locked)}}
	switch {
	case l.given && l.at != "":
		facts = append(facts, fact{"lockedAt", attribute.String(l.at)})
	case l.given && l.hasAt:
		facts = append(facts, fact{name: "lockedAt"})
	}
	return facts
}

// deactivate decides about a record that has vanished from a full extract.
func deactivate(stored attribute.Item) decision {
	if attribute.Text(stored, "status") != string(teacher.Active) {
		return decision{verdict: unchanged}
	}
	return decision{verdict: updated, set: []fact{{"status", attribute.String(string(teacher.Deactivated))}}, writes: true}
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
