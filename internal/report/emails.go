package report

import (
	"database/sql/driver"
	"maps"
	"slices"

	"losttrn/internal/report/dataset"
)

// emailRows makes the rows of a mailbox.
func (m *maker) emailRows(item *dataset.Item, to *rows) {
	mailbox, asTyped := item.Required("email"), item.Text("asTyped")
	trns, full := item.Times("trns"), item.Flag("trnsFull")
	if full && len(trns) == 0 {
		item.Note("trns", "is missing, though trnsFull says that it has many")
	}
	to.add(emailsTable, mailbox, differing(asTyped, mailbox), int64(len(trns)), flag(full), text(item.Text("firstTrn")), millis(item.Time("firstUsedAt")),
		millis(item.Time("lastUsedAt")), flag(roleMailbox(mailbox)))
	if len(trns) > 1 || full {
		m.wanted.add(mailbox)
		for _, trn := range slices.Sorted(maps.Keys(trns)) {
			to.add(emailTRNsTable, mailbox, trn, trns[trn].UnixMilli())
		}
	}
	for _, kind := range []string{"contacted", "lifted"} {
		for _, note := range item.Maps(kind) {
			at, by, words := note.Time("at"), note.Text("by"), note.Text("note")
			if at.IsZero() || len(note.Problems) > 0 {
				item.Note(kind, "has an entry without a time, or that cannot be read")
				break
			}
			to.add(emailNotesTable, mailbox, kind, at.UnixMilli(), by, words)
		}
	}
}

func flag(set bool) driver.Value {
	if set {
		return int64(1)
	}
	return int64(0)
}
