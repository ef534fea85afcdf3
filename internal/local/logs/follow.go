package logs

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// pause is the time between two reads of Follow.
const pause = 200 * time.Millisecond

// Read calls show with every line in a folder of logs, oldest first.
func Read(folder string, show func(Line)) error {
	_, err := follower{folder, map[string]int64{}}.more(show)
	return err
}

// ReadEnds calls show with the whole lines in the last bytes of each log, oldest first.
func ReadEnds(folder string, bytes int64, show func(Line)) error {
	files, err := filepath.Glob(filepath.Join(folder, "*.log"))
	if err != nil {
		return err
	}
	f := follower{folder, map[string]int64{}}
	for _, path := range files {
		if info, err := os.Stat(path); err == nil && info.Size() > bytes {
			f.read[path] = info.Size() - bytes // within a line, perhaps: what is no JSON names no lookup
		}
	}
	_, err = f.more(show)
	return err
}

// Follow does as Read does, and continues with added lines until ctx ends.
func Follow(ctx context.Context, folder string, show func(Line)) error {
	f := follower{folder, map[string]int64{}}
	tick := time.NewTicker(pause)
	defer tick.Stop()
	for {
		if _, err := f.more(show); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// follower holds how far each file was read.
type follower struct {
	folder string
	read   map[string]int64
}

// more shows what was added, in the order of time.
func (f follower) more(show func(Line)) (int, error) {
	files, err := filepath.Glob(filepath.Join(f.folder, "*.log"))
	if err != nil {
		return 0, err
	}
	var lines []Line
	for _, path := range files {
		if lines, err = f.added(path, lines); err != nil {
			return 0, err
		}
	}
	slices.SortStableFunc(lines, func(a, b Line) int { return a.Time.Compare(b.Time) })
	for _, l := range lines {
		show(l)
	}
	return len(lines), nil
}

// added appends the complete lines that were added to a file since the last read.
func (f follower) added(path string, lines []Line) ([]Line, error) {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return lines, nil
	}
	if err != nil {
		return lines, fmt.Errorf("read a log: %w", err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return lines, fmt.Errorf("read a log: %w", err)
	}
	if info.Size() < f.read[path] {
		f.read[path] = 0 // the file was deleted and created again
	}
	if _, err := file.Seek(f.read[path], io.SeekStart); err != nil {
		return lines, fmt.Errorf("read a log: %w", err)
	}
	reader := bufio.NewReader(file)
	for {
		text, err := reader.ReadBytes('\n')
		if err != nil { // io.EOF, within a line perhaps: the next look has it whole
			if !errors.Is(err, io.EOF) {
				return lines, fmt.Errorf("read a log: %w", err)
			}
			return lines, nil
		}
		f.read[path] += int64(len(text))
		line, ok := Parse(bytes.TrimSpace(text))
		if !ok { // written before every line was JSON
			line = Line{Message: string(bytes.TrimSpace(text))}
		}
		if line.Function == "" {
			line.Function = filepath.Base(path[:len(path)-len(".log")])
		}
		lines = append(lines, line)
	}
}
