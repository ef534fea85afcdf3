package report

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"hash/maphash"
	"slices"
	"strconv"
	"strings"
	"time"

	"losttrn/internal/report/csvfile"
	"losttrn/internal/report/dataset"
	"losttrn/internal/report/dynamojson"
	"losttrn/internal/teacher"
)

var repeatsHeader = []string{"Email", "Number of TRNs", "TRNs with the time each was first found (London)",
	"First used (UTC)", "First used (London)", "Last used (UTC)", "Last used (London)", "Role mailbox"}

// listedTRNs is how many TRNs of an address stand in its row. A spreadsheet's cell holds 32,767 characters.
const listedTRNs = 200

// emailItem is an item of the emails table while it is read.
type emailItem struct {
	key, asTyped, firstUsedAt, lastUsedAt []byte
	trns                                  []foundTRN
	full                                  bool
}

// foundTRN is a TRN that an address found, and when first.
type foundTRN struct {
	trn string
	at  time.Time
}

func (e *emailItem) reset() {
	for _, field := range []*[]byte{&e.key, &e.asTyped, &e.firstUsedAt, &e.lastUsedAt} {
		*field = (*field)[:0]
	}
	e.trns, e.full = e.trns[:0], false
}

func (e *emailItem) attribute(d *dynamojson.Decoder, name []byte) error {
	switch string(name) {
	case "email":
		return keep(&e.key, d)
	case "asTyped":
		return keep(&e.asTyped, d)
	case "firstUsedAt":
		return keep(&e.firstUsedAt, d)
	case "lastUsedAt":
		return keep(&e.lastUsedAt, d)
	case "trnsFull":
		full, err := d.Bool()
		e.full = full
		return err
	case "trns":
		return d.Map(func(trn []byte) error {
			found := foundTRN{trn: string(trn)}
			text, err := d.String()
			if err != nil {
				return err
			}
			found.at, err = timeAt("a time in trns", text)
			e.trns = append(e.trns, found)
			return err
		})
	}
	return d.Skip()
}

func (m *making) readEmails(ctx context.Context) error {
	return m.read(ctx, dataset.Emails, func(d *dynamojson.Decoder) (func([]byte) error, func() error) {
		var item emailItem
		return func(name []byte) error { return item.attribute(d, name) }, func() error {
			defer item.reset()
			return m.email(&item)
		}
	})
}

// repeat is a row of repeat-emails.csv before the number of its TRNs is certain.
type repeat struct {
	Email       string
	TRNs        string
	Number      int // of the TRNs in the item
	First, Last time.Time
	Role        bool
}

func (m *making) email(e *emailItem) error {
	if len(e.key) == 0 {
		return lacks("email")
	}
	if e.full && len(e.trns) == 0 {
		return lacks("trns")
	}
	if len(e.trns) < 2 && !e.full {
		return nil
	}
	slices.SortFunc(e.trns, func(a, b foundTRN) int { return cmp.Or(a.at.Compare(b.at), strings.Compare(a.trn, b.trn)) })
	row := repeat{Email: string(e.asTyped), TRNs: trnList(e.trns), Number: len(e.trns), Role: roleMailbox(string(e.key))}
	if row.Email == "" {
		row.Email = string(e.key)
	}
	var err error
	if row.First, err = timeOr(e.trns[0].at, "firstUsedAt", e.firstUsedAt); err != nil {
		return err
	}
	if row.Last, err = timeOr(e.trns[len(e.trns)-1].at, "lastUsedAt", e.lastUsedAt); err != nil {
		return err
	}
	if !e.full {
		return m.repeat(row, e.key)
	}
	return m.overfullEmail(row, e)
}

// timeOr reads a time of an item; an absent one is what its TRNs say.
func timeOr(absent time.Time, name string, text []byte) (time.Time, error) {
	if len(text) == 0 {
		return absent, nil
	}
	return timeAt(name, text)
}

func trnList(found []foundTRN) string {
	parts := make([]string, 0, len(found))
	for _, f := range found[:min(len(found), listedTRNs)] {
		parts = append(parts, f.trn+" "+f.at.In(teacher.London).Format(time.RFC3339))
	}
	return list(parts)
}

// repeat adds a finished row: most TRNs first, then by address.
func (m *making) repeat(r repeat, key []byte) error {
	role := "no"
	if r.Role {
		role = "yes"
	}
	order := fmt.Appendf(nil, "%010d%s", 9_999_999_999-r.Number, key)
	row := csvfile.AppendRow(nil, r.Email, strconv.Itoa(r.Number), r.TRNs, utc(r.First), london(r.First), utc(r.Last), london(r.Last), role)
	if err := m.repeats.Add(order, row); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.figures.Repeat(r.Number, r.Role)
	return nil
}

// An item holds the first 200 TRNs of an address, then says that it is full; the lookups have the rest. For the
// few such addresses the row and every TRN, from the item and from the lookups, go through one sorting: the row
// first, then its TRNs, each as often as it was found.

var seed = maphash.MakeSeed()

const (
	ofRow = "\x00"
	ofTRN = "\x01"
)

func (m *making) overfullEmail(r repeat, e *emailItem) error {
	row, err := json.Marshal(r)
	if err != nil {
		return err
	}
	m.mu.Lock()
	m.overfull[maphash.Bytes(seed, e.key)] = struct{}{}
	m.mu.Unlock()
	if err := m.claims.Add(append(bytes.Clone(e.key), ofRow...), row); err != nil {
		return err
	}
	for _, found := range e.trns {
		if err := m.claims.Add(append(bytes.Clone(e.key), ofTRN...), []byte(found.trn)); err != nil {
			return err
		}
	}
	return nil
}

// claim notes the TRN of a lookup whose address is overfull.
func (m *making) claim(l *lookupItem) error {
	if len(m.overfull) == 0 {
		return nil
	}
	key := strings.ToLower(strings.TrimSpace(string(l.email))) // of an address that is no longer taken for one
	if email, err := teacher.ParseEmail(string(l.email)); err == nil {
		key = email.Key().Text()
	}
	if _, ok := m.overfull[maphash.String(seed, key)]; !ok {
		return nil
	}
	return m.claims.Add([]byte(key+ofTRN), l.trn)
}

// countOverfull finishes the rows of the overfull addresses.
func (m *making) countOverfull() error {
	var (
		address, last []byte
		row           repeat
		open          bool
	)
	finish := func() error {
		if !open {
			return nil
		}
		open = false
		return m.repeat(row, address)
	}
	err := m.claims.Each(func(key, value []byte) error {
		of, kind := key[:len(key)-1], string(key[len(key)-1:])
		if kind == ofRow {
			if err := finish(); err != nil {
				return err
			}
			address, last, open, row = append(address[:0], of...), last[:0], true, repeat{}
			return json.Unmarshal(value, &row)
		}
		// Another address with the same digest has no row.
		if !open || !bytes.Equal(of, address) {
			return nil
		}
		if len(last) == 0 {
			row.Number = 0
		}
		if !bytes.Equal(value, last) {
			row.Number++
			last = append(last[:0], value...)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return finish()
}

func (m *making) writeRepeats() error {
	if err := m.countOverfull(); err != nil {
		return err
	}
	return m.csv(RepeatEmailsFile, repeatsHeader, func(row func([]byte) error) error {
		return m.repeats.Each(func(_, value []byte) error { return row(value) })
	})
}
