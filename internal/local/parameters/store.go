// Package parameters emulates the part of SSM Parameter Store that the functions use. Values that are put are stored;
// secrets that a person makes by hand for a real deployment are generated.
package parameters

import (
	"crypto/rand"
	"errors"
	"fmt"
	"regexp"
	"sync"
	"time"

	"losttrn/internal/local/statefile"
)

// Declared is a parameter that a function of the template reads.
type Declared struct {
	Name    string
	Value   string // empty: a secret
	Pattern string // what may be put; empty, anything
}

// Parameter is a parameter with its value.
type Parameter struct {
	Name     string    `json:"name"`
	Value    string    `json:"value"`
	Secret   bool      `json:"secret,omitempty"`
	Version  int       `json:"version"`
	Modified time.Time `json:"modified"`
}

// Store keeps parameters in a file.
type Store struct {
	path     string
	declared map[string]Declared

	mu   sync.Mutex
	kept map[string]Parameter
}

// Errors of the store, by their names in the SSM API.
var (
	ErrNotFound = errors.New("ParameterNotFound")
	ErrExists   = errors.New("ParameterAlreadyExists")
	ErrPattern  = errors.New("ParameterPatternMismatchException")
)

// Open reads the parameters kept in the file at path.
func Open(path string, declared []Declared) (*Store, error) {
	s := &Store{path: path, declared: map[string]Declared{}, kept: map[string]Parameter{}}
	for _, d := range declared {
		s.declared[d.Name] = d
	}
	if err := statefile.Read(path, &s.kept); err != nil {
		return nil, err
	}
	return s, nil
}

// Get returns a parameter: one that was put, one that is declared with a value, or a declared secret, which is
// generated at its first use.
func (s *Store) Get(name string) (Parameter, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p, ok := s.kept[name]; ok {
		return p, nil
	}
	d, ok := s.declared[name]
	if !ok {
		return Parameter{}, ErrNotFound
	}
	if d.Value != "" {
		return Parameter{Name: name, Value: d.Value, Version: 1}, nil
	}
	// The form is that of a GOV.UK Notify key, which also serves for any other secret.
	secret := Parameter{Name: name, Value: "local-" + uuid() + "-" + uuid(), Secret: true, Version: 1, Modified: time.Now().UTC()}
	return secret, s.save(secret)
}

// Put sets a parameter.
func (s *Store) Put(name, value string, secret, overwrite bool) (version int, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	before, exists := s.kept[name]
	d, declared := s.declared[name]
	if declared && d.Value != "" && !exists {
		before, exists = Parameter{Version: 1}, true
	}
	if exists && !overwrite {
		return 0, ErrExists
	}
	if declared && d.Pattern != "" {
		allowed, err := regexp.Compile(d.Pattern)
		if err != nil {
			return 0, fmt.Errorf("the pattern of %s: %w", name, err)
		}
		if !allowed.MatchString(value) {
			return 0, ErrPattern
		}
	}
	p := Parameter{Name: name, Value: value, Secret: secret || before.Secret, Version: before.Version + 1, Modified: time.Now().UTC()}
	return p.Version, s.save(p)
}

// Names lists the declared parameters that are not secrets.
func (s *Store) Names() []string {
	var names []string
	for name, d := range s.declared {
		if d.Value != "" {
			names = append(names, name)
		}
	}
	return names
}

func (s *Store) save(p Parameter) error {
	s.kept[p.Name] = p
	return statefile.Write(s.path, s.kept)
}

func uuid() string {
	var b [16]byte
	_, _ = rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
