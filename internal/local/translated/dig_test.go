//go:build template

package translated_test

import (
	"fmt"
	"strings"

	"losttrn/internal/local/template"
)

// dig follows names down a value.
func dig(v any, path ...string) any {
	for _, name := range path {
		m, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = m[name]
	}
	return v
}

// texts is a text, or a list of them, as a list.
func texts(v any) []string {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		var all []string
		for _, one := range v {
			all = append(all, texts(one)...)
		}
		return all
	}
	return []string{fmt.Sprint(v)}
}

// statements are those of a policy document.
func statements(document any) []any {
	list, _ := dig(document, "Statement").([]any)
	return list
}

// number reads a whole number that may be written as text.
func number(v any) int {
	var n int
	_, _ = fmt.Sscan(fmt.Sprint(v), &n) // 0 if it is none, which every check refuses
	return n
}

// last is what stands after the last of a separator.
func last(text, separator string) string { return text[strings.LastIndex(text, separator)+1:] }

// policiesOf are the statements of all policies of a role.
func policiesOf(s *template.Stack, role string) []any {
	var all []any
	for _, r := range s.OfType("AWS::IAM::RolePolicy") {
		if fmt.Sprint(r.Properties["RoleName"]) == role {
			all = append(all, statements(r.Properties["PolicyDocument"])...)
		}
	}
	return all
}
