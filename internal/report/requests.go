package report

import (
	"context"
	"database/sql/driver"
	"fmt"
	"hash/maphash"
	"regexp"
	"slices"
	"strings"

	"losttrn/internal/lookup"
	"losttrn/internal/report/dataset"
	"losttrn/internal/teacher"
)

// details are the fields that a person may have given, one column each, at the end of helpdesk_requests.
var details = lookup.Fields()

// detailColumns adds those columns to the schema.
func detailColumns() string {
	var statements strings.Builder
	for _, field := range details {
		fmt.Fprintf(&statements, "ALTER TABLE helpdesk_requests ADD COLUMN %s TEXT;\n", columnOf(field))
	}
	return statements.String()
}

// detailsShown returns those columns as the list of requests shows them.
func detailsShown() string {
	var columns strings.Builder
	for _, field := range details {
		fmt.Fprintf(&columns, "texts(w.%s) AS \"%s\", ", columnOf(field), headingOf(field))
	}
	return columns.String()
}

// headingOf returns the heading of a detail: "First name" of firstName.
func headingOf(field lookup.Field) string {
	switch field {
	case lookup.FieldNINO:
		return "National Insurance number"
	case lookup.FieldTRN:
		return "TRN given"
	}
	words := strings.ReplaceAll(columnOf(field), "_", " ")
	return strings.ToUpper(words[:1]) + words[1:]
}

// columnOf returns the column of a detail: first_name of firstName.
func columnOf(field lookup.Field) string {
	return strings.ToLower(capital.ReplaceAllString(string(field), "_$0"))
}

var capital = regexp.MustCompile("[A-Z]")

// requestRows makes the row of a request to the helpdesk.
func (m *maker) requestRows(item *dataset.Item, to *rows) {
	id, requested := item.Required("lookupId"), item.Time("requestedAt")
	switch {
	case len(item.Problems) > 0:
	case requested.IsZero():
		item.Note("requestedAt", "is missing")
	case requested.After(m.at):
		item.Note("requestedAt", "is after the export")
	}
	given := map[string]string{}
	for _, entry := range item.Map("details") {
		if entry.Value.Type == "S" {
			given[entry.Name] = entry.Value.Text
		} else if isDetail(entry.Name) {
			item.Note("details", "has an entry of a type that is not S")
		}
	}
	email, name := given[string(lookup.FieldEmail)], ""
	if email != "" {
		email = mailbox(email)
		m.wanted.add(email)
	}
	if first, last := given[string(lookup.FieldFirstName)], given[string(lookup.FieldLastName)]; first != "" && last != "" {
		name = nameKey(first + " " + last)
		m.wanted.add(name)
	}
	cells := []driver.Value{id, lookup.Reference(id), requested.UnixMilli(), teacher.LondonDate(requested).ISO(), item.Text("why"),
		text(strings.Join(item.Texts("candidateTrns"), "; ")), text(item.Text("note")), millis(item.Time("answeredAt")),
		text(item.Text("answeredBy")), nil, text(email), text(name)}
	for _, field := range details {
		cells = append(cells, text(given[string(field)]))
	}
	to.add(requestsTable, cells...)
}

func isDetail(name string) bool {
	return slices.Contains(details, lookup.Field(name))
}

// people assigns each request the number of its person. Requests of one mailbox are one person's, and so are those of
// one name and date of birth, transitively. It holds a few numbers for each request in memory.
func (m *maker) people(ctx context.Context) error {
	seed := maphash.MakeSeed()
	first, parent := map[uint64]int64{}, map[int64]int64{}
	root := func(n int64) int64 {
		for parent[n] != n {
			parent[n] = parent[parent[n]]
			n = parent[n]
		}
		return n
	}
	const signs = `SELECT rowid, mailbox, name_key || ' ' || date_of_birth FROM helpdesk_requests ORDER BY requested_at, lookup_id`
	var order []int64
	err := m.db.each(ctx, signs, ignore, func(cells []driver.Value) error {
		request := cells[0].(int64)
		parent[request] = request
		order = append(order, request)
		for kind, sign := range cells[1:] {
			text, ok := sign.(string)
			if !ok {
				continue
			}
			digest := maphash.String(seed, fmt.Sprint(kind, text))
			if other, ok := first[digest]; ok {
				parent[root(request)] = root(other)
			} else {
				first[digest] = request
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	number, err := m.db.conn.Prepare("UPDATE helpdesk_requests SET person = ? WHERE rowid = ?")
	if err != nil {
		return fmt.Errorf("report database: %w", err)
	}
	defer number.Close()
	arguments := arguments(2)
	for _, request := range order {
		if err := run(ctx, number, arguments, []driver.Value{root(request), request}); err != nil {
			return fmt.Errorf("report database: number the people: %w", err)
		}
	}
	return nil
}

func ignore([]string) error { return nil }
