package template

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"sort"
	"strings"
)

// Settings hold a deployment's input to a template.
type Settings struct {
	// Parameters override the template's defaults. A name the template does not
	// declare, or a value it does not allow, is an error.
	Parameters map[string]string
	// Pseudo holds the pseudo-parameters by name: "AWS::Region", ….
	Pseudo map[string]string
	// Attribute returns what Ref (attribute "") and Fn::GetAtt yield for a resource once it exists.
	Attribute func(r Resource, attribute string) (any, error)
}

// Resource is a resource of an evaluated template.
type Resource struct {
	ID         string // logical id
	Type       string
	Properties map[string]any // evaluated
}

// Stack is an evaluated template: the resources to create and run.
type Stack struct {
	Parameters map[string]string
	// Conditions are the values of the template's conditions.
	Conditions map[string]bool
	// Refused are the messages of the template's rules that the parameters violate. A deployment with them fails.
	Refused   []string
	resources map[string]Resource
}

// Evaluate evaluates every condition, resource and output of the template.
func (t *Template) Evaluate(s Settings) (*Stack, error) {
	e := &evaluation{
		template: t, settings: s,
		parameters: map[string]any{}, conditions: map[string]bool{},
		resources: map[string]Resource{}, open: map[string]bool{},
	}
	err := e.setParameters()
	if err != nil {
		return nil, err
	}
	stack := &Stack{Parameters: map[string]string{}, Conditions: map[string]bool{}, resources: map[string]Resource{}}
	for name, value := range e.parameters {
		stack.Parameters[name] = scalar(value)
	}
	for _, id := range slices.Sorted(maps.Keys(t.resources)) {
		exists, err := e.exists(id)
		if err != nil {
			return nil, fmt.Errorf("resource %s: %w", id, err)
		}
		if !exists {
			continue
		}
		r, err := e.resource(id)
		if err != nil {
			return nil, fmt.Errorf("resource %s: %w", id, err)
		}
		stack.resources[id] = r
	}
	for name, body := range t.outputs {
		if m, ok := body.(map[string]any); ok {
			if c, ok := m["Condition"].(string); ok {
				if met, err := e.condition(c); err != nil || !met {
					if err != nil {
						return nil, fmt.Errorf("output %s: %w", name, err)
					}
					continue
				}
			}
			body = m["Value"]
		}
		if _, err := e.value(body); err != nil {
			return nil, fmt.Errorf("output %s: %w", name, err)
		}
	}
	for name := range t.conditions {
		met, err := e.condition(name)
		if err != nil {
			return nil, err
		}
		stack.Conditions[name] = met
	}
	if stack.Refused, err = e.refused(); err != nil {
		return nil, err
	}
	return stack, nil
}

// OfType lists the resources of a type by logical id.
func (s *Stack) OfType(typ string) []Resource {
	var found []Resource
	for _, r := range s.resources {
		if r.Type == typ {
			found = append(found, r)
		}
	}
	sort.Slice(found, func(i, j int) bool { return found[i].ID < found[j].ID })
	return found
}

// Resource finds a resource by logical id.
func (s *Stack) Resource(id string) (Resource, bool) {
	r, ok := s.resources[id]
	return r, ok
}

type evaluation struct {
	template   *Template
	settings   Settings
	parameters map[string]any
	conditions map[string]bool
	resources  map[string]Resource
	open       map[string]bool // being evaluated: guards against circles
}

func (e *evaluation) setParameters() error {
	for name := range e.settings.Parameters {
		if _, ok := e.template.parameters[name]; !ok {
			return fmt.Errorf("the template has no parameter %s (it has %s)",
				name, strings.Join(e.template.ParameterNames(), ", "))
		}
	}
	for name, p := range e.template.parameters {
		value := p.fallback
		if own, ok := e.settings.Parameters[name]; ok {
			value = own
		}
		if value == nil {
			return fmt.Errorf("parameter %s has neither a default nor a value", name)
		}
		if len(p.allowed) > 0 && !slices.Contains(p.allowed, scalar(value)) {
			return fmt.Errorf("parameter %s: %q is not one of %s", name, scalar(value), strings.Join(p.allowed, ", "))
		}
		e.parameters[name] = scalar(value)
		if p.list {
			e.parameters[name] = splitList(scalar(value))
		}
	}
	return nil
}

func splitList(text string) []any {
	var list []any
	for part := range strings.SplitSeq(text, ",") {
		list = append(list, strings.TrimSpace(part))
	}
	return list
}

// enter marks a thing as being evaluated, and reports a circle.
func (e *evaluation) enter(name string) (leave func(), err error) {
	if e.open[name] {
		return nil, fmt.Errorf("%s refers to itself in a circle", name)
	}
	e.open[name] = true
	return func() { delete(e.open, name) }, nil
}

func (e *evaluation) exists(id string) (bool, error) {
	if c := e.template.resources[id].condition; c != "" {
		return e.condition(c)
	}
	return true, nil
}

// reference returns the value of Ref ("") or Fn::GetAtt of a resource.
func (e *evaluation) reference(id, attribute string) (any, error) {
	declared, ok := e.template.resources[id]
	if !ok {
		return nil, fmt.Errorf("%s is neither a parameter nor a resource", id)
	}
	exists, err := e.exists(id)
	if err != nil {
		return nil, err
	}
	if !exists {
		return nil, fmt.Errorf("%s does not exist here: its condition %s is not met", id, declared.condition)
	}
	// Physical names follow from the logical id and the few properties that name
	// a thing, so only those are evaluated: a queue and its dead-letter queue, or
	// a function and its alarm, may well refer to each other.
	naming := Resource{ID: id, Type: declared.typ, Properties: map[string]any{}}
	for _, property := range []string{"TableName", "QueueName", "BucketName", "FunctionName", "Name", "FifoQueue"} {
		raw, ok := declared.properties[property]
		if !ok {
			continue
		}
		leave, err := e.enter(id + "." + property)
		if err != nil {
			return nil, err
		}
		value, err := e.value(raw)
		leave()
		if err != nil {
			return nil, err
		}
		naming.Properties[property] = value
	}
	if e.settings.Attribute == nil {
		return nil, errors.New("no resource can be referred to here")
	}
	return e.settings.Attribute(naming, attribute)
}

func (e *evaluation) resource(id string) (Resource, error) {
	declared := e.template.resources[id]
	r := Resource{ID: id, Type: declared.typ}
	properties, err := e.value(declared.properties)
	if err != nil {
		return Resource{}, err
	}
	r.Properties, _ = properties.(map[string]any)
	return r, nil
}
