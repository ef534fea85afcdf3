package template

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
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

// Parse reads a template. An intrinsic function, a resource type or an event
// source that the local stack does not know is an error that names the line or
// the resource: to pass one by in silence would be to run something else than
// what is deployed.
func Parse(text []byte) (*Template, error) {
	file, err := parser.ParseBytes(text, 0)
	if err != nil {
		return nil, err
	}
	if len(file.Docs) == 0 || file.Docs[0].Body == nil {
		return nil, errors.New("the template is empty")
	}
	root, err := plain(file.Docs[0].Body)
	if err != nil {
		return nil, err
	}
	top, ok := root.(map[string]any)
	if !ok {
		return nil, errors.New("the template is not a mapping")
	}
	return fromSections(top)
}

// plain turns a YAML node into maps, lists and scalars, with each short form
// (!Ref x) written as its long one ({"Ref": "x"}).
func plain(node ast.Node) (any, error) {
	switch n := node.(type) {
	case nil:
		return nil, nil
	case *ast.MappingNode:
		return mapping(n.Values)
	case *ast.MappingValueNode:
		return mapping([]*ast.MappingValueNode{n})
	case *ast.SequenceNode:
		list := make([]any, 0, len(n.Values))
		for _, value := range n.Values {
			element, err := plain(value)
			if err != nil {
				return nil, err
			}
			list = append(list, element)
		}
		return list, nil
	case *ast.TagNode:
		return tagged(n)
	case *ast.LiteralNode:
		return n.Value.Value, nil
	case *ast.NullNode:
		return nil, nil
	case *ast.IntegerNode:
		return integer(n), nil
	case ast.ScalarNode:
		return n.GetValue(), nil
	default:
		return nil, at(node.GetToken(), "%s is not something the local stack reads", node.Type())
	}
}

// integer keeps a whole number as int64 whatever its sign.
func integer(n *ast.IntegerNode) any {
	switch v := n.Value.(type) {
	case int64:
		return v
	case uint64:
		if v <= 1<<63-1 {
			return int64(v)
		}
	}
	return n.Token.Value
}

func mapping(values []*ast.MappingValueNode) (any, error) {
	m := make(map[string]any, len(values))
	for _, pair := range values {
		if pair.Key.IsMergeKey() {
			return nil, at(pair.GetToken(), "merge keys (<<) are not something CloudFormation reads")
		}
		key := pair.Key.GetToken().Value
		if strings.HasPrefix(key, "Fn::") && !intrinsics[key] {
			return nil, at(pair.GetToken(), "the local stack does not know the function %s", key)
		}
		value, err := plain(pair.Value)
		if err != nil {
			return nil, err
		}
		m[key] = value
	}
	return m, nil
}

func tagged(n *ast.TagNode) (any, error) {
	name := strings.TrimPrefix(n.Start.Value, "!")
	long := "Fn::" + name
	if name == "Ref" || name == "Condition" {
		long = name
	}
	if !intrinsics[long] {
		return nil, at(n.Start, "the local stack does not know the function !%s", name)
	}
	value, err := plain(n.Value)
	if err != nil {
		return nil, err
	}
	return map[string]any{long: value}, nil
}

func at(t *token.Token, format string, args ...any) error {
	return fmt.Errorf("line %d: "+format, append([]any{t.Position.Line}, args...)...)
}
