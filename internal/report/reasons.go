package report

import (
	"context"
	"database/sql/driver"
	"fmt"
	"unicode"
	"unicode/utf8"

	"losttrn/internal/report/summary"
	"losttrn/internal/unlocking"
)

// reasons returns the reasons for refusing an unlock, in the order and the words of the rules.
func reasons() (list []summary.Words) {
	for _, reason := range unlocking.Reasons() {
		list = append(list, summary.Words{Code: string(reason), Words: sentence(reason.Words())})
	}
	return list
}

// sentence begins words with a capital letter.
func sentence(words string) string {
	first, size := utf8.DecodeRuneInString(words)
	return string(unicode.ToUpper(first)) + words[size:]
}

func (m *maker) fillReasons(ctx context.Context) error {
	i, err := m.db.inserter(ctx, "reasons")
	if err != nil {
		return fmt.Errorf("report database: %w", err)
	}
	defer i.Close()
	for place, reason := range reasons() {
		if err := i.insert(ctx, []driver.Value{reason.Code, int64(place), reason.Words}); err != nil {
			return fmt.Errorf("report database: insert into reasons: %w", err)
		}
	}
	return nil
}
