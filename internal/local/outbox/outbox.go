// Package outbox emulates GOV.UK Notify. It answers the service's calls as Notify does, renders the templates, and
// stores each email for people and tests to read.
package outbox

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"losttrn/internal/local/statefile"
)

// Template is a template of GOV.UK Notify: texts with ((placeholders)).
type Template struct {
	Kind    string
	Subject string
	Body    string
}

// Email is a sent email.
type Email struct {
	ID         string    `json:"id"`
	TemplateID string    `json:"templateId"`
	To         string    `json:"to"`
	Template   string    `json:"template"` // kind of email
	Subject    string    `json:"subject"`
	Body       string    `json:"body"`
	Reference  string    `json:"reference"`
	SentAt     time.Time `json:"sentAt"`
}

// Outbox stores the sent emails in a file, one a line.
type Outbox struct {
	templates map[string]Template // by Notify template id
	key       func() (string, error)
	file      *os.File
	now       func() time.Time

	mu       sync.Mutex
	emails   []Email
	faults   []Fault
	receipts Receipts

	sending sync.WaitGroup  // receipts
	posts   chan struct{}   // one for each receipt that is being posted
	closed  context.Context // ends when the outbox is closed
	cancel  context.CancelFunc
}

// Open returns the outbox stored in the file at path, which is created if there is none.
// templates are by template id; key returns the API key that callers must sign with.
func Open(path string, templates map[string]Template, key func() (string, error)) (*Outbox, error) {
	o := &Outbox{templates: templates, key: key, now: time.Now, posts: make(chan struct{}, receiptsAtOnce)}
	o.closed, o.cancel = context.WithCancel(context.Background())
	if err := o.read(path); err != nil {
		return nil, fmt.Errorf("read the outbox: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("open the outbox: %w", err)
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the outbox: %w", err)
	}
	o.file = file
	return o, nil
}

func (o *Outbox) read(path string) error {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<22)
	for lines.Scan() {
		var e Email
		// An incomplete line is an email that was never acknowledged.
		if json.Unmarshal(lines.Bytes(), &e) == nil {
			o.emails = append(o.emails, e)
		}
	}
	return lines.Err()
}

// Close ends the receipts under way and closes the file.
func (o *Outbox) Close() error {
	o.cancel()
	o.sending.Wait()
	return o.file.Close()
}

// Emails returns the sent emails, oldest first.
func (o *Outbox) Emails() []Email {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Clone(o.emails)
}

// add stores an email.
func (o *Outbox) add(e Email) error {
	line, err := json.Marshal(e)
	if err != nil {
		return err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	// The first line end is for an incomplete line that a crash may have left.
	if _, err := o.file.Write(append(append([]byte{'\n'}, line...), '\n')); err != nil {
		return err
	}
	o.emails = append(o.emails, e)
	return nil
}

// Forget deletes the emails for which match returns true, from memory and from the file, and returns their number.
func (o *Outbox) Forget(match func(Email) bool) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	kept := slices.DeleteFunc(slices.Clone(o.emails), match)
	forgotten := len(o.emails) - len(kept)
	if forgotten == 0 {
		return 0, nil
	}
	var lines bytes.Buffer
	for _, e := range kept {
		line, err := json.Marshal(e)
		if err != nil {
			return 0, err
		}
		lines.Write(append(line, '\n'))
	}
	path := o.file.Name()
	if err := statefile.WriteBytes(path, lines.Bytes()); err != nil {
		return 0, err
	}
	file, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0o600) // the old one is no longer the one at the path
	if err != nil {
		return 0, err
	}
	closing := o.file.Close()
	o.file, o.emails = file, kept
	return forgotten, closing
}

var placeholder = regexp.MustCompile(`\(\(([^()]+)\)\)`)

// render fills the placeholders of a text, and returns the names of those that have no value.
func render(text string, personalisation map[string]string) (filled string, missing []string) {
	filled = placeholder.ReplaceAllStringFunc(text, func(match string) string {
		name := strings.TrimSpace(match[2 : len(match)-2])
		value, ok := personalisation[name]
		if !ok {
			missing = append(missing, name)
		}
		return value
	})
	return filled, missing
}

func uuid() string {
	var b [16]byte
	_, _ = rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
