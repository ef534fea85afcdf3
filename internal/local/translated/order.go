package translated

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// Order returns the resources that exist under some conditions in an order in which CloudFormation can create them:
// each after all that it refers to. It fails with the circle if there is one, and for a reference to what does not exist.
func (t *Template) Order(exists func(condition string) bool) ([]string, error) {
	o := &ordering{t: t, exists: exists, state: map[string]int{}}
	for _, id := range slices.Sorted(maps.Keys(t.Resources)) {
		if err := o.visit(id, nil); err != nil {
			return nil, err
		}
	}
	return o.order, nil
}

type ordering struct {
	t      *Template
	exists func(string) bool
	state  map[string]int // 1: being visited, 2: done
	order  []string
}

func (o *ordering) visit(id string, path []string) error {
	r := o.t.Resources[id]
	if r.Condition != "" && !o.exists(r.Condition) || o.state[id] == 2 {
		return nil
	}
	path = append(path, id)
	if o.state[id] == 1 {
		return fmt.Errorf("circular dependency: %s", strings.Join(path[slices.Index(path, id):], " → "))
	}
	o.state[id] = 1
	needs := map[string]bool{}
	for _, part := range []any{r.Properties, r.UpdatePolicy} {
		o.references(part, needs)
	}
	for _, other := range r.DependsOn {
		needs[other] = true
	}
	for _, other := range slices.Sorted(maps.Keys(needs)) {
		needed, ok := o.t.Resources[other]
		if !ok {
			return fmt.Errorf("%s refers to %s, which the template does not have", id, other)
		}
		if needed.Condition != "" && !o.exists(needed.Condition) {
			return fmt.Errorf("%s refers to %s, whose condition %s is not met", id, other, needed.Condition)
		}
		if err := o.visit(other, path); err != nil {
			return err
		}
	}
	o.state[id] = 2
	o.order = append(o.order, id)
	return nil
}

var placeholder = regexp.MustCompile(`\$\{([A-Za-z0-9]+)(?:\.[A-Za-z0-9.]+)?\}`)

// references collects the resources that a value refers to where it is evaluated.
func (o *ordering) references(value any, into map[string]bool) {
	switch v := value.(type) {
	case []any:
		for _, element := range v {
			o.references(element, into)
		}
	case map[string]any:
		if o.function(v, into) {
			return
		}
		for _, member := range v {
			o.references(member, into)
		}
	}
}

// function collects the references of a call of an intrinsic function, and reports whether it was one.
func (o *ordering) function(v map[string]any, into map[string]bool) bool {
	if name, ok := v["Ref"].(string); ok {
		o.add(name, into)
		return true
	}
	if of, ok := v["Fn::GetAtt"]; ok {
		id, _, _ := strings.Cut(fmt.Sprint(first(of)), ".")
		o.add(id, into)
		return true
	}
	if three, ok := v["Fn::If"].([]any); ok && len(three) == 3 {
		chosen := three[2]
		if o.exists(fmt.Sprint(three[0])) {
			chosen = three[1]
		}
		o.references(chosen, into)
		return true
	}
	if of, ok := v["Fn::Sub"]; ok {
		own := map[string]any{}
		if pair, ok := of.([]any); ok && len(pair) == 2 {
			own, _ = pair[1].(map[string]any)
			o.references(own, into)
		}
		for _, match := range placeholder.FindAllStringSubmatch(fmt.Sprint(first(of)), -1) {
			if _, given := own[match[1]]; !given {
				o.add(match[1], into)
			}
		}
		return true
	}
	return false
}

func (o *ordering) add(name string, into map[string]bool) {
	if _, parameter := o.t.sections["Parameters"][name]; !parameter && !strings.HasPrefix(name, "AWS::") {
		into[name] = true
	}
}

func first(v any) any {
	if list, ok := v.([]any); ok && len(list) > 0 {
		return list[0]
	}
	return v
}
