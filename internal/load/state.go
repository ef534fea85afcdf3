package load

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"time"

	"losttrn/internal/teacher"
)

// State is the progress of a load of an extract, from which another load continues. It names records by their TRN, and
// is stored in the same bucket as the extract.
type State struct {
	Packed     bool              `json:"packed"`
	Offset     int64             `json:"offset"` // bytes read, unpacked
	Line       int               `json:"line"`
	Header     []string          `json:"header"`
	Summary    Summary           `json:"summary"`
	Seconds    float64           `json:"seconds"`
	Rejects    bool              `json:"rejects"` // whether the rejects file is begun
	Unreadable int               `json:"unreadable"`
	Births     map[string]int    `json:"births"`
	Providers  map[string]string `json:"providers"`
	Doubts     map[string]Doubt  `json:"doubts"`
	Seen       []byte            `json:"seen"`
	Doubted    []byte            `json:"doubted"`
	Recovering []byte            `json:"recovering"`
	Merged     []byte            `json:"merged"`
	Differing  []byte            `json:"differing"`
}

// Doubt sums up the rejected rows of a record that did not exist when they were read, or that have no readable time.
type Doubt struct {
	At       string `json:"at"`
	Timeless bool   `json:"timeless"`
}

// ReadFrom returns the byte of the extract at which the reader of the next load begins.
func (s *State) ReadFrom() int64 {
	if s.Packed {
		return 0
	}
	return s.Offset
}

// state returns the load as it stands when reading has stopped and all that was read is stored.
func (l *loader) state(in *rows, header []string) (*State, error) {
	s := &State{Packed: in.packed, Offset: in.lines.bytes, Line: in.lines.number, Header: header, Summary: l.tally.summary(func(*Summary) {}),
		Seconds: l.tally.elapsed().Seconds(), Rejects: l.rejects.any(), Unreadable: l.unreadable, Births: l.births, Providers: l.providers,
		Doubts: map[string]Doubt{}}
	s.Summary.Named = nil
	for _, lane := range l.lanes {
		for trn, left := range lane.doubts {
			s.Doubts[trn.Digits()] = Doubt{left.at, left.timeless}
		}
	}
	for _, set := range l.sets(s) {
		packed, err := set.members.pack()
		if err != nil {
			return nil, fmt.Errorf("keep the load's state: %w", err)
		}
		*set.kept = packed
	}
	return s, nil
}

// sets pairs the sets of a load with their fields in the state.
func (l *loader) sets(s *State) []struct {
	members *trnSet
	kept    *[]byte
} {
	return []struct {
		members *trnSet
		kept    *[]byte
	}{{l.seen, &s.Seen}, {&l.doubted, &s.Doubted}, {&l.recovering, &s.Recovering}, {&l.merged, &s.Merged}, {&l.differing, &s.Differing}}
}

// resume continues a load from its state.
func (l *loader) resume(s *State) (*rows, []string, error) {
	l.tally.count, l.tally.spent = s.Summary, time.Duration(s.Seconds*float64(time.Second))
	l.rejects.started, l.unreadable = s.Rejects, s.Unreadable
	for day, people := range s.Births {
		l.births[day] = people
	}
	for name, ukprn := range s.Providers {
		l.providers[name] = ukprn
	}
	for digits, left := range s.Doubts {
		trn, err := teacher.ParseTRN(digits)
		if err != nil {
			return nil, nil, fmt.Errorf("read the load's state: %w", err)
		}
		l.doubts[trn] = doubt{left.At, left.Timeless}
	}
	for _, set := range l.sets(s) {
		if err := set.members.unpack(*set.kept); err != nil {
			return nil, nil, fmt.Errorf("read the load's state: %w", err)
		}
	}
	r := l.Reader
	if s.Packed {
		unpacked, err := gzip.NewReader(bufio.NewReaderSize(r, sniffed))
		if err != nil {
			return nil, nil, refuse("the file is packed with gzip, and damaged: send it again")
		}
		r = cutShort{unpacked}
		if _, err := io.CopyN(io.Discard, r, s.Offset); err != nil {
			return nil, nil, fmt.Errorf("read the file: %w", err)
		}
	}
	in := &rows{lines: newLines(r), packed: s.Packed}
	in.lines.bytes, in.lines.number = s.Offset, s.Line
	return in, s.Header, nil
}

// pack writes a set out as a bit for each TRN, packed with gzip; an empty one is nothing.
func (s *trnSet) pack() ([]byte, error) {
	if s.words == nil {
		return nil, nil
	}
	var packed bytes.Buffer
	gz := gzip.NewWriter(&packed)
	if err := errors.Join(binary.Write(gz, binary.LittleEndian, s.words), gz.Close()); err != nil {
		return nil, err
	}
	return packed.Bytes(), nil
}

// unpack reads what pack wrote.
func (s *trnSet) unpack(packed []byte) error {
	if len(packed) == 0 {
		return nil
	}
	gz, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return err
	}
	s.words, s.count = make([]uint64, trnWords), 0
	if err := binary.Read(gz, binary.LittleEndian, s.words); err != nil {
		return err
	}
	for range s.all {
		s.count++
	}
	return nil
}
