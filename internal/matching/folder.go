package matching

import "strings"

// folder folds the texts of records. The returned texts share memory that grows now and then, so that a record needs no
// allocation of its own. It is not safe for concurrent use.
type folder struct {
	room    []byte // what is being folded
	scratch []byte
	kept    strings.Builder
	words   []string // of one name
}

// text returns the content of room, which may be reused for other texts afterwards.
func (f *folder) text() string {
	start := f.kept.Len()
	f.kept.Write(f.room)
	return f.kept.String()[start:]
}

// fold returns a text folded.
func (f *folder) fold(text string) string {
	f.room = appendFold(f.room[:0], text)
	return f.text()
}

// otherSpelling returns the other spelling of a name folded, "" if it has none.
func (f *folder) otherSpelling(name string) string {
	f.room = appendOtherSpelling(f.room[:0], name)
	if string(f.room) == name {
		return ""
	}
	return f.fold(f.text())
}

// full returns a folded first name with the middle name, without initials before a longer name.
func (f *folder) full(first, middle string) string {
	if first == "" || middle == "" {
		return first
	}
	f.room = append(append(append(f.room[:0], first...), ' '), middle...)
	return withoutInitials(f.text())
}

// plainLast returns a folded last name as appendPlainLast writes it.
func (f *folder) plainLast(text string) string {
	f.room = appendPlainLast(f.room[:0], text)
	return f.text()
}
