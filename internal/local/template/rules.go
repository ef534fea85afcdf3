package template

import (
	"errors"
	"fmt"
	"maps"
	"slices"
)

// refused returns the messages of the rules' assertions that do not hold.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/rules-section-structure.html
func (e *evaluation) refused() ([]string, error) {
	var said []string
	for _, name := range slices.Sorted(maps.Keys(e.template.rules)) {
		rule, ok := e.template.rules[name].(map[string]any)
		if !ok {
			return nil, fmt.Errorf("rule %s: is not a mapping", name)
		}
		against, err := e.broken(rule)
		if err != nil {
			return nil, fmt.Errorf("rule %s: %w", name, err)
		}
		said = append(said, against...)
	}
	return said, nil
}

func (e *evaluation) broken(rule map[string]any) ([]string, error) {
	if when, ok := rule["RuleCondition"]; ok {
		if applies, err := e.boolean(when); err != nil || !applies {
			return nil, err
		}
	}
	assertions, _ := rule["Assertions"].([]any)
	if len(assertions) == 0 {
		return nil, errors.New("has no assertions")
	}
	var said []string
	for _, one := range assertions {
		assertion, _ := one.(map[string]any)
		holds, err := e.boolean(assertion["Assert"])
		if err != nil {
			return nil, err
		}
		if !holds {
			said = append(said, scalar(assertion["AssertDescription"]))
		}
	}
	return said, nil
}
