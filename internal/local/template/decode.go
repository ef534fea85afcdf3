package template

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// Decode fills into from the resource's properties, and refuses a property without a member of into, so that no unknown
// property is ignored. Members are matched by the properties' own names.
func (r Resource) Decode(into any) error {
	text, err := json.Marshal(r.Properties)
	if err != nil {
		return fmt.Errorf("%s: %w", r.ID, err)
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return fmt.Errorf("%s (%s): the local stack cannot read its properties: %w", r.ID, r.Type, err)
	}
	return nil
}

// Number is a whole number that may be written as text, as parameters are.
type Number int

// UnmarshalJSON reads 180 and "180" alike.
func (n *Number) UnmarshalJSON(text []byte) error {
	i, err := strconv.Atoi(strings.Trim(string(text), `"`))
	if err != nil {
		return fmt.Errorf("%s is not a whole number", text)
	}
	*n = Number(i)
	return nil
}

// Text is a text that may be written as a number or a truth value.
type Text string

// UnmarshalJSON reads "a", 1 and true alike.
func (t *Text) UnmarshalJSON(text []byte) error {
	if len(text) > 0 && text[0] == '"' {
		return json.Unmarshal(text, (*string)(t))
	}
	*t = Text(text)
	return nil
}

// Flag is a truth value that may be written as text.
type Flag bool

// UnmarshalJSON reads true and "true" alike.
func (f *Flag) UnmarshalJSON(text []byte) error {
	b, err := strconv.ParseBool(strings.Trim(string(text), `"`))
	if err != nil {
		return fmt.Errorf("%s is neither true nor false", text)
	}
	*f = Flag(b)
	return nil
}
