package load

import (
	"context"

	"losttrn/internal/attribute"
	"losttrn/internal/teacher"
)

// decide decides what a row does to a record: a good row is stored, a rejected one puts the record in doubt, because
// its content, perhaps an alert, is not known.
func (l *lane) decide(r *row, stored attribute.Item) decision {
	if r.rejected {
		return l.doubt(r.trn, r.updatedAt, stored)
	}
	d := judge(r, stored)
	if d.tooLarge {
		return withLarge(l.doubt(r.trn, r.updatedAt, stored))
	}
	return l.stillInDoubt(r, stored, d)
}

func withLarge(d decision) decision {
	d.tooLarge = true
	return d
}

// doubt sums up the rejected rows of a record that did not exist when they were read, or that have no readable time.
type doubt struct {
	at       string // the latest time of one, "" if none says it
	timeless bool   // one has no time: it may be newer than any row
}

// longer returns which of two times a doubt since then outlasts the other: the later one, or, of one day, the day itself,
// because a row without a time is not older than any time of its day.
func longer(a, b string) string {
	if dayOf(a) == dayOf(b) && isDay(a) != isDay(b) {
		return min(a, b)
	}
	return max(a, b)
}

// doubt puts a record in doubt since the time of a rejected row. A row that is older than the record says nothing of
// it. One without a readable time may be the newest.
func (l *lane) doubt(trn teacher.TRN, at string, stored attribute.Item) decision {
	updatedAt := attribute.Text(stored, "updatedAt")
	if stored == nil || at == "" {
		known := l.doubts[trn]
		l.doubts[trn] = doubt{longer(at, known.at), at == "" || known.timeless}
	}
	if stored == nil {
		return decision{verdict: unchanged}
	}
	if at == "" {
		at = updatedAt
	}
	if compareTimes(at, updatedAt) < 0 {
		return decision{verdict: older}
	}
	l.doubted.add(trnNumber(trn))
	since := attribute.Text(stored, "inDoubtSince")
	if at = longer(at, since); at == since {
		return decision{verdict: unchanged}
	}
	return decision{verdict: updated, writes: true, set: []fact{{Name: "inDoubtSince", Value: attribute.String(at)}}}
}

// stillInDoubt adds the doubt of a rejected row that could not be stored when it was read, because the record did not
// exist, or that is of no known time, so that no row is known to be newer.
func (l *lane) stillInDoubt(r *row, stored attribute.Item, d decision) decision {
	if len(l.doubts) == 0 {
		return d
	}
	known, ok := l.doubts[r.trn]
	updatedAt, since := max(r.updatedAt, attribute.Text(stored, "updatedAt")), ""
	if known.timeless {
		since = updatedAt
	}
	if ok && compareTimes(known.at, updatedAt) >= 0 {
		since = longer(since, known.at)
	}
	if since == "" {
		return d
	}
	l.doubted.add(trnNumber(r.trn))
	kept := d.set[:0:0]
	for _, f := range d.set {
		if f.Name != "inDoubtSince" {
			kept = append(kept, f)
		}
	}
	d.set = kept
	before := attribute.Text(stored, "inDoubtSince")
	if since = longer(since, before); since != before {
		d.set = append(d.set, fact{Name: "inDoubtSince", Value: attribute.String(since)})
	}
	d.writes = len(d.set) > 0
	return d
}

// recover ends the doubt about each record for which this load had no rejected row, and a good row of the same time as
// the rejected one: the extract was corrected.
func (l *loader) recover(ctx context.Context) error {
	return l.eachOf(ctx, &l.recovering, func(trn teacher.TRN, stored attribute.Item) decision {
		since := attribute.Text(stored, "inDoubtSince")
		if since == "" || l.doubted.has(trnNumber(trn)) || compareTimes(since, attribute.Text(stored, "updatedAt")) > 0 {
			return decision{verdict: unchanged}
		}
		return decision{verdict: updated, writes: true, set: []fact{{Name: "inDoubtSince"}}}
	}, l.tally.recovered)
}
