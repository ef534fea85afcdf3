//go:build template

package translated_test

import (
	"fmt"
	"os"
	"path"
	"slices"
	"strings"
	"testing"

	"losttrn/internal/local/calls"
	"losttrn/internal/local/template"
)

// unseen are the rights that no call of a function's code uses, or not in every run of the tests, each with who does.
var unseen = map[string]string{
	"ReadEdgeSecretItself":     "Parameter Store asks Secrets Manager with the function's rights",
	"SeeWhatBecameOfExports":   "asked of an export that has not ended when the schedule calls again, as package export's own tests have it",
	"HandOn":                   "a load that one invocation cannot finish, as package inbox's own tests have it",
	"GoOnWithRejects":          "the invocation after that",
	"WriteLog":                 "Lambda writes the log with the function's rights",
	"TakeMatches":              "Lambda takes the messages with the function's rights",
	"TakeEmails":               "Lambda takes the messages with the function's rights",
	"SetAside of ExportPolicy": "Lambda sets an event aside, with the function's rights",
	"SetAside of ReportPolicy": "Lambda sets an event aside, with the function's rights",
	"SetAside of LoadPolicy":   "Lambda sets an event aside, with the function's rights",
	"WriteExports":             "DynamoDB writes an export with the rights of who asked for it",
	"TellAbsentFromForbidden":  "S3 looks at it when an object is asked for that is not there, and answers 404, not 403",
}

// unnamed are the attributes that a statement allows and no recorded call names, each with who does.
var unnamed = map[string]string{
	"ClaimEmail of UnlockPolicy: trnsFull": "the 201st TRN of one mailbox, as package emailuse's own tests have it",
}

// grant is one action on one resource under one condition.
type grant struct {
	policy, sid, action, resource string
	condition                     map[string]any
}

func (g grant) String() string {
	return fmt.Sprintf("%s, %s: %s on %s", g.policy, g.sid, g.action, g.resource)
}

// excused tells whether no call of the code is expected to use a grant.
func (g grant) excused() bool {
	return unseen[g.sid] != "" || unseen[g.sid+" of "+g.policy] != ""
}

func (g grant) statement() string { return g.policy + " " + g.sid }

// attributes are those that the grant is limited to, nil if it is for all.
func (g grant) attributes() []string {
	return texts(dig(g.condition, "ForAllValues:StringEquals", "dynamodb:Attributes"))
}

// note remembers which attributes a call names that the grant allows.
func (g grant) note(named map[string]map[string]bool, c calls.Call) {
	if named[g.statement()] == nil {
		named[g.statement()] = map[string]bool{}
	}
	for _, attribute := range c.Keys["dynamodb:Attributes"] {
		named[g.statement()][attribute] = true
	}
}

// grants are those of a function's role.
func grants(s *template.Stack, function template.Resource) []grant {
	role := last(fmt.Sprint(function.Properties["Role"]), "/")
	var all []grant
	for _, r := range s.OfType("AWS::IAM::RolePolicy") {
		if fmt.Sprint(r.Properties["RoleName"]) != role {
			continue
		}
		for _, statement := range statements(r.Properties["PolicyDocument"]) {
			condition, _ := dig(statement, "Condition").(map[string]any)
			for _, action := range texts(dig(statement, "Action")) {
				for _, resource := range texts(dig(statement, "Resource")) {
					all = append(all, grant{r.ID, fmt.Sprint(dig(statement, "Sid")), action, resource, condition})
				}
			}
		}
	}
	return all
}

// covers tells whether a grant is for an action on a resource, whatever its condition.
func (g grant) covers(c calls.Call) bool {
	return g.action == c.Action && like(g.resource, c.Resource)
}

// like compares as IAM does: "*" stands for any text, slashes included.
func like(pattern, text string) bool {
	slash := func(s string) string { return strings.ReplaceAll(s, "/", "\x00") }
	ok, err := path.Match(slash(pattern), slash(text))
	return ok && err == nil
}

// allows tells whether the condition holds for a call. An operator that this does not know holds for nothing.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
func (g grant) allows(c calls.Call) bool {
	for operator, keys := range g.condition {
		for key, allowed := range keys.(map[string]any) {
			given := c.Keys[key]
			equal := func(value string) bool { return slices.Contains(texts(allowed), value) }
			matches := func(value string) bool {
				return slices.ContainsFunc(texts(allowed), func(pattern string) bool { return like(pattern, value) })
			}
			held := false
			switch operator {
			case "ForAllValues:StringEquals": // holds for a request without the key, too
				held = !slices.ContainsFunc(given, func(value string) bool { return !equal(value) })
			case "StringEqualsIfExists":
				held = len(given) == 0 || len(given) == 1 && equal(given[0])
			case "StringEquals":
				held = len(given) == 1 && equal(given[0])
			case "StringLike":
				held = len(given) == 1 && matches(given[0])
			}
			if !held {
				return false
			}
		}
	}
	return true
}

