package template

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// intrinsics are the functions that the local stack evaluates, by long name.
var intrinsics = map[string]bool{
	"Ref": true, "Condition": true,
	"Fn::And": true, "Fn::Equals": true, "Fn::GetAtt": true, "Fn::If": true,
	"Fn::Join": true, "Fn::Not": true, "Fn::Or": true, "Fn::Select": true,
	"Fn::Split": true, "Fn::Sub": true,
}

// absent is what AWS::NoValue yields: the property, or the element, is left out.
type absent struct{}

func isIntrinsic(m map[string]any) bool {
	name, _ := function(m)
	return name != ""
}

// function reports whether a mapping is a call of an intrinsic function.
// {"Condition": …} is one only where conditions are evaluated, since statements
// of policies have a member of that name.
func function(m map[string]any) (name string, argument any) {
	if len(m) != 1 {
		return "", nil
	}
	for name, argument = range m {
		if name == "Ref" || strings.HasPrefix(name, "Fn::") {
			return name, argument
		}
	}
	return "", nil
}

func (e *evaluation) value(raw any) (any, error) {
	switch v := raw.(type) {
	case map[string]any:
		if name, argument := function(v); name != "" {
			return e.call(name, argument)
		}
		m := make(map[string]any, len(v))
		for _, key := range slices.Sorted(maps.Keys(v)) {
			value, err := e.value(v[key])
			if err != nil {
				return nil, fmt.Errorf("%s: %w", key, err)
			}
			if _, none := value.(absent); !none {
				m[key] = value
			}
		}
		return m, nil
	case []any:
		list := make([]any, 0, len(v))
		for _, element := range v {
			value, err := e.value(element)
			if err != nil {
				return nil, err
			}
			if _, none := value.(absent); !none {
				list = append(list, value)
			}
		}
		return list, nil
	default:
		return raw, nil
	}
}

func (e *evaluation) call(name string, argument any) (any, error) {
	var result any
	var err error
	switch name {
	case "Ref":
		result, err = e.ref(argument)
	case "Fn::GetAtt":
		result, err = e.getAtt(argument)
	case "Fn::Sub":
		result, err = e.sub(argument)
	case "Fn::Join":
		result, err = e.join(argument)
	case "Fn::Split":
		result, err = e.split(argument)
	case "Fn::Select":
		result, err = e.pick(argument)
	case "Fn::If":
		result, err = e.either(argument)
	default:
		// Fn::Equals and its like belong in Conditions alone.
		return nil, fmt.Errorf("%s cannot stand here", name)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return result, nil
}

func (e *evaluation) ref(argument any) (any, error) {
	name, ok := argument.(string)
	if !ok {
		return nil, errors.New("wants a name")
	}
	if name == "AWS::NoValue" {
		return absent{}, nil
	}
	if strings.HasPrefix(name, "AWS::") {
		value, ok := e.settings.Pseudo[name]
		if !ok {
			return nil, fmt.Errorf("the local stack does not know the pseudo-parameter %s", name)
		}
		return value, nil
	}
	if value, ok := e.parameters[name]; ok {
		return value, nil
	}
	return e.reference(name, "")
}

func (e *evaluation) getAtt(argument any) (any, error) {
	var path string
	switch v := argument.(type) {
	case string:
		path = v
	case []any:
		parts := make([]string, len(v))
		for i, part := range v {
			parts[i] = scalar(part)
		}
		path = strings.Join(parts, ".")
	}
	id, attribute, ok := strings.Cut(path, ".")
	if !ok {
		return nil, fmt.Errorf("wants a resource and an attribute, not %q", path)
	}
	return e.reference(id, attribute)
}

var placeholder = regexp.MustCompile(`\$\{([^}]*)\}`)

func (e *evaluation) sub(argument any) (any, error) {
	text, own := "", map[string]any{}
	switch v := argument.(type) {
	case string:
		text = v
	case []any:
		var ok1, ok2 bool
		if len(v) == 2 {
			text, ok1 = v[0].(string)
			own, ok2 = v[1].(map[string]any)
		}
		if !ok1 || !ok2 {
			return nil, errors.New("wants a text, or a text and a mapping")
		}
	default:
		return nil, errors.New("wants a text, or a text and a mapping")
	}
	var failure error
	out := placeholder.ReplaceAllStringFunc(text, func(match string) string {
		name := strings.TrimSpace(match[2 : len(match)-1])
		if literal, ok := strings.CutPrefix(name, "!"); ok {
			return "${" + literal + "}"
		}
		value, err := e.substitute(name, own)
		if err != nil && failure == nil {
			failure = err
		}
		return scalar(value)
	})
	return out, failure
}

func (e *evaluation) substitute(name string, own map[string]any) (any, error) {
	if raw, ok := own[name]; ok {
		return e.value(raw)
	}
	if strings.Contains(name, ".") {
		return e.getAtt(name)
	}
	return e.ref(name)
}

func (e *evaluation) join(argument any) (any, error) {
	separator, list, err := e.textAndList(argument, 0, 1)
	if err != nil {
		return nil, err
	}
	parts := make([]string, len(list))
	for i, part := range list {
		parts[i] = scalar(part)
	}
	return strings.Join(parts, separator), nil
}

func (e *evaluation) split(argument any) (any, error) {
	pair, ok := argument.([]any)
	if !ok || len(pair) != 2 {
		return nil, errors.New("wants a separator and a text")
	}
	text, err := e.value(pair[1])
	if err != nil {
		return nil, err
	}
	var list []any
	for part := range strings.SplitSeq(scalar(text), scalar(pair[0])) {
		list = append(list, part)
	}
	return list, nil
}

func (e *evaluation) pick(argument any) (any, error) {
	index, list, err := e.textAndList(argument, 0, 1)
	if err != nil {
		return nil, err
	}
	i, err := strconv.Atoi(index)
	if err != nil || i < 0 || i >= len(list) {
		return nil, fmt.Errorf("there is no element %s in a list of %d", index, len(list))
	}
	return list[i], nil
}

func (e *evaluation) textAndList(argument any, textAt, listAt int) (string, []any, error) {
	pair, ok := argument.([]any)
	if !ok || len(pair) != 2 {
		return "", nil, errors.New("wants two arguments, the second a list")
	}
	text, err := e.value(pair[textAt])
	if err != nil {
		return "", nil, err
	}
	value, err := e.value(pair[listAt])
	if err != nil {
		return "", nil, err
	}
	list, ok := value.([]any)
	if !ok {
		return "", nil, errors.New("wants a list as its second argument")
	}
	return scalar(text), list, nil
}

func (e *evaluation) either(argument any) (any, error) {
	three, ok := argument.([]any)
	if !ok || len(three) != 3 {
		return nil, errors.New("wants a condition and two values")
	}
	name, ok := three[0].(string)
	if !ok {
		return nil, errors.New("wants the name of a condition")
	}
	met, err := e.condition(name)
	if err != nil {
		return nil, err
	}
	if met {
		return e.value(three[1])
	}
	return e.value(three[2])
}

// scalar writes a scalar as CloudFormation passes it on.
func scalar(v any) string {
	switch v := v.(type) {
	case nil, absent:
		return ""
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case []any:
		parts := make([]string, len(v))
		for i, part := range v {
			parts[i] = scalar(part)
		}
		return strings.Join(parts, ",")
	default:
		return fmt.Sprint(v)
	}
}
