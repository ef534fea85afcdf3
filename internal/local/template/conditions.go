package template

import (
	"errors"
	"fmt"
)

// condition evaluates a condition of the Conditions section by name.
func (e *evaluation) condition(name string) (bool, error) {
	if known, ok := e.conditions[name]; ok {
		return known, nil
	}
	raw, ok := e.template.conditions[name]
	if !ok {
		return false, fmt.Errorf("there is no condition %s", name)
	}
	leave, err := e.enter("condition " + name)
	if err != nil {
		return false, err
	}
	defer leave()
	met, err := e.boolean(raw)
	if err != nil {
		return false, fmt.Errorf("condition %s: %w", name, err)
	}
	e.conditions[name] = met
	return met, nil
}

func (e *evaluation) boolean(raw any) (bool, error) {
	m, ok := raw.(map[string]any)
	if !ok || len(m) != 1 {
		return false, errors.New("is not a condition")
	}
	for name, argument := range m {
		list, _ := argument.([]any)
		switch name {
		case "Condition":
			return e.condition(scalar(argument))
		case "Fn::Equals":
			return e.equal(list)
		case "Fn::Not":
			if len(list) != 1 {
				return false, errors.New("Fn::Not wants one condition")
			}
			met, err := e.boolean(list[0])
			return !met, err
		case "Fn::And":
			return e.every(list, true)
		case "Fn::Or":
			met, err := e.every(list, false)
			return !met, err
		}
	}
	return false, errors.New("is not a condition")
}

func (e *evaluation) equal(pair []any) (bool, error) {
	if len(pair) != 2 {
		return false, errors.New("Fn::Equals wants two values")
	}
	left, err := e.value(pair[0])
	if err != nil {
		return false, err
	}
	right, err := e.value(pair[1])
	if err != nil {
		return false, err
	}
	return scalar(left) == scalar(right), nil
}

// every reports whether all the conditions come out as want.
func (e *evaluation) every(list []any, want bool) (bool, error) {
	if len(list) < 2 {
		return false, errors.New("Fn::And and Fn::Or want two conditions or more")
	}
	all := true
	for _, raw := range list {
		met, err := e.boolean(raw)
		if err != nil {
			return false, err
		}
		all = all && met == want
	}
	return all, nil
}
