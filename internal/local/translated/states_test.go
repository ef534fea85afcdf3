//go:build template

package translated_test

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"losttrn/internal/local/template"
	"losttrn/internal/local/translated"
)

// state is a deployment: the parameters that it gives.
type state struct {
	name       string
	parameters map[string]string
}

const (
	topic       = "arn:aws:sns:eu-west-2:000000000000:alarms"
	webACL      = "arn:aws:wafv2:us-east-1:000000000000:global/webacl/people/1"
	certificate = "arn:aws:acm:eu-west-2:000000000000:certificate/1"
)

// states are deployments in which every condition is met in one and not in another; a test holds them to that.
func states(t *testing.T) []state {
	t.Helper()
	with := func(more map[string]string) map[string]string {
		all := map[string]string{}
		for name, value := range notifyTemplates(t) {
			all[name] = value
		}
		maps.Copy(all, more)
		return all
	}
	return []state{
		{"dev", with(nil)},
		{"production", with(map[string]string{"Stage": "production", "AlarmTopicArn": topic, "DataEvents": "on"})},
		{"own domain", with(map[string]string{"DomainName": "find.example.com", "CertificateArn": certificate})},
		{"edge", with(map[string]string{"EdgeWebAclArn": webACL})},
		{"edge and domain", with(map[string]string{"EdgeWebAclArn": webACL, "DomainName": "find.example.com", "CertificateArn": certificate})},
		{"restored", with(map[string]string{"RestoredTeachersTable": "teachers-2", "RestoredEmailsTable": "emails-2",
			"RestoredLookupsTable": "lookups-2", "RestoredHelpdeskRequestsTable": "requests-2"})},
	}
}

// notifyTemplates gives an id of its own to every template of GOV.UK Notify.
func notifyTemplates(t *testing.T) map[string]string {
	t.Helper()
	ids := map[string]string{"NotifyBaseUrl": "https://api.notifications.service.gov.uk", "HelpdeskMailbox": "helpdesk@example.com"}
	for name := range read(t).Parameters() {
		if strings.HasPrefix(name, "Notify") && strings.HasSuffix(name, "TemplateId") {
			ids[name] = "11111111-0000-4000-8000-000000000001"
		}
	}
	return ids
}

// read reads the translated template, which `make test-template` has made.
func read(t *testing.T) *translated.Template {
	t.Helper()
	path := os.Getenv("TRANSLATED")
	if path == "" {
		t.Fatal("TRANSLATED names no translated template: run `make test-template`")
	}
	read, err := translated.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	return read
}

func evaluate(t *testing.T, s state) *template.Stack {
	t.Helper()
	stack, err := read(t).Evaluate("", s.parameters)
	if err != nil {
		t.Fatal(err)
	}
	return stack
}

// inEveryState runs a check on every deployment.
func inEveryState(t *testing.T, check func(*testing.T, *template.Stack)) {
	t.Helper()
	for _, s := range states(t) {
		t.Run(s.name, func(t *testing.T) { check(t, evaluate(t, s)) })
	}
}

func TestEveryConditionIsMetAndNotMet(t *testing.T) {
	seen := map[string]map[bool]bool{}
	for _, s := range states(t) {
		stack := evaluate(t, s)
		if len(stack.Refused) > 0 {
			t.Errorf("%s is refused: %v", s.name, stack.Refused)
		}
		for name, met := range stack.Conditions {
			if seen[name] == nil {
				seen[name] = map[bool]bool{}
			}
			seen[name][met] = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(seen)) {
		if len(seen[name]) != 2 {
			t.Errorf("the condition %s is the same in every state of these tests: %v", name, seen[name])
		}
	}
}

// TestRulesRefuse what must never be deployed.
func TestRulesRefuse(t *testing.T) {
	production := func(change func(map[string]string)) map[string]string {
		all := notifyTemplates(t)
		all["Stage"], all["AlarmTopicArn"] = "production", topic
		change(all)
		return all
	}
	for want, parameters := range map[string]map[string]string{
		"limits on":                    production(func(p map[string]string) { p["Limits"] = "off" }),
		"AlarmTopicArn":                production(func(p map[string]string) { delete(p, "AlarmTopicArn") }),
		"through GOV.UK Notify":        production(func(p map[string]string) { p["NotifyBaseUrl"] = "https://example.com" }),
		"NotifyTrnTemplateId":          production(func(p map[string]string) { delete(p, "NotifyTrnTemplateId") }),
		"NotifyUnlockedTemplateId":     production(func(p map[string]string) { delete(p, "NotifyUnlockedTemplateId") }),
		"NotifyHelpdeskRequest":        production(func(p map[string]string) { delete(p, "NotifyHelpdeskRequestTemplateId") }),
		"NotifyHelpdeskTicket":         production(func(p map[string]string) { delete(p, "NotifyHelpdeskTicketTemplateId") }),
		"NotifyHelpdeskReport":         production(func(p map[string]string) { delete(p, "NotifyHelpdeskReportTemplateId") }),
		"certificate of DomainName":    production(func(p map[string]string) { p["DomainName"] = "find.example.com" }),
		"":                             production(func(map[string]string) {}),
		"id of your template in GOV.U": {"Stage": "dev"},
	} {
		said := strings.Join(evaluate(t, state{parameters: parameters}).Refused, "\n")
		if want == "" && said != "" || !strings.Contains(said, want) {
			t.Errorf("want %q, refused with %q", want, said)
		}
	}
}

// TestParametersAreExplained: each has a description and stands in one group of the console's form.
func TestParametersAreExplained(t *testing.T) {
	grouped := map[string]int{}
	groups, _ := dig(read(t).Section("Metadata"), "AWS::CloudFormation::Interface", "ParameterGroups").([]any)
	for _, group := range groups {
		if dig(group, "Label", "default") == nil {
			t.Errorf("a group of parameters has no label: %v", group)
		}
		for _, name := range texts(dig(group, "Parameters")) {
			grouped[name]++
		}
	}
	parameters := read(t).Parameters()
	for name, body := range parameters {
		if grouped[name] != 1 {
			t.Errorf("the parameter %s stands in %d groups, not in one", name, grouped[name])
		}
		if text, _ := dig(body, "Description").(string); text == "" {
			t.Errorf("the parameter %s is not explained", name)
		}
	}
	for name := range grouped {
		if parameters[name] == nil {
			t.Errorf("a group has %s, which is no parameter", name)
		}
	}
}
