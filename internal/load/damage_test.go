package load_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"losttrn/internal/attribute"

	"pgregory.net/rapid"
)

// drawnRow is a row of a random extract, and what is wrong with it.
type drawnRow struct {
	trn, name, at string
	alert, status string
	locked, email string
	damagedTRN    bool // the cell is no TRN
	rejected      bool
	withoutTime   bool // its updated_at cannot be read
	line, alertID string
}

// drawRow draws a good row of one of a few people and then, perhaps, damages it.
func drawRow(t *rapid.T, trns []string, number int) drawnRow {
	pick := func(label string, from ...string) string { return rapid.SampledFrom(from).Draw(t, label) }
	r := drawnRow{trn: rapid.SampledFrom(trns).Draw(t, "trn"), name: fmt.Sprintf("Name%d", number),
		at:     pick("updated_at", "2025-01-01", "2025-01-01T00:00:00Z", "2025-01-01T10:00:00Z", "2025-01-01T14:00:00Z", "2025-01-02", "2025-01-02T09:00:00Z"),
		status: pick("status", "", "", "active", "active", "deactivated", "deceased"),
		locked: pick("locked", "", "true", "false"), email: pick("email", "", "ann@example.com", "bea@example.com")}
	if rapid.Bool().Draw(t, "alert") {
		r.alertID = fmt.Sprintf("A%d", number)
		r.alert = r.alertID + "|Prohibition|2020-01-01|"
	}
	cell, middle, born, shape := r.trn, "", "1980-02-03", ""
	switch pick("damage", "none", "none", "none", "trn", "alert", "status", "time", "birth", "email", "row", "quote", "middle") {
	case "trn":
		cell = damage(t, r.trn)
		r.damagedTRN = true
	case "alert":
		r.alert, r.rejected = pick("damaged alert", "A|x;y|2020-01-01|", "A|x|1/1/2020|", "|||", "A|x|2020-01-01|1900-01-01", "#REF!", "A|x|2020-01-01|soon"), true
	case "status":
		r.status, r.rejected = pick("damaged status", "NULL", "asleep", "merged:", "merged:123456.0", "0"), true
	case "time":
		r.withoutTime, r.rejected = true, true
		r.at = pick("damaged time", "", "soon", "2099-01-01", "2025-02-30", "1900-01-01")
	case "birth":
		born, r.rejected = pick("damaged date of birth", "03/02/1980", "1900-00-00", "1880-01-01", "2024-01-01", ""), true
	case "email":
		r.email = pick("damaged email", "ann@", "NULL", "ann@example.com;bea@example.com", "Ã©@example.com")
	case "row":
		shape, r.rejected, r.withoutTime = pick("damaged row", "fewer", "more"), true, true
	case "quote":
		r.name, r.rejected, r.withoutTime = `Na"me`, true, true
	case "middle":
		middle, r.rejected = pick("damaged middle name", "&eacute;", "\ufffd", "#N/A", "nan", "JosÃ©", "\x07"), true
	}
	cells := []string{cell, r.name, middle, born, r.email, r.status, r.alert, r.locked, r.at}
	switch shape {
	case "fewer":
		cells = cells[:len(cells)-1]
	case "more":
		cells = append(cells, "x")
	}
	r.line = strings.Join(cells, ",") + "\n"
	return r
}

// damage is what spreadsheets and people make of a TRN.
func damage(t *rapid.T, trn string) string {
	number := strings.TrimLeft(trn, "0")
	return rapid.SampledFrom([]string{number[:6], trn[:6] + ".0", trn + ".0", "-" + trn, "+" + trn, trn[:1] + "." + trn[1:5] + "E+06", trn[1:], trn + "1",
		trn[:3] + " " + trn[3:], "'" + trn, "O" + trn[1:], "", "NULL", "#N/A"}).Draw(t, "damaged trn")
}

// later compares two times as a reader of the register would: a date is neither later nor earlier than a time of it.
func later(a, b string) bool {
	day := func(s string) bool { return len(s) == len("2025-01-01") || strings.HasSuffix(s, "T00:00:00Z") }
	if a[:10] == b[:10] && (day(a) || day(b)) {
		return false
	}
	return a > b
}

