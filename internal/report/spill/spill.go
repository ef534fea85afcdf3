// Package spill sorts more rows than fit into memory: what exceeds a limit is sorted and written to temporary
// files, which are merged at the end.
package spill

import (
	"bufio"
	"bytes"
	"cmp"
	"container/heap"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"sync"
)

// Sorter collects rows and gives them back in the order of their keys, byte by byte; rows of one key in the order
// of their values. Add is safe for concurrent use. Close it to remove its files.
type Sorter struct {
	dir   string
	limit int

	mu    sync.Mutex
	arena []byte
	rows  []span
	files []*os.File
}

// span is a row in the arena: key from start to value, value from there to end.
type span struct{ start, value, end int }

// spanSize is what a row costs in memory beside its bytes.
const spanSize = 24

// New makes a sorter that keeps at most limit bytes of rows and index in memory and the rest in files of dir. The
// arrays that hold them grow by a quarter beyond what is needed, and for a moment the old one exists beside the new.
func New(dir string, limit int) *Sorter { return &Sorter{dir: dir, limit: limit} }

// Add takes copies of a row's key and value.
func (s *Sorter) Add(key, value []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	size := len(key) + len(value)
	if len(s.rows) > 0 && len(s.arena)+size+spanSize*(len(s.rows)+1) > s.limit {
		if err := s.spill(); err != nil {
			return err
		}
	}
	start := len(s.arena)
	s.arena = append(s.arena, key...)
	s.arena = append(s.arena, value...)
	s.rows = append(s.rows, span{start, start + len(key), start + size})
	return nil
}

func (s *Sorter) sort() {
	slices.SortFunc(s.rows, func(a, b span) int {
		return cmp.Or(bytes.Compare(s.arena[a.start:a.value], s.arena[b.start:b.value]),
			bytes.Compare(s.arena[a.value:a.end], s.arena[b.value:b.end]))
	})
}

func (s *Sorter) spill() error {
	s.sort()
	file, err := os.CreateTemp(s.dir, "sorted-*")
	if err != nil {
		return fmt.Errorf("sort: %w", err)
	}
	s.files = append(s.files, file)
	w := bufio.NewWriterSize(file, 64<<10)
	var head [2 * binary.MaxVarintLen64]byte
	for _, r := range s.rows {
		n := binary.PutUvarint(head[:], uint64(r.value-r.start))
		n += binary.PutUvarint(head[n:], uint64(r.end-r.value))
		w.Write(head[:n])
		w.Write(s.arena[r.start:r.end])
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("sort: %w", err)
	}
	s.arena, s.rows = s.arena[:0], s.rows[:0] // the arrays are used again: they have grown to what the limit lets them
	return nil
}

// Each calls row for every row in order. Key and value are valid only during the call. It may be called once,
// when all rows have been added.
func (s *Sorter) Each(row func(key, value []byte) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.files) == 0 {
		s.sort()
		for _, r := range s.rows {
			if err := row(s.arena[r.start:r.value], s.arena[r.value:r.end]); err != nil {
				return err
			}
		}
		return nil
	}
	if len(s.rows) > 0 {
		if err := s.spill(); err != nil {
			return err
		}
	}
	s.arena, s.rows = nil, nil // the buffers of the files take their place
	var runs merge
	for _, file := range s.files {
		if _, err := file.Seek(0, io.SeekStart); err != nil {
			return fmt.Errorf("sort: %w", err)
		}
		r := &run{in: bufio.NewReaderSize(file, min(64<<10, max(4<<10, s.limit/len(s.files))))}
		if more, err := r.next(); err != nil {
			return err
		} else if more {
			runs = append(runs, r)
		}
	}
	heap.Init(&runs)
	for len(runs) > 0 {
		first := runs[0]
		if err := row(first.row[:first.key], first.row[first.key:]); err != nil {
			return err
		}
		more, err := first.next()
		if err != nil {
			return err
		}
		if more {
			heap.Fix(&runs, 0)
		} else {
			heap.Pop(&runs)
		}
	}
	return nil
}

// Close removes the sorter's files.
func (s *Sorter) Close() error {
	var errs []error
	for _, file := range s.files {
		errs = append(errs, file.Close(), os.Remove(file.Name()))
	}
	s.files, s.arena, s.rows = nil, nil, nil
	return errors.Join(errs...)
}

// run is a sorted file with its next row.
type run struct {
	in  *bufio.Reader
	row []byte
	key int // length of the row's key
}

func (r *run) next() (bool, error) {
	key, err := binary.ReadUvarint(r.in)
	if err == io.EOF {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("sort: %w", err)
	}
	value, err := binary.ReadUvarint(r.in)
	if err != nil {
		return false, fmt.Errorf("sort: %w", err)
	}
	r.key = int(key)
	r.row = slices.Grow(r.row[:0], int(key+value))[:key+value]
	if _, err := io.ReadFull(r.in, r.row); err != nil {
		return false, fmt.Errorf("sort: %w", err)
	}
	return true, nil
}

// merge is a heap of runs by their next rows.
type merge []*run

func (m merge) Len() int { return len(m) }
func (m merge) Less(i, j int) bool {
	a, b := m[i], m[j]
	return cmp.Or(bytes.Compare(a.row[:a.key], b.row[:b.key]), bytes.Compare(a.row[a.key:], b.row[b.key:])) < 0
}
func (m merge) Swap(i, j int) { m[i], m[j] = m[j], m[i] }
func (m *merge) Push(x any)   { *m = append(*m, x.(*run)) }
func (m *merge) Pop() any {
	last := (*m)[len(*m)-1]
	*m = (*m)[:len(*m)-1]
	return last
}
