package cloud

import (
	"fmt"
	"strconv"
	"strings"

	"losttrn/internal/teacher"
)

// Env reads a function's configuration and collects its faults, so that Err reports all of them at once.
type Env struct {
	get      func(string) string
	problems []string
}

// NewEnv returns an Env that reads variables with get, which is os.Getenv in the functions.
func NewEnv(get func(string) string) *Env { return &Env{get: get} }

// Required returns the value of a variable that must be set.
func (e *Env) Required(name string) string {
	value := e.get(name)
	if value == "" {
		e.problems = append(e.problems, name+" is not set")
	}
	return value
}

// Optional returns the value of a variable that may be unset.
func (e *Env) Optional(name string) string { return e.get(name) }

// Email returns the address in a variable that may be unset.
func (e *Env) Email(name string) teacher.Email {
	value := e.get(name)
	if value == "" {
		return teacher.Email{}
	}
	email, err := teacher.ParseEmail(value)
	if err != nil {
		e.problems = append(e.problems, name+" is not an email address")
	}
	return email
}

// Count returns the value of a variable that must be a whole number of at least one.
func (e *Env) Count(name string) int {
	n, err := strconv.Atoi(e.get(name))
	if err != nil || n < 1 {
		e.problems = append(e.problems, name+" is not a whole number of at least 1")
	}
	return n
}

// Switch is the value of a variable that must be "on" or "off".
func (e *Env) Switch(name string) bool {
	switch e.get(name) {
	case "on":
		return true
	case "off":
		return false
	}
	e.problems = append(e.problems, name+` is neither "on" nor "off"`)
	return false
}

// Err names everything that is wrong with the variables read so far.
func (e *Env) Err() error {
	if len(e.problems) == 0 {
		return nil
	}
	return fmt.Errorf("configuration: %s", strings.Join(e.problems, "; "))
}
