package rehearse

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"losttrn/internal/local/process"
	"losttrn/internal/local/template"
	"losttrn/internal/local/translated"
	"losttrn/internal/notify"
)

// translate makes SAM translate the template into the form that CloudFormation gets.
func (r *Rehearsal) translate(ctx context.Context) (string, error) {
	read, err := r.translated(ctx, "template.yaml")
	if err != nil {
		return "", err
	}
	r.template = read
	return fmt.Sprintf("%d resources", len(read.Resources)), nil
}

func (r *Rehearsal) translated(ctx context.Context, file string) (*translated.Template, error) {
	out, err := process.Run(ctx, process.Command{Path: filepath.Join(r.Tools, "python"), Dir: string(r.Project),
		Env: os.Environ(), Args: []string{"internal/local/translated/translate.py", file}})
	if err != nil {
		return nil, fmt.Errorf("%w\n%s", err, out)
	}
	// The translator warns on the same output, before the template begins.
	text := string(out)
	begin := strings.IndexByte(text, '{')
	if begin < 0 {
		return nil, fmt.Errorf("the translator printed no template: %s", text)
	}
	path := filepath.Join(r.Dir, "translated.json")
	if err := os.WriteFile(path, []byte(text[begin:]), 0o644); err != nil {
		return nil, err
	}
	return translated.Read(path)
}

// stages returns the deployments that are rehearsed, by name: the parameters beside the ids of Notify's templates.
func stages() map[string]map[string]string {
	return map[string]map[string]string{
		"dev":        {"Stage": "dev"},
		"production": {"Stage": "production", "AlarmTopicArn": "arn:aws:sns:eu-west-2:000000000000:alarms", "DataEvents": "on"},
		"production with an edge": {"Stage": "production", "AlarmTopicArn": "arn:aws:sns:eu-west-2:000000000000:alarms",
			"EdgeWebAclArn": "arn:aws:wafv2:us-east-1:000000000000:global/webacl/people/1", "DomainName": "find.example.com",
			"CertificateArn": "arn:aws:acm:us-east-1:000000000000:certificate/1"},
	}
}

// evaluate evaluates the template for a stage, in the stack that samconfig.toml names.
func (r *Rehearsal) evaluate(parameters map[string]string) (*template.Stack, error) {
	all := maps.Clone(parameters)
	for _, text := range notify.Templates() {
		all[notify.TemplateParameter(text.Kind)] = "11111111-0000-4000-8000-000000000001"
	}
	return r.template.Evaluate("find-a-lost-trn-"+parameters["Stage"], all)
}

// order checks that the rules accept each stage and that CloudFormation can create it.
func (r *Rehearsal) order(context.Context) (string, error) {
	var told []string
	for _, name := range slices.Sorted(maps.Keys(stages())) {
		stack, err := r.evaluate(stages()[name])
		if err != nil {
			return "", fmt.Errorf("%s: %w", name, err)
		}
		if len(stack.Refused) > 0 {
			return "", fmt.Errorf("%s: the rules refuse it: %s", name, strings.Join(stack.Refused, " "))
		}
		order, err := r.template.Order(func(condition string) bool { return stack.Conditions[condition] })
		if err != nil {
			return "", fmt.Errorf("%s: %w", name, err)
		}
		told = append(told, fmt.Sprintf("%s %d resources", name, len(order)))
	}
	return strings.Join(told, ", "), nil
}

func (r *Rehearsal) limits(context.Context) (string, error) {
	for _, name := range slices.Sorted(maps.Keys(stages())) {
		stack, err := r.evaluate(stages()[name])
		if err != nil {
			return "", fmt.Errorf("%s: %w", name, err)
		}
		if over := r.template.Limits(stack); len(over) > 0 {
			return "", fmt.Errorf("%s: too large: %s", name, strings.Join(over, "; "))
		}
	}
	return fmt.Sprintf("%d bytes", r.template.Size), nil
}

// parameterName matches the names that Parameter Store accepts.
var parameterName = regexp.MustCompile(`^/[a-zA-Z0-9_.-]+(/[a-zA-Z0-9_.-]+)*$`)

// secrets checks that the README's commands make every parameter that a function reads, and no other.
func (r *Rehearsal) secrets(context.Context) (string, error) {
	stack, err := r.evaluate(map[string]string{"Stage": "dev"})
	if err != nil {
		return "", err
	}
	wanted := map[string]bool{}
	for _, f := range stack.OfType("AWS::Lambda::Function") {
		environment, _ := f.Properties["Environment"].(map[string]any)
		variables, _ := environment["Variables"].(map[string]any)
		for variable, value := range variables {
			name := fmt.Sprint(value)
			if !strings.HasSuffix(variable, "_PARAMETER") || name == "" {
				continue
			}
			short, ok := strings.CutPrefix(name, "/find-a-lost-trn/dev/")
			if !ok || !parameterName.MatchString(name) {
				return "", fmt.Errorf("%s reads %q, which is no name below the stage's", f.ID, name)
			}
			wanted[short] = true
		}
	}
	made, err := r.madeByHand()
	if err != nil {
		return "", err
	}
	for name := range wanted {
		if !made[name] {
			return "", fmt.Errorf("the README does not have %s made, which a function reads", name)
		}
	}
	for name := range made {
		if !wanted[name] {
			return "", fmt.Errorf("the README has %s made, which no function reads", name)
		}
	}
	return strings.Join(slices.Sorted(maps.Keys(wanted)), ", "), nil
}

// madeByHand returns the names in the README's commands.
func (r *Rehearsal) madeByHand() (map[string]bool, error) {
	text, err := os.ReadFile(filepath.Join(string(r.Project), "README.md"))
	if err != nil {
		return nil, err
	}
	_, section, found := strings.Cut(string(text), "\n## Deploy for the first time\n")
	if !found {
		return nil, errors.New("the README has no section on the first deployment")
	}
	section, _, _ = strings.Cut(section, "\n## ")
	made := map[string]bool{}
	if loop := regexp.MustCompile(`for name in ([a-z -]+); do`).FindStringSubmatch(section); loop != nil {
		for _, name := range strings.Fields(loop[1]) {
			made[name] = true
		}
	}
	for _, one := range regexp.MustCompile(`\| put ([a-z-]+)`).FindAllStringSubmatch(section, -1) {
		made[one[1]] = true
	}
	for _, one := range regexp.MustCompile(`put-parameter [^\n]*--name /find-a-lost-trn/dev/([a-z-]+)`).FindAllStringSubmatch(section, -1) {
		made[one[1]] = true
	}
	return made, nil
}
