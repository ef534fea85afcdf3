package template_test

import (
	"slices"
	"strings"
	"testing"

	"losttrn/internal/local/template"
)

func TestRules(t *testing.T) {
	const rules = `
Rules:
  LiveHasMany:
    RuleCondition: !Equals [!Ref Stage, live]
    Assertions:
      - { Assert: !Not [!Equals [!Ref Days, 90]], AssertDescription: Live keeps more. }
  Always:
    Assertions:
      - { Assert: !Not [!Equals [!Ref Days, 0]], AssertDescription: Keep something. }
`
	parsed, err := template.Parse([]byte(head + rules))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		parameters map[string]string
		want       []string
	}{
		{nil, nil},
		{map[string]string{"Stage": "live"}, []string{"Live keeps more."}},
		{map[string]string{"Stage": "live", "Days": "91"}, nil},
		{map[string]string{"Days": "0"}, []string{"Keep something."}},
	} {
		stack, err := parsed.Evaluate(settings(c.parameters))
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(stack.Refused, c.want) {
			t.Errorf("%v: refused with %q, want %q", c.parameters, stack.Refused, c.want)
		}
		if live := c.parameters["Stage"] == "live"; stack.Conditions["IsLive"] != live {
			t.Errorf("%v: IsLive is %t", c.parameters, stack.Conditions["IsLive"])
		}
	}
	for name, text := range map[string]string{"no assertions": "Rules: { A: {} }", "not a condition": "Rules: { A: { Assertions: [{ Assert: yes }] } }"} {
		parsed, err := template.Parse([]byte(head + text + "\n"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := parsed.Evaluate(settings(nil)); err == nil || !strings.Contains(err.Error(), "rule A") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
