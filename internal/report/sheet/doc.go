// Package sheet writes rows as CSV for machines and as a workbook for people. No text from a person can become a formula,
// a number or a link in either.
package sheet

import "time"

// Cell is a text, a whole number, a time, or nothing.
type Cell struct {
	kind   cellKind
	text   string
	number int64
	at     time.Time
}

type cellKind int

const (
	noCell cellKind = iota
	textCell
	numberCell
	timeCell
)

// Text returns a cell of text.
func Text(text string) Cell { return Cell{kind: textCell, text: text} }

// Number returns a cell of a whole number.
func Number(number int64) Cell { return Cell{kind: numberCell, number: number} }

// Time returns a cell of a time, shown as the time's own zone has it.
func Time(at time.Time) Cell { return Cell{kind: timeCell, at: at} }
