// Package logs stores the logs of the local stack's functions, and shows them.
//
// Each function has a file, which is appended to at every start. Every line is a JSON object; other output of a
// function, such as the trace of a panic, is wrapped in one.
package logs

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// maxLine bounds the stored part of a line without an end.
const maxLine = 1 << 20

// File is the log of a function. It is safe for concurrent use.
type File struct {
	mu       sync.Mutex
	file     *os.File
	function string
	seen     func(Line)
	rest     []byte // the beginning of a line
}

// Open opens the log of a function in a folder, to append to it. seen is called with
// each line; it may be nil.
func Open(folder, function string, seen func(Line)) (*File, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of logs: %w", err)
	}
	file, err := os.OpenFile(filepath.Join(folder, function+".log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open a log: %w", err)
	}
	if seen == nil {
		seen = func(Line) {}
	}
	return &File{file: file, function: function, seen: seen}, nil
}

// Write takes what a function writes, in pieces of any size.
func (f *File) Write(text []byte) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.rest = append(f.rest, text...)
	for {
		end := bytes.IndexByte(f.rest, '\n')
		if end < 0 && len(f.rest) < maxLine {
			return len(text), nil
		}
		line := f.rest
		if end >= 0 {
			line, f.rest = f.rest[:end], f.rest[end+1:]
		} else {
			f.rest = nil
		}
		if err := f.put(line); err != nil {
			return 0, err
		}
	}
}

func (f *File) put(text []byte) error {
	text = bytes.TrimRight(text, "\r")
	if len(bytes.TrimSpace(text)) == 0 {
		return nil
	}
	line, ok := Parse(text)
	if !ok {
		line = Line{Time: time.Now(), Level: "INFO", Function: f.function, Message: string(text)}
		// slog's own names, so that every line of the file reads alike.
		text, _ = json.Marshal(map[string]any{"timestamp": line.Time, "level": line.Level, "msg": line.Message, "function": f.function, "code": "output"})
	}
	if line.Function == "" {
		line.Function = f.function
	}
	if _, err := f.file.Write(append(bytes.Clone(text), '\n')); err != nil {
		return fmt.Errorf("write a log: %w", err)
	}
	f.seen(line)
	return nil
}

// Close ends the log.
func (f *File) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.rest) > 0 {
		if err := f.put(f.rest); err != nil {
			f.file.Close()
			return err
		}
		f.rest = nil
	}
	return f.file.Close()
}

// Line is a line of a log.
type Line struct {
	Time                     time.Time
	Level, Function, Message string
	// Fields are its other members, in the order in which they were written.
	Fields []Field
	// Figure says that the line is for CloudWatch's metrics, not for a reader.
	Figure bool
	// Text is the whole line.
	Text []byte
}

// Field is a member of a line.
type Field struct {
	Name  string
	Value json.RawMessage
}

// Parse reads a line. It returns false if the line is not a JSON object.
func Parse(text []byte) (Line, bool) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	if start, err := decoder.Token(); err != nil || start != json.Delim('{') {
		return Line{}, false
	}
	line := Line{Text: bytes.Clone(text)}
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return Line{}, false
		}
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			return Line{}, false
		}
		line.add(fmt.Sprint(name), value)
	}
	if _, err := decoder.Token(); err != nil || decoder.InputOffset() != int64(len(bytes.TrimRight(text, " \t"))) {
		return Line{}, false
	}
	return line, true
}

func (l *Line) add(name string, value json.RawMessage) {
	switch name {
	case "timestamp":
		_ = json.Unmarshal(value, &l.Time) // a time of another form is shown as none
	case "level":
		l.Level = plain(value)
	case "function":
		l.Function = plain(value)
	case "msg":
		l.Message = plain(value)
	case "_aws":
		l.Figure = true
	default:
		l.Fields = append(l.Fields, Field{name, value})
	}
}

// Field returns the value of a member as text, "" if there is none.
func (l Line) Field(name string) string {
	for _, f := range l.Fields {
		if f.Name == name {
			return plain(f.Value)
		}
	}
	return ""
}

// About reports whether a line is about the lookup, request, message or run with an id.
func (l Line) About(id string) bool {
	for _, f := range l.Fields {
		if value := plain(f.Value); value != "" && strings.EqualFold(value, id) {
			return true
		}
	}
	return false
}

// plain returns a value as people write it: a text without quotes, a list with commas.
func plain(value json.RawMessage) string {
	var text string
	if json.Unmarshal(value, &text) == nil {
		return text
	}
	var list []json.RawMessage
	if json.Unmarshal(value, &list) == nil && len(list) > 0 {
		parts := make([]string, len(list))
		for i, part := range list {
			parts[i] = plain(part)
		}
		return strings.Join(parts, ",")
	}
	return string(value)
}
