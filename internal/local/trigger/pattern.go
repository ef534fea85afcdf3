package trigger

import (
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"strings"
)

// Pattern is an EventBridge event pattern.
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
type Pattern map[string]any

// NewPattern returns a pattern, or an error for an operator that the local stack does not know, because ignoring one
// would lose or add events.
func NewPattern(raw any) (Pattern, error) {
	p, ok := raw.(map[string]any)
	if !ok || len(p) == 0 {
		return nil, errors.New("an event pattern is a mapping with at least one member")
	}
	if err := checkPattern(p); err != nil {
		return nil, err
	}
	return p, nil
}

func checkPattern(p map[string]any) error {
	for name, want := range p {
		switch w := want.(type) {
		case map[string]any:
			if err := checkPattern(w); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		case []any:
			for _, alternative := range w {
				if m, ok := alternative.(map[string]any); ok {
					if err := checkOperator(m); err != nil {
						return fmt.Errorf("%s: %w", name, err)
					}
				}
			}
		default:
			return fmt.Errorf("%s: an event pattern holds lists of alternatives", name)
		}
	}
	return nil
}

func checkOperator(m map[string]any) error {
	if len(m) == 1 {
		for operator, argument := range m {
			switch operator {
			case "prefix", "suffix", "wildcard", "equals-ignore-case":
				if _, ok := argument.(string); ok {
					return nil
				}
			case "exists":
				if _, ok := argument.(bool); ok {
					return nil
				}
			}
		}
	}
	return fmt.Errorf("the local stack does not know the pattern %v", m)
}

// Matches reports whether an event, as JSON, matches the pattern.
func (p Pattern) Matches(event []byte) bool {
	var e map[string]any
	return json.Unmarshal(event, &e) == nil && matchesAll(p, e)
}

func matchesAll(p, event map[string]any) bool {
	for name, want := range p {
		have, present := event[name]
		switch w := want.(type) {
		case map[string]any:
			inner, _ := have.(map[string]any)
			if !matchesAll(w, inner) {
				return false
			}
		case []any:
			if !matchesAny(w, have, present) {
				return false
			}
		}
	}
	return true
}

func matchesAny(alternatives []any, have any, present bool) bool {
	for _, alternative := range alternatives {
		if operator, ok := alternative.(map[string]any); ok {
			if operates(operator, have, present) {
				return true
			}
			continue
		}
		// A list in the event matches when any of its elements does.
		if list, ok := have.([]any); ok {
			for _, element := range list {
				if equal(alternative, element) {
					return true
				}
			}
		} else if present && equal(alternative, have) {
			return true
		}
	}
	return false
}

// equal compares a value of a template with one of an event, whose numbers have different types.
func equal(a, b any) bool { return fmt.Sprint(a) == fmt.Sprint(b) }

func operates(operator map[string]any, have any, present bool) bool {
	text, isText := have.(string)
	for name, argument := range operator {
		want, _ := argument.(string)
		switch name {
		case "exists":
			return argument == present
		case "prefix":
			return isText && strings.HasPrefix(text, want)
		case "suffix":
			return isText && strings.HasSuffix(text, want)
		case "equals-ignore-case":
			return isText && strings.EqualFold(text, want)
		case "wildcard":
			return isText && wildcard(want, text)
		}
	}
	return false
}

// wildcard matches * to any run of characters, slashes included.
func wildcard(pattern, text string) bool {
	// path.Match stops * at a slash, so the slashes are put out of the way.
	const other = "\x00"
	plain := strings.NewReplacer("/", other, "?", `\?`, "[", `\[`).Replace(pattern)
	ok, err := path.Match(plain, strings.ReplaceAll(text, "/", other))
	return err == nil && ok
}
