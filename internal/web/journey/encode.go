package journey

import (
	"encoding/binary"
	"errors"
	"time"

	"losttrn/internal/lookup"
)

// version is the first byte of an encoded journey. Another layout gets another version, and cookies of the old
// one are then treated as expired.
const version = 3

var errEncoding = errors.New("not an encoded journey")

// outcomes are encoded as their index.
var outcomes = [...]lookup.Outcome{"", lookup.TRNSent, lookup.NoMatch, lookup.Helpdesk}

// texts returns the journey's texts in the order in which they are encoded.
func (j *Journey) texts() []*string {
	var texts []*string
	for _, field := range lookup.Fields() {
		texts = append(texts, j.Answers.Typed(field)...)
	}
	return append(texts, &j.LookupID, &j.SentTo)
}

// maxEncoded is the longest encoded journey whose cookie fits into 4 KiB with its attributes. Only very long names in
// multi-byte scripts reach it; the address of an earlier find is then left out.
const maxEncoded = 2950

// encode lays out the journey: version, time (epoch seconds), key, beginning (epoch seconds), answered questions,
// flags, outcome, change of name, then each text after its length.
func (j *Journey) encode(at time.Time) []byte {
	b := []byte{version}
	b = binary.BigEndian.AppendUint64(b, uint64(at.Unix()))
	b = append(b, j.Key[:]...)
	b = binary.BigEndian.AppendUint64(b, uint64(j.Began))
	b = append(b, j.answered, j.flags(), j.outcome(), byte(j.NameChange))
	for _, text := range j.texts() {
		if text == &j.SentTo && len(b)+len(*text) > maxEncoded {
			text = new(string)
		}
		b = binary.AppendUvarint(b, uint64(len(*text)))
		b = append(b, *text...)
	}
	return b
}

// decode is the inverse of encode. It also returns the time.
func decode(b []byte) (Journey, time.Time, error) {
	var j Journey
	const fixed = 1 + 8 + len(j.Key) + 8 + 4
	if len(b) < fixed || b[0] != version {
		return Journey{}, time.Time{}, errEncoding
	}
	at := time.Unix(int64(binary.BigEndian.Uint64(b[1:])), 0)
	copy(j.Key[:], b[9:])
	j.Began = int64(binary.BigEndian.Uint64(b[9+len(j.Key):]))
	j.answered = b[fixed-4]
	j.setFlags(b[fixed-3])
	if int(b[fixed-2]) >= len(outcomes) || b[fixed-1] >= byte(nameChanges) {
		return Journey{}, time.Time{}, errEncoding
	}
	j.Outcome, j.NameChange = outcomes[b[fixed-2]], NameChange(b[fixed-1])
	b = b[fixed:]
	for _, text := range j.texts() {
		length, n := binary.Uvarint(b)
		if n <= 0 || length > uint64(len(b)-n) {
			return Journey{}, time.Time{}, errEncoding
		}
		*text = string(b[n : n+int(length)])
		b = b[n+int(length):]
	}
	return j, at, nil
}

func (j *Journey) flags() byte {
	var b byte
	for i, flag := range []bool{j.Matched, j.Checked, j.HelpRequested, j.Unchanged, j.Sent, j.Completed} {
		if flag {
			b |= 1 << i
		}
	}
	return b
}

func (j *Journey) setFlags(b byte) {
	for i, flag := range []*bool{&j.Matched, &j.Checked, &j.HelpRequested, &j.Unchanged, &j.Sent, &j.Completed} {
		*flag = b&(1<<i) != 0
	}
}

func (j *Journey) outcome() byte {
	for i, outcome := range outcomes {
		if outcome == j.Outcome {
			return byte(i)
		}
	}
	return 0
}