// TestNoDamageLosesABarOrChangesAStranger loads random extracts with random damage: of cells, of rows, of their order,
// with duplicates and dates without a time. No record is ever changed by a cell that is not exactly its TRN, no alert
// and no bar is lost, what could not be read puts the record in doubt, and loading twice is loading once.
func TestNoDamageLosesABarOrChangesAStranger(t *testing.T) {
	tb := newTable(t)
	next := 0
	rapid.Check(t, func(r *rapid.T) {
		var trns []string
		for range 4 {
			next += 7
			trns = append(trns, fmt.Sprintf("%07d", 100_000+next))
		}
		var rows []drawnRow
		for i := range rapid.IntRange(1, 14).Draw(r, "rows") {
			rows = append(rows, drawRow(r, trns, i))
		}
		for range rapid.IntRange(0, 3).Draw(r, "duplicates") {
			rows = append(rows, rows[rapid.IntRange(0, len(rows)-1).Draw(r, "duplicate")])
		}
		rows = rapid.Permutation(rows).Draw(r, "order")
		file := "trn,last_name,middle_name,date_of_birth,email,status,alerts,locked,updated_at\n"
		for _, row := range rows {
			file += row.line
		}
		if _, _, err := tb.tryLoad(t.Context(), file); err != nil {
			r.Fatal(err)
		}
		stored := map[string]string{}
		for _, trn := range trns {
			checkDamaged(r, trn, rows, tb.item(t, trn))
			stored[trn] = tb.show(t, trn)
		}
		again, _, err := tb.tryLoad(t.Context(), file)
		if err != nil || again.Added+again.Updated+again.InDoubt+again.Recovered > 0 {
			r.Fatalf("loaded again: %+v, %v", again, err)
		}
		for _, trn := range trns {
			if now := tb.show(t, trn); now != stored[trn] {
				r.Fatalf("loaded again, %s was\n%s\nand is\n%s", trn, stored[trn], now)
			}
		}
	})
	for trn := range tb.all(t) {
		if len(trn) != 7 || trn < "0100000" || trn > fmt.Sprintf("%07d", 100_000+next) {
			t.Errorf("%s is stored, which no cell was", trn)
		}
	}
}

func checkDamaged(t *rapid.T, trn string, rows []drawnRow, item attribute.Item) {
	var good, bad []drawnRow
	for _, row := range rows {
		switch {
		case row.trn != trn || row.damagedTRN:
		case row.rejected:
			bad = append(bad, row)
		default:
			good = append(good, row)
		}
	}
	if len(good) == 0 {
		if len(item) > 0 {
			t.Fatalf("%s is stored, and no row is of it: %v", trn, item)
		}
		return
	}
	newest := func(of []drawnRow) []drawnRow {
		return slices.DeleteFunc(slices.Clone(of), func(row drawnRow) bool {
			return slices.ContainsFunc(of, func(other drawnRow) bool { return later(other.at, row.at) })
		})
	}
	ids := map[string]bool{}
	for _, alert := range attribute.Maps(item, "alerts") {
		ids[attribute.Text(alert, "id")] = true
	}
	for _, row := range newest(good) {
		if row.alertID != "" && !ids[row.alertID] {
			t.Fatalf("%s has lost the alert %s: %v", trn, row.alertID, slices.Collect(maps.Keys(ids)))
		}
		if row.locked == "true" && !attribute.Flag(item, "locked") {
			t.Fatalf("%s is not locked any more", trn)
		}
	}
	name := attribute.Text(item, "lastName")
	if !slices.ContainsFunc(good, func(row drawnRow) bool { return row.name == name }) {
		t.Fatalf("%s is called %s, as in no row of it", trn, name)
	}
	said := slices.DeleteFunc(slices.Clone(good), func(row drawnRow) bool { return row.status == "" })
	for _, row := range newest(said) {
		if row.status != "active" && attribute.Text(item, "status") == "active" {
			t.Fatalf("%s is active, though %s", trn, row.status)
		}
	}
	doubt := slices.ContainsFunc(bad, func(row drawnRow) bool {
		return row.withoutTime || !slices.ContainsFunc(good, func(other drawnRow) bool { return later(other.at, row.at) })
	})
	if doubt != (attribute.Text(item, "inDoubtSince") != "") {
		t.Fatalf("in doubt should be %t: %q", doubt, attribute.Text(item, "inDoubtSince"))
	}
}
