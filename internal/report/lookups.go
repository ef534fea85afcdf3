package report

import (
	"database/sql/driver"
	"hash/maphash"
	"slices"
	"strings"
	"sync"
	"unicode"

	"losttrn/internal/lookup"
	"losttrn/internal/report/dataset"
	"losttrn/internal/teacher"
	"losttrn/internal/unlocking"
)

// lookupRows adds the row of a lookup.
func (m *maker) lookupRows(item *dataset.Item, to *rows) {
	id, received := item.Required("lookupId"), item.Time("receivedAt")
	switch {
	case len(item.Problems) > 0:
	case received.IsZero():
		item.Note("receivedAt", "is missing")
	case received.After(m.at):
		item.Note("receivedAt", "is after the export")
	}
	outcome, reference := lookup.Outcome(item.Required("outcome")), lookup.Reference(id)
	switch outcome {
	case lookup.TRNSent:
	case lookup.NoMatch, lookup.Helpdesk:
		to.add(lookupsTable, id, reference, received.UnixMilli(), string(outcome), nil, nil, nil, nil, nil, nil, nil, nil, nil)
		return
	default:
		item.Note("outcome", "is none of trn_sent, no_match and helpdesk")
		return
	}
	email, reasons := item.Required("email"), item.Texts("unlockReasons")
	switch unlocking.Outcome(item.Text("unlockOutcome")) {
	case "", unlocking.Unlocked, unlocking.NotLocked, unlocking.Refused:
	default:
		item.Note("unlockOutcome", "is none of unlocked, not_locked and refused")
	}
	if slices.ContainsFunc(reasons, func(reason string) bool { return reason == "" || strings.ContainsRune(reason, ' ') }) {
		item.Note("unlockReasons", "has an entry that is no code")
	}
	trn, key, name := item.Required("trn"), item.Text("emailKey"), item.Text("name")
	if key == "" { // of an item that was written before it was kept
		key = mailbox(email)
	}
	to.add(lookupsTable, id, reference, received.UnixMilli(), string(outcome), trn, key, differing(email, key), text(name),
		text(item.Text("unlockOutcome")), text(strings.Join(reasons, " ")), millis(item.Time("decidedAt")),
		millis(item.Time("trnEmailedAt")), text(item.Text("trnDelivery")))
	if nameKey := nameKey(name); m.wanted.has(key) || name != "" && m.wanted.has(nameKey) {
		to.add(findsTable, id, reference, received.UnixMilli(), trn, key, text(name), text(nameKey))
	}
}

// differing returns a cell for a text, which is absent if the text equals another.
func differing(s, other string) driver.Value {
	if s == other {
		return nil
	}
	return text(s)
}

// mailbox returns the key of an address, or for a text that is no longer accepted as an address the text in small
// letters.
func mailbox(typed string) string {
	email, err := teacher.ParseEmail(typed)
	if err != nil {
		return strings.ToLower(strings.TrimSpace(typed))
	}
	return email.Key().Text()
}

// nameKey returns a name in the form in which equal names are equal: without differences of letter case and spaces.
func nameKey(name string) string {
	if name == strings.TrimSpace(name) && !strings.Contains(name, "  ") && !strings.ContainsFunc(name, otherSpace) {
		return strings.ToLower(name)
	}
	return strings.ToLower(strings.Join(strings.Fields(name), " "))
}

func otherSpace(r rune) bool { return r != ' ' && unicode.IsSpace(r) }

// wanted is the set of mailboxes and names whose lookups the lists need. It holds a digest of each; two that share one
// only add rows to the table finds.
type wanted struct {
	mu      sync.Mutex
	digests map[uint64]struct{}
	// some has a bit for a part of each digest. Nearly all lookups are not wanted, and for most of them this bit
	// decides it.
	some [1 << 13]uint64
}

var wantedSeed = maphash.MakeSeed()

func (w *wanted) add(text string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	digest := maphash.String(wantedSeed, text)
	w.digests[digest] = struct{}{}
	w.some[digest>>6%uint64(len(w.some))] |= 1 << (digest % 64)
}

// has reports whether a mailbox or name is wanted. It must not be called before the last add has returned.
func (w *wanted) has(text string) bool {
	digest := maphash.String(wantedSeed, text)
	if w.some[digest>>6%uint64(len(w.some))]&(1<<(digest%64)) == 0 {
		return false
	}
	_, ok := w.digests[digest]
	return ok
}
