package story

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"time"

	"losttrn/internal/local/statefile"
)

// Given holds the fields given for a lookup, as the gateway received them.
type Given struct {
	LookupID string `json:"lookupId"`
	// Requests are the ids of the lookup's requests, oldest first.
	Requests []string          `json:"requests"`
	Path     string            `json:"path"`
	At       time.Time         `json:"at"`
	Fields   map[string]string `json:"fields"`
}

// Requests is a handler that records the fields given for each lookup. It holds personal data, and therefore exists in
// the local stack alone. It is safe for concurrent use.
type Requests struct {
	next   http.Handler
	report func(error)

	mu    sync.Mutex
	file  *os.File
	given map[string]Given             // by lookup id
	order []string                     // lookup ids, oldest first
	forms map[string]map[string]string // the answers so far of each journey of the form, by its cookie
	newer []string                     // cookies, oldest first
}

// lookupIDHeader names the lookup in an answer of the form.
const lookupIDHeader = "Lookup-Id"

// maxSeen bounds the part of a body that is looked at.
const maxSeen = 64 << 10

// OpenRequests returns a Requests before a handler, which records in the file at path. report is called if that fails.
func OpenRequests(path string, next http.Handler, report func(error)) (*Requests, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the record of requests: %w", err)
	}
	s := &Requests{next: next, report: report, file: file, given: map[string]Given{}, forms: map[string]map[string]string{}}
	text, err := io.ReadAll(file)
	if err != nil {
		file.Close()
		return nil, fmt.Errorf("read the record of requests: %w", err)
	}
	for line := range bytes.Lines(text) {
		var g Given
		if json.Unmarshal(line, &g) == nil && g.LookupID != "" { // the last may be cut short
			s.remember(g)
		}
	}
	return s, nil
}

// Close closes the file.
func (s *Requests) Close() error { return s.file.Close() }

// Of returns the fields given for a lookup, and whether they are known.
func (s *Requests) Of(lookupID string) (Given, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g, ok := s.given[lookupID]
	return g, ok
}

// Matching returns the fields given for the lookups for which match returns true, oldest first.
func (s *Requests) Matching(match func(Given) bool) []Given {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := []Given{}
	for _, id := range s.order {
		if g := s.given[id]; match(g) {
			found = append(found, g)
		}
	}
	return found
}

// Forget deletes the fields of the lookups for which match returns true, in memory and in the file, and those of every
// unfinished form. It returns the number of lookups.
func (s *Requests) Forget(match func(Given) bool) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var kept bytes.Buffer
	var order []string
	for _, id := range s.order {
		if match(s.given[id]) {
			continue
		}
		line, err := json.Marshal(s.given[id])
		if err != nil {
			return 0, err
		}
		kept.Write(append(line, '\n'))
		order = append(order, id)
	}
	path := s.file.Name()
	if err := statefile.WriteBytes(path, kept.Bytes()); err != nil {
		return 0, err
	}
	file, err := os.OpenFile(path, os.O_APPEND|os.O_RDWR, 0o600) // the old one is no longer the one at the path
	if err != nil {
		return 0, err
	}
	closing := s.file.Close()
	forgotten := len(s.order) - len(order)
	maps.DeleteFunc(s.given, func(_ string, g Given) bool { return match(g) })
	s.file, s.order, s.forms, s.newer = file, order, map[string]map[string]string{}, nil
	return forgotten, closing
}

func (s *Requests) remember(g Given) {
	before, known := s.given[g.LookupID]
	if !known {
		s.order = append(s.order, g.LookupID)
		if len(s.order) > most {
			delete(s.given, s.order[0])
			s.order = s.order[1:]
		}
	} else {
		fields := maps.Clone(before.Fields)
		maps.Copy(fields, g.Fields)
		g.Requests, g.Path, g.At, g.Fields = append(before.Requests, g.Requests...), before.Path, before.At, fields
	}
	s.given[g.LookupID] = g
}

// ServeHTTP passes a request on, and records it with its answer.
func (s *Requests) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		s.next.ServeHTTP(w, r)
		return
	}
	seen := &bytes.Buffer{}
	r.Body = struct {
		io.Reader
		io.Closer
	}{io.TeeReader(r.Body, &limited{seen}), r.Body}
	answer := &watched{ResponseWriter: w}
	s.next.ServeHTTP(answer, r)

	fields := s.fields(r, seen.Bytes(), answer)
	id := answer.lookupID(r.URL.Path)
	if id == "" {
		return
	}
	g := Given{LookupID: id, Requests: []string{answer.Header().Get("X-Request-Id")}, Path: r.URL.Path, At: time.Now().UTC(), Fields: fields}
	line, err := json.Marshal(g)
	if err == nil {
		s.mu.Lock()
		s.remember(g)
		_, err = s.file.Write(append(line, '\n'))
		s.mu.Unlock()
	}
	if err != nil {
		s.report(fmt.Errorf("record a request: %w", err))
	}
}

// fields returns the fields of a body. Those of the form include earlier answers of its journey.
func (s *Requests) fields(r *http.Request, body []byte, answer *watched) map[string]string {
	fields := map[string]string{}
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")) // of no kind: nothing that is looked at
	switch kind {
	case "application/json":
		var members map[string]any
		_ = json.Unmarshal(body, &members) // what is no JSON was refused
		for name, value := range members {
			fields[name] = fmt.Sprint(value)
		}
	case "application/x-www-form-urlencoded":
		posted, _ := url.ParseQuery(string(body))
		for name, values := range posted {
			if name != "shown" { // a seal over the answers, not one of them
				fields[name] = strings.Join(values, ", ")
			}
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		all := map[string]string{}
		for _, cookie := range r.Cookies() {
			maps.Copy(all, s.forms[cookie.Value])
		}
		maps.Copy(all, fields)
		for _, cookie := range (&http.Response{Header: answer.Header()}).Cookies() {
			s.forms[cookie.Value] = all
			s.newer = append(s.newer, cookie.Value)
		}
		for len(s.newer) > most {
			delete(s.forms, s.newer[0])
			s.newer = s.newer[1:]
		}
		fields = all
	}
	return fields
}

// limited records the beginning of a body.
type limited struct{ into *bytes.Buffer }

func (l *limited) Write(text []byte) (int, error) {
	l.into.Write(text[:min(len(text), maxSeen-min(maxSeen, l.into.Len()))])
	return len(text), nil
}

// watched records the beginning of a response.
type watched struct {
	http.ResponseWriter
	body bytes.Buffer
}

func (w *watched) Write(text []byte) (int, error) {
	_, _ = (&limited{&w.body}).Write(text)
	return w.ResponseWriter.Write(text)
}

// lookupID returns the id of the lookup in an answer, "" for none.
func (w *watched) lookupID(path string) string {
	if id := w.Header().Get(lookupIDHeader); id != "" {
		return id
	}
	var answer struct{ LookupID string }
	if strings.HasPrefix(path, "/v1/lookups") && json.Unmarshal(w.body.Bytes(), &answer) == nil {
		return answer.LookupID
	}
	return ""
}
