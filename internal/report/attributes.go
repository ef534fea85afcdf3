package report

import (
	"strconv"
	"strings"
	"time"

	"losttrn/internal/report/dataset"
	"losttrn/internal/report/dynamojson"
)

// keep copies a string attribute to a buffer that is used again for the next item.
func keep(to *[]byte, d *dynamojson.Decoder) error {
	value, err := d.String()
	*to = append((*to)[:0], value...)
	return err
}

// expiry is a time to live in epoch seconds, 0 for none. DynamoDB deletes items up to days after it, so a report
// leaves out what has passed it.
type expiry int64

func (e *expiry) read(d *dynamojson.Decoder) error {
	digits, err := d.Number()
	if err != nil {
		return err
	}
	seconds, err := strconv.ParseInt(string(digits), 10, 64)
	if err != nil {
		return dataset.Unusable("expiresAt is not whole seconds")
	}
	*e = expiry(seconds)
	return nil
}

func (e expiry) passed(at time.Time) bool { return e != 0 && int64(e) <= at.Unix() }

// list writes several texts into one cell.
func list(texts []string) string { return strings.Join(texts, "; ") }
