// Package translated checks template.yaml as translated by SAM, the template that CloudFormation gets: its order, its
// sizes and, in its tests, everything that a deployment requires. The tests need Python, which runs the translator, and
// are built with the tag template: `make test-template`.
package translated

import (
	"encoding/json"
	"fmt"
	"os"

	"losttrn/internal/local/naming"
	"losttrn/internal/local/template"
)

// Template is a translated template.
type Template struct {
	// Resources are the resources as written, without evaluation.
	Resources map[string]Resource
	// Size is that of the whole text in bytes.
	Size int

	parsed   *template.Template
	sections map[string]map[string]any
}

// Resource is a resource as written.
type Resource struct {
	Type, Condition                     string
	DeletionPolicy, UpdateReplacePolicy string
	Properties, UpdatePolicy            map[string]any
	DependsOn                           Names
}

// Names is one name or a list of them.
type Names []string

// UnmarshalJSON reads "a" and ["a", "b"] alike.
func (n *Names) UnmarshalJSON(text []byte) error {
	if text[0] == '"' {
		*n = Names{""}
		return json.Unmarshal(text, &(*n)[0])
	}
	return json.Unmarshal(text, (*[]string)(n))
}

// Read reads the file that translate.py wrote.
func Read(path string) (*Template, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the translated template: %w", err)
	}
	t := &Template{Size: len(text), sections: map[string]map[string]any{}}
	if err := json.Unmarshal(text, t); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	var sections map[string]any
	if err := json.Unmarshal(text, &sections); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	for name, section := range sections {
		if m, ok := section.(map[string]any); ok {
			t.sections[name] = m
		}
	}
	if t.parsed, err = template.ParseTranslated(text); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return t, nil
}

// Evaluate evaluates the template for a stack of a name.
func (t *Template) Evaluate(stack string, parameters map[string]string) (*template.Stack, error) {
	return t.EvaluateAt(naming.Addresses{Stack: stack, SQS: "http://sqs"}, parameters)
}

// EvaluateAt evaluates the template for a stack at given addresses.
func (t *Template) EvaluateAt(names naming.Addresses, parameters map[string]string) (*template.Stack, error) {
	return t.parsed.Evaluate(template.Settings{Parameters: parameters, Pseudo: names.Pseudo(), Attribute: names.Attribute})
}

// Section returns a section of the template as written, such as "Metadata".
func (t *Template) Section(name string) map[string]any { return t.sections[name] }

// Parameters returns the template's parameters as written.
func (t *Template) Parameters() map[string]any { return t.sections["Parameters"] }