// TestRolesAllowWhatIsCalledAndNothingElse replays every AWS call that the functions made in the end-to-end tests
// against the statements of their roles, conditions included.
func TestRolesAllowWhatIsCalledAndNothingElse(t *testing.T) {
	recorded := os.Getenv("CALLS")
	if recorded == "" {
		t.Fatal("CALLS names no recorded calls: run `make test-template`")
	}
	made, err := calls.ReadFile(recorded)
	if err != nil {
		t.Fatal(err)
	}
	s := evaluate(t, states(t)[3]) // with an edge: one of the tests has one
	excuses, told := map[string]bool{}, map[string]bool{}
	for _, f := range s.OfType("AWS::Lambda::Function") {
		given := grants(s, f)
		used := make([]bool, len(given))
		named := map[string]map[string]bool{} // attributes that calls name, by statement
		n := 0
		for _, c := range made {
			if c.Function != f.ID {
				continue
			}
			n++
			allowed := false
			for i, g := range given {
				if g.covers(c) && g.allows(c) {
					used[i], allowed = true, true
					g.note(named, c)
				}
			}
			if !allowed {
				t.Errorf("needed and not granted: %s", c)
			}
		}
		if n == 0 {
			t.Errorf("%s made no call in the end-to-end tests", f.ID)
		}
		for i, g := range given {
			switch {
			case g.excused():
				excuses[g.sid], excuses[g.sid+" of "+g.policy] = true, true
			case !used[i]:
				t.Errorf("granted and never used: %s", g)
			}
			for _, attribute := range g.attributes() {
				name := g.sid + " of " + g.policy + ": " + attribute
				switch {
				case unnamed[name] != "":
					excuses[name] = true
				case !g.excused() && !told[name] && !named[g.statement()][attribute]:
					told[name] = true // a statement of two actions is two grants
					t.Errorf("allowed and never named: %s", name)
				}
			}
		}
	}
	for name := range unnamed {
		if !excuses[name] {
			t.Errorf("the exception %q is for no attribute", name)
		}
	}
	for name := range unseen {
		if !excuses[name] {
			t.Errorf("the exception %q is for no statement", name)
		}
	}
}

// TestTheReplayKnowsARefusal: the comparison itself, by cases that must and must not pass.
func TestTheReplayKnowsARefusal(t *testing.T) {
	const table = "arn:aws:dynamodb:eu-west-2:000000000000:table/T"
	g := grant{action: "dynamodb:GetItem", resource: table, condition: map[string]any{
		"ForAllValues:StringEquals": map[string]any{"dynamodb:Attributes": []any{"id", "status"}},
		"StringEqualsIfExists":      map[string]any{"dynamodb:Select": "SPECIFIC_ATTRIBUTES"},
	}}
	with := func(attributes, selects string) calls.Call {
		return calls.Call{Action: "dynamodb:GetItem", Resource: table,
			Keys: map[string][]string{"dynamodb:Attributes": strings.Split(attributes, ","), "dynamodb:Select": {selects}}}
	}
	for call, want := range map[*calls.Call]bool{
		ptr(with("id", "SPECIFIC_ATTRIBUTES")):        true,
		ptr(with("id,status", "SPECIFIC_ATTRIBUTES")): true,
		ptr(with("id,alerts", "SPECIFIC_ATTRIBUTES")): false,
		ptr(with("id", "ALL_ATTRIBUTES")):             false,
	} {
		if got := g.covers(*call) && g.allows(*call); got != want {
			t.Errorf("%s: %t", call, got)
		}
	}
	if g.covers(calls.Call{Action: "dynamodb:PutItem", Resource: table}) || g.covers(calls.Call{Action: "dynamodb:GetItem", Resource: table + "/index/byX"}) {
		t.Error("another action or resource is covered")
	}
	if !like("arn:aws:s3:::b/runs/*", "arn:aws:s3:::b/runs/a/c") || like("arn:aws:s3:::b/runs/*", "arn:aws:s3:::b/other/a") {
		t.Error("wildcards")
	}
	unknown := grant{condition: map[string]any{"IpAddress": map[string]any{"aws:SourceIp": "10.0.0.0/8"}}}
	if unknown.allows(calls.Call{}) {
		t.Error("an operator that is not known holds")
	}
}

func ptr(c calls.Call) *calls.Call { return &c }
