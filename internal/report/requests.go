package report

import (
	"context"
	"strconv"
	"time"

	"losttrn/internal/report/csvfile"
	"losttrn/internal/report/dataset"
	"losttrn/internal/report/dynamojson"
	"losttrn/internal/teacher"
)

// detailColumns are the details that a person may have given, with the columns they stand in.
var detailColumns = []struct{ name, column string }{
	{"email", "Email"},
	{"firstName", "First name"},
	{"middleName", "Middle name"},
	{"lastName", "Last name"},
	{"previousFirstName", "Previous first name"},
	{"previousLastName", "Previous last name"},
	{"dateOfBirth", "Date of birth"},
	{"nationalInsuranceNumber", "National Insurance number"},
	{"trn", "TRN given"},
	{"trainingProvider", "Training provider"},
}

func requestsHeader() []string {
	header := []string{"Requested (UTC)", "Requested (London)", "Age in weekdays", "Lookup id", "Reason", "Candidate TRNs"}
	for _, detail := range detailColumns {
		header = append(header, detail.column)
	}
	return header
}

// requestItem is an item of the helpdeskRequests table while it is read.
type requestItem struct {
	id, requestedAt, why []byte
	candidates           []string
	details              map[string]string
	expiresAt            expiry
}

func (r *requestItem) attribute(d *dynamojson.Decoder, name []byte) error {
	switch string(name) {
	case "lookupId":
		return keep(&r.id, d)
	case "requestedAt":
		return keep(&r.requestedAt, d)
	case "why":
		return keep(&r.why, d)
	case "candidateTrns":
		return d.Strings(func(trn []byte) { r.candidates = append(r.candidates, string(trn)) })
	case "details":
		r.details = map[string]string{}
		return d.Map(func(entry []byte) error {
			for _, detail := range detailColumns {
				if detail.name == string(entry) {
					text, err := d.String()
					r.details[detail.name] = string(text)
					return err
				}
			}
			return d.Skip()
		})
	case "expiresAt":
		return r.expiresAt.read(d)
	}
	return d.Skip()
}

func (m *making) readRequests(ctx context.Context) error {
	return m.read(ctx, dataset.HelpdeskRequests, func(d *dynamojson.Decoder) (func([]byte) error, func() error) {
		var item requestItem
		return func(name []byte) error { return item.attribute(d, name) }, func() error {
			defer func() { item = requestItem{} }()
			return m.request(&item)
		}
	})
}

func (m *making) request(r *requestItem) error {
	if len(r.id) == 0 {
		return lacks("lookupId")
	}
	requested, err := timeAt("requestedAt", r.requestedAt)
	if err != nil {
		return err
	}
	if r.expiresAt.passed(m.at) {
		return nil
	}
	age := weekdaysBetween(teacher.LondonDate(requested), teacher.LondonDate(m.at))
	cells := []string{utc(requested), london(requested), strconv.Itoa(age), string(r.id), string(r.why), list(r.candidates)}
	for _, detail := range detailColumns {
		cells = append(cells, r.details[detail.name])
	}
	if err := m.requests.Add(append([]byte(utc(requested)), r.id...), csvfile.AppendRow(nil, cells...)); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.figures.Request(age)
	return nil
}

func (m *making) writeRequests() error {
	return m.csv(HelpdeskRequestsFile, requestsHeader(), func(row func([]byte) error) error {
		return m.requests.Each(func(_, value []byte) error { return row(value) })
	})
}

// weekdaysBetween counts the Mondays to Fridays after the first day, up to and including the last: a request of
// Friday is one weekday old on Monday. Bank holidays count: they differ between the nations.
func weekdaysBetween(first, last teacher.Date) int {
	from := time.Date(first.Year(), time.Month(first.Month()), first.Day(), 0, 0, 0, 0, time.UTC)
	until := time.Date(last.Year(), time.Month(last.Month()), last.Day(), 0, 0, 0, 0, time.UTC)
	days := int(until.Sub(from).Hours() / 24)
	if days <= 0 {
		return 0
	}
	count := days / 7 * 5
	for day := from.AddDate(0, 0, days/7*7+1); !day.After(until); day = day.AddDate(0, 0, 1) {
		if weekday := day.Weekday(); weekday != time.Saturday && weekday != time.Sunday {
			count++
		}
	}
	return count
}
