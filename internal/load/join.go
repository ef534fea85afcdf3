package load

import (
	"cmp"
	"fmt"
	"slices"

	"losttrn/internal/attribute"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// identity are the attributes that identify a person. Of two rows of one time that disagree about one of them, one row
// wins with all of them, because a mixture would be a person who does not exist.
var identity = []string{"lastName", "firstName", "middleName", "dateOfBirth"}

// join decides about a row of the record's own time: an extract may have one row for each qualification, or a date
// where another has a time. Both are kept: lists are joined, a value wins over a blank, whatever forbids wins, and of
// two different values the greater wins, so that neither the order of rows nor loading them again changes the result.
func join(r *row, stored attribute.Item, updatedAt string) decision {
	d := decision{verdict: unchanged}
	whose := compareIdentity(r, stored)
	d.differs = whose != 0
	var set []fact
	for _, f := range r.facts {
		switch f.Name {
		case "updatedAt":
			f.Value = attribute.String(updatedAt)
		case "previousNames", "trainingProviders", "alerts":
			list, grew := union(attribute.List(stored, f.Name), values(f.Value))
			d.differs = d.differs || grew || len(list) != len(values(f.Value))
			if !grew {
				continue
			}
			f.Value = &types.AttributeValueMemberL{Value: list}
		default:
			d.differs = d.differs || f.Value != nil && stored[f.Name] != nil && !equal(f.Value, stored[f.Name])
			if whose < 0 || whose == 0 && compareTexts(r.fact(decidedBy(f.Name)), stored[decidedBy(f.Name)]) <= 0 {
				continue
			}
		}
		set = append(set, f)
	}
	status := nextStatus(r, stored)
	d.differs = d.differs || status.differs
	if r.status.given || attribute.Text(stored, "statusAt") != "" || updatedAt != attribute.Text(stored, "updatedAt") {
		set = append(set, status.facts(updatedAt, r.status.column)...)
	}
	if list, grew := union(attribute.List(stored, "formerTrns"), r.formers); grew {
		set = append(set, fact{Name: "formerTrns", Value: &types.AttributeValueMemberL{Value: list}})
	}
	set = append(set, d.joinLock(r.lock, stored)...)
	if isDay(r.updatedAt) != isDay(attribute.Text(stored, "updatedAt")) {
		set = append(set, fact{Name: "joinedWithDay", Value: attribute.String(dayOf(updatedAt))})
	}
	if since := attribute.Text(stored, "inDoubtSince"); since != "" {
		switch order := compareTimes(r.updatedAt, since); {
		case order > 0:
			set = append(set, fact{Name: "inDoubtSince"})
		case order == 0:
			d.recovers = true
		}
	}
	return d.writing(changed(set, stored), stored)
}

// writing completes the decision with the attributes to write: none if nothing differs from the stored record.
func (d decision) writing(set []fact, stored attribute.Item) decision {
	if len(set) == 0 {
		return d
	}
	d.verdict, d.set, d.writes = updated, set, true
	size := 0
	for name, value := range apply(stored, set) {
		size += len(name) + bytesOf(value)
	}
	d.tooLarge = size > maxItem
	for _, f := range set {
		d.compared = append(d.compared, f.Name)
	}
	return d
}

// joinLock returns what the lock of a row does to a record of the same time: locked wins.
func (d *decision) joinLock(l lock, stored attribute.Item) []fact {
	locked, known := attribute.Flag(stored, "locked"), stored["locked"] != nil
	switch {
	case !l.given:
		return nil
	case keepsUnlocked(l, stored):
		d.keptOpen = !locked
		return nil
	case known && !l.locked:
		d.differs = d.differs || locked
		return nil
	}
	d.differs = d.differs || known && !locked
	facts := []fact{{Name: "locked", Value: attribute.Bool(l.locked)}}
	if l.at > attribute.Text(stored, "lockedAt") {
		facts = append(facts, fact{Name: "lockedAt", Value: attribute.String(l.at)})
	}
	return facts
}

// compareIdentity compares the identity of a row with that of the record, as far as the file has columns.
func compareIdentity(r *row, stored attribute.Item) int {
	for _, name := range identity {
		for _, f := range r.facts {
			if f.Name == name {
				if order := compareTexts(f.Value, stored[name]); order != 0 {
					return order
				}
			}
		}
	}
	return 0
}

// compareTexts orders strings, and none before any.
func compareTexts(a, b types.AttributeValue) int { return cmp.Compare(textOf(a), textOf(b)) }

func textOf(v types.AttributeValue) string {
	if s, ok := v.(*types.AttributeValueMemberS); ok {
		return s.Value
	}
	return ""
}

// decidedBy returns the attribute whose greater value decides about an attribute: attributes that belong together are
// taken from the same row.
func decidedBy(name string) string {
	switch name {
	case "emailKey":
		return "email"
	case "ninoKey":
		return "nationalInsuranceNumber"
	}
	return name
}

// fact returns the value that the row has for an attribute.
func (r *row) fact(name string) types.AttributeValue {
	for _, f := range r.facts {
		if f.Name == name {
			return f.Value
		}
	}
	return nil
}

func values(v types.AttributeValue) []types.AttributeValue {
	if list, ok := v.(*types.AttributeValueMemberL); ok {
		return list.Value
	}
	return nil
}

// union returns the elements of both lists, each once, and whether b has one that a has not. If it has, and a is not
// empty, the result is sorted, so that the order of the lists does not matter.
func union(a, b []types.AttributeValue) (list []types.AttributeValue, grew bool) {
	list = a[:len(a):len(a)]
	for _, element := range b {
		if !slices.ContainsFunc(list, func(known types.AttributeValue) bool { return equal(known, element) }) {
			list, grew = append(list, element), true
		}
	}
	if grew && len(a) > 0 {
		slices.SortFunc(list, func(x, y types.AttributeValue) int { return cmp.Compare(written(x), written(y)) })
	}
	return list, grew
}

// written returns an element of a list as text, the names of a map in order.
func written(v types.AttributeValue) string {
	switch v := v.(type) {
	case *types.AttributeValueMemberS:
		return v.Value
	case *types.AttributeValueMemberM:
		texts := make(map[string]string, len(v.Value))
		for name, value := range v.Value {
			texts[name] = textOf(value)
		}
		return fmt.Sprint(texts) // maps are printed in the order of their keys
	}
	return fmt.Sprintf("%T", v)
}

// bytesOf returns what DynamoDB counts for a value: 3 bytes for a list or map and 1 for each of their elements.
func bytesOf(v types.AttributeValue) int {
	total := 0
	switch v := v.(type) {
	case *types.AttributeValueMemberS:
		return len(v.Value)
	case *types.AttributeValueMemberL:
		total = 3
		for _, e := range v.Value {
			total += 1 + bytesOf(e)
		}
	case *types.AttributeValueMemberM:
		total = 3
		for name, e := range v.Value {
			total += 1 + len(name) + bytesOf(e)
		}
	default:
		return 1
	}
	return total
}
