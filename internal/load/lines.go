package load

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// maxRow is the most bytes that a row may have. An item of the table holds 400 KB, so a longer row could not be stored.
// It also bounds how far an unclosed quote is followed.
const maxRow = 1 << 20

// lines reads a file's physical lines, without their ends. Lines can be put back to be read again.
type lines struct {
	in     *bufio.Reader
	number int    // of the line given last; the first is 1
	bytes  int64  // from the start of the file to the end of that line
	raw    int    // bytes of that line with its end
	back   []line // given back, the next one last
}

// line is a line that was given back, and its bytes with its end.
type line struct {
	text []byte
	raw  int
}

func newLines(r io.Reader) *lines { return &lines{in: bufio.NewReaderSize(r, 1<<16)} }

// next returns the next line, or io.EOF. A line longer than maxRow comes shortened to just above it. The line is valid
// until next is called again.
func (l *lines) next() ([]byte, error) {
	if n := len(l.back); n > 0 {
		next := l.back[n-1]
		l.back = l.back[:n-1]
		l.number++
		l.raw = next.raw
		l.bytes += int64(next.raw)
		return next.text, nil
	}
	text, err := l.in.ReadSlice('\n')
	l.raw = len(text)
	if errors.Is(err, bufio.ErrBufferFull) {
		text, err = l.long(text)
	}
	l.bytes += int64(l.raw)
	if err != nil && (!errors.Is(err, io.EOF) || len(text) == 0) {
		return nil, err
	}
	l.number++
	text = bytes.TrimSuffix(text, []byte("\n"))
	return bytes.TrimSuffix(text, []byte("\r")), nil
}

// long reads the rest of a line that is longer than the reader's buffer.
func (l *lines) long(start []byte) ([]byte, error) {
	text := bytes.Clone(start)
	for {
		part, err := l.in.ReadSlice('\n')
		l.raw += len(part)
		if len(text) <= maxRow {
			text = append(text, part...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return text, err
		}
	}
}

// giveBack puts back lines that were read last, so that they come next again.
func (l *lines) giveBack(taken []line) {
	for i := len(taken) - 1; i >= 0; i-- {
		l.back = append(l.back, taken[i])
		l.bytes -= int64(taken[i].raw)
	}
	l.number -= len(taken)
}
