package load

import (
	"context"

	"losttrn/internal/attribute"
	"losttrn/internal/register"
	"losttrn/internal/teacher"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// completeMerges gives the TRN of each merged record of the file, and its former ones, to the record that was retained
// in the end: a record may have been merged into one that was merged later. Merges that go round in a circle or end at a
// record that does not exist are noted, and change nothing.
func (l *loader) completeMerges(ctx context.Context) error {
	return l.batches(ctx, &l.merged, func(ctx context.Context, trns []teacher.TRN) error {
		given, err := l.absorbed(ctx, trns)
		if err != nil {
			return err
		}
		retained := make([]teacher.TRN, 0, len(given))
		for trn := range given {
			retained = append(retained, trn)
		}
		for len(retained) > 0 {
			some := retained[:min(len(retained), register.MaxRead)]
			retained = retained[len(some):]
			err := l.each(ctx, some,
				func(i int, stored attribute.Item) decision { return absorb(stored, given[some[i]]) },
				func(int, decision, attribute.Item) error { return nil })
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// absorbed follows the merges of records and returns the TRNs that each retained record absorbed.
func (l *loader) absorbed(ctx context.Context, trns []teacher.TRN) (map[teacher.TRN][]types.AttributeValue, error) {
	known, err := l.Records.Read(ctx, trns)
	if err != nil {
		return nil, err
	}
	// Each read follows every chain by one step, until all have ended.
	for {
		var next []teacher.TRN
		for _, item := range known {
			into, ok := mergedInto(item)
			if _, read := known[into]; ok && !read {
				next = append(next, into)
			}
		}
		if next = distinct(next); len(next) == 0 {
			break
		}
		for len(next) > 0 {
			some := next[:min(len(next), register.MaxRead)]
			next = next[len(some):]
			found, err := l.Records.Read(ctx, some)
			if err != nil {
				return nil, err
			}
			for _, trn := range some {
				known[trn] = found[trn] // nil if there is none
			}
		}
	}
	given := map[teacher.TRN][]types.AttributeValue{}
	for _, trn := range trns {
		retained, brought := l.follow(trn, known)
		if !retained.IsZero() {
			given[retained] = append(given[retained], brought...)
		}
	}
	return given, nil
}

// follow returns the record that was retained in the end, zero if there is none, and the TRNs that it absorbed on the
// way.
func (l *loader) follow(trn teacher.TRN, known map[teacher.TRN]attribute.Item) (retained teacher.TRN, brought []types.AttributeValue) {
	passed := map[teacher.TRN]bool{}
	for at := trn; ; {
		item := known[at]
		into, merged := mergedInto(item)
		switch {
		case passed[at]:
			l.cycles.add(trnNumber(trn))
			return teacher.TRN{}, nil
		case len(item) == 0:
			l.orphans.add(trnNumber(trn))
			return teacher.TRN{}, nil
		case !merged && at == trn: // not merged any more
			return teacher.TRN{}, nil
		case !merged:
			return at, brought
		}
		passed[at] = true
		brought = append(brought, attribute.String(at.Digits()))
		brought = append(brought, attribute.List(item, "formerTrns")...)
		at = into
	}
}

// mergedInto returns the TRN of the record that a merged one was merged into.
func mergedInto(item attribute.Item) (teacher.TRN, bool) {
	if attribute.Text(item, "status") != string(teacher.Merged) {
		return teacher.TRN{}, false
	}
	into, err := teacher.ParseTRN(attribute.Text(item, "mergedInto"))
	return into, err == nil
}

// absorb decides about a record that was retained in merges: absorbedTrns are the former TRNs that a later row without
// them does not take away.
func absorb(stored attribute.Item, brought []types.AttributeValue) decision {
	own := stored["trn"]
	others := make([]types.AttributeValue, 0, len(brought))
	for _, trn := range brought {
		if !equal(trn, own) {
			others = append(others, trn)
		}
	}
	var set []fact
	for _, name := range []string{"formerTrns", "absorbedTrns"} {
		if list, grew := union(attribute.List(stored, name), others); grew && len(stored) > 0 {
			set = append(set, fact{Name: name, Value: &types.AttributeValueMemberL{Value: list}})
		}
	}
	return decision{verdict: updated, writes: len(set) > 0, set: set, compared: []string{"formerTrns", "absorbedTrns"}}
}
