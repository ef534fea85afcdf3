package sample

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"
	"time"
)

// Options say which register to make.
type Options struct {
	Seed     uint64
	Count    int // rows
	FirstTRN int // the others follow; FirstTRN + Count may not pass 9999999
}

// Default is the register that the local stack loads: 10,000 teachers, TRNs 1000000 to 1009999.
var Default = Options{Seed: 1, Count: 10_000, FirstTRN: 1_000_000}

var header = []string{"trn", "first_name", "middle_name", "last_name", "previous_names", "date_of_birth",
	"national_insurance_number", "email", "training_providers", "status", "former_trns", "alerts", "locked",
	"locked_at", "updated_at"}

// Write writes the register as CSV in UTF-8, a header first, lines ended by a newline.
func Write(w io.Writer, o Options) error {
	if o.Count < 0 || o.FirstTRN < 0 || o.FirstTRN+o.Count > 10_000_000 {
		return fmt.Errorf("a register of %d teachers from TRN %d: TRNs have seven digits", o.Count, o.FirstTRN)
	}
	out := csv.NewWriter(w)
	if err := out.Write(header); err != nil {
		return fmt.Errorf("write the header: %w", err)
	}
	for i := range o.Count {
		if err := out.Write(o.record(i).row()); err != nil {
			return fmt.Errorf("write row %d: %w", i, err)
		}
	}
	out.Flush()
	return out.Error()
}

func (r record) row() []string {
	var previous, trained, alerts []string
	for _, name := range r.previous {
		previous = append(previous, name[0]+"|"+name[1])
	}
	for _, p := range r.providers {
		trained = append(trained, p.ukprn+"|"+p.name)
	}
	for _, a := range r.alerts {
		alerts = append(alerts, strings.Join([]string{a.id, a.kind, date(a.start), date(a.end)}, "|"))
	}
	former := ""
	if r.formerTRN != 0 {
		former = fmt.Sprintf("%07d", r.formerTRN)
	}
	return []string{fmt.Sprintf("%07d", r.trn), r.first, r.middle, r.last, strings.Join(previous, ";"), date(r.born), r.nino, r.email,
		strings.Join(trained, ";"), r.status, former, strings.Join(alerts, ";"), fmt.Sprint(r.locked), moment(r.lockedAt),
		moment(r.updatedAt)}
}

func date(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}

func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
