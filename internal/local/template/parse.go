package template

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"go.yaml.in/yaml/v3"
)

// ReadFile reads the template at path.
func ReadFile(path string) (*Template, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the template: %w", err)
	}
	t, err := Parse(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return t, nil
}

// Parse reads a template. An intrinsic function, a resource type or an event source that the local stack does not know
// is an error that names the line or the resource: ignoring it would run something else than what is deployed.
func Parse(text []byte) (*Template, error) { return parse(text, isKnown) }

// ParseTranslated reads a template translated by SAM, which may contain any type of resource.
func ParseTranslated(text []byte) (*Template, error) {
	return parse(text, func(string) bool { return true })
}

func parse(text []byte, known func(string) bool) (*Template, error) {
	var document yaml.Node
	if err := yaml.Unmarshal(text, &document); err != nil {
		return nil, err
	}
	if len(document.Content) == 0 {
		return nil, errors.New("the template is empty")
	}
	root, err := plain(document.Content[0])
	if err != nil {
		return nil, err
	}
	top, ok := root.(map[string]any)
	if !ok {
		return nil, errors.New("the template is not a mapping")
	}
	return fromSections(top, known)
}

// plain turns a YAML node into maps, lists and scalars, with each short form
// (!Ref x) written as its long one ({"Ref": "x"}).
func plain(n *yaml.Node) (any, error) {
	value, err := untagged(n)
	if err != nil {
		return nil, err
	}
	tag := n.ShortTag()
	if strings.HasPrefix(tag, "!!") {
		return value, nil
	}
	name := strings.TrimPrefix(tag, "!")
	long := "Fn::" + name
	if name == "Ref" || name == "Condition" {
		long = name
	}
	if !intrinsics[long] {
		return nil, at(n, "the local stack does not know the function !%s", name)
	}
	return map[string]any{long: value}, nil
}

func untagged(n *yaml.Node) (any, error) {
	switch n.Kind {
	case yaml.MappingNode:
		return mapping(n)
	case yaml.SequenceNode:
		list := make([]any, 0, len(n.Content))
		for _, child := range n.Content {
			element, err := plain(child)
			if err != nil {
				return nil, err
			}
			list = append(list, element)
		}
		return list, nil
	case yaml.ScalarNode:
		return scalarValue(n)
	default:
		return nil, at(n, "anchors and aliases are not something the local stack reads")
	}
}

func mapping(n *yaml.Node) (any, error) {
	m := make(map[string]any, len(n.Content)/2)
	for i := 0; i < len(n.Content); i += 2 {
		key := n.Content[i]
		if strings.HasPrefix(key.Value, "Fn::") && !intrinsics[key.Value] {
			return nil, at(key, "the local stack does not know the function %s", key.Value)
		}
		if _, twice := m[key.Value]; twice {
			return nil, at(key, "%s stands here twice", key.Value)
		}
		value, err := plain(n.Content[i+1])
		if err != nil {
			return nil, err
		}
		m[key.Value] = value
	}
	return m, nil
}

// scalarValue reads a scalar as CloudFormation does, to which a date is a text.
func scalarValue(n *yaml.Node) (any, error) {
	switch n.ShortTag() {
	case "!!null":
		return nil, nil
	case "!!bool":
		var b bool
		err := n.Decode(&b)
		return b, err
	case "!!int":
		var i int64
		if err := n.Decode(&i); err != nil {
			return nil, at(n, "%s is too large a number", n.Value)
		}
		return i, nil
	case "!!float":
		var f float64
		err := n.Decode(&f)
		return f, err
	}
	return n.Value, nil
}

func at(n *yaml.Node, format string, args ...any) error {
	return fmt.Errorf("line %d: "+format, append([]any{n.Line}, args...)...)
}
