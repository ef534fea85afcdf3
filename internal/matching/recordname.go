package matching

import (
	"slices"
	"strings"

	"losttrn/internal/teacher"
)

// recordName is the names of a record: the current one folded, the others as they are needed.
type recordName struct {
	record                    *teacher.Record
	folder                    *folder
	first, middle, full, last string
}

func newRecordName(f *folder, r *teacher.Record) recordName {
	n := recordName{record: r, folder: f}
	// All in one text, so that first and middle name together are a part of it.
	f.room = appendFold(f.room[:0], r.Name.First)
	first := len(f.room)
	f.room = appendFold(append(f.room, ' '), r.Name.Middle)
	middle := len(f.room)
	f.room = appendFold(append(f.room, ' '), r.Name.Last)
	text := f.text()
	n.first, n.middle, n.last = trimFirst(text[:first]), text[first+1:middle], trimLast(text[middle+1:])
	if n.full = n.first; n.first != "" && n.middle != "" {
		n.full = withoutInitials(text[first-len(n.first) : middle])
	}
	return n
}

func (n *recordName) isZero() bool { return n.first == "" && n.last == "" }

// anyFirst reports whether a first name given agrees with one on the record.
func (n *recordName) anyFirst(given []firstName) bool {
	if firstAgrees(given, n.first, n.full) {
		return true
	}
	if first := trimFirst(n.folder.otherSpelling(n.record.Name.First)); first != "" && firstAgrees(given, first, n.folder.full(first, n.middle)) {
		return true
	}
	for i := range n.record.PreviousNames {
		previous := n.record.PreviousNames[i].First
		if first := trimFirst(n.folder.fold(previous)); firstAgrees(given, first, first) {
			return true
		}
		if first := trimFirst(n.folder.otherSpelling(previous)); firstAgrees(given, first, first) {
			return true
		}
	}
	return false
}

func firstAgrees(given []firstName, first, full string) bool {
	for i := range given {
		if firstNamesAgree(&given[i], first, full) {
			return true
		}
	}
	return false
}

// anyLast reports whether a last name given agrees with one on the record.
func (n *recordName) anyLast(given []lastName) bool {
	if n.lastAgrees(given, n.last) || n.lastAgrees(given, trimLast(n.folder.otherSpelling(n.record.Name.Last))) {
		return true
	}
	for i := range n.record.PreviousNames {
		previous := n.record.PreviousNames[i].Last
		if n.lastAgrees(given, trimLast(n.folder.fold(previous))) || n.lastAgrees(given, trimLast(n.folder.otherSpelling(previous))) {
			return true
		}
	}
	return false
}

func (n *recordName) lastAgrees(given []lastName, last string) bool {
	plain := n.folder.plainLast(last)
	for i := range given {
		if lastNamesAgree(&given[i], last, plain) {
			return true
		}
	}
	return false
}

// anyLastByOneEdit reports whether a last name given is one edit apart from one on the record.
func (n *recordName) anyLastByOneEdit(given []lastName) bool {
	for i := range given {
		if oneEditApart(given[i].text, n.last) {
			return true
		}
		for j := range n.record.PreviousNames {
			if oneEditApart(given[i].text, trimLast(n.folder.fold(n.record.PreviousNames[j].Last))) {
				return true
			}
		}
	}
	return false
}

// anyWhole reports whether a whole name given and the record's are the same in one of three ways.
func (n *recordName) anyWhole(given []wholeName) bool {
	for i := range given {
		w := &given[i]
		if w.sameLetters(n.first, n.last) || n.sameWords(w) || n.sameSole(w.sole) {
			return true
		}
		for i := range n.record.PreviousNames {
			previous := &n.record.PreviousNames[i]
			if w.sameLetters(trimFirst(n.folder.fold(previous.First)), trimLast(n.folder.fold(previous.Last))) {
				return true
			}
		}
	}
	return false
}

// sameWords reports whether first, middle and last name together are the words given, none of them an initial, however
// they are ordered and divided: Thi Mai | Nguyen, Mai | Nguyen Thi, or all in one.
func (n *recordName) sameWords(given *wholeName) bool {
	words := n.folder.words[:0]
	for _, name := range [...]string{n.first, n.middle, n.last} {
		words = slices.AppendSeq(words, strings.FieldsSeq(name))
	}
	n.folder.words = words
	slices.Sort(words)
	return slices.Equal(words, given.words)
}

// sameSole reports whether a person with one name and the record of a person with one name have the same.
func (n *recordName) sameSole(given string) bool {
	return given != "" && !onlyInitials(given) && given == soleName(n.first, n.last)
}
