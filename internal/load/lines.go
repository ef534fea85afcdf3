package load

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// maxRow is the most bytes that a row may have. An item of the table holds 400 KB, so a longer one could not be
// stored; and it is how far a quote that is never closed is followed.
const maxRow = 1 << 20

// lines gives a file's physical lines, without their ends, and takes lines back.
type lines struct {
	in     *bufio.Reader
	number int      // of the line given last; the first is 1
	bytes  int64    // read from the file
	back   [][]byte // given back, the next one last
}

func newLines(r io.Reader) *lines { return &lines{in: bufio.NewReaderSize(r, 1<<16)} }

// next is the next line, or io.EOF. A line longer than maxRow comes shortened to just above it. The line is valid
// until next is called again.
func (l *lines) next() ([]byte, error) {
	if n := len(l.back); n > 0 {
		line := l.back[n-1]
		l.back = l.back[:n-1]
		l.number++
		return line, nil
	}
	line, err := l.in.ReadSlice('\n')
	l.bytes += int64(len(line))
	if errors.Is(err, bufio.ErrBufferFull) {
		line, err = l.long(line)
	}
	if err != nil && (!errors.Is(err, io.EOF) || len(line) == 0) {
		return nil, err
	}
	l.number++
	line = bytes.TrimSuffix(line, []byte("\n"))
	return bytes.TrimSuffix(line, []byte("\r")), nil
}

// long reads the rest of a line that is longer than the reader's buffer.
func (l *lines) long(start []byte) ([]byte, error) {
	line := bytes.Clone(start)
	for {
		part, err := l.in.ReadSlice('\n')
		l.bytes += int64(len(part))
		if len(line) <= maxRow {
			line = append(line, part...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return line, err
		}
	}
}

// giveBack makes these lines, given last, the next ones again.
func (l *lines) giveBack(taken [][]byte) {
	for i := len(taken) - 1; i >= 0; i-- {
		l.back = append(l.back, taken[i])
	}
	l.number -= len(taken)
}
