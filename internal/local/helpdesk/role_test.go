package helpdesk_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"losttrn/internal/local"
	"losttrn/internal/local/helpdesk"
	"losttrn/internal/local/naming"
	"losttrn/internal/local/template"
)

// statement is a statement of the role's policy.
type statement struct {
	Sid, Effect      string
	Action, Resource any // one or a list
	Condition        struct {
		Values struct {
			Attributes []string `json:"dynamodb:Attributes"`
		} `json:"ForAllValues:StringEquals"`
		Selects struct {
			Select string `json:"dynamodb:Select"`
		} `json:"StringEqualsIfExists"`
	}
}

// TestTheRoleHasExactlyTheRightsThatTheCommandsUse runs every command and compares its calls with the role's policy.
func TestTheRoleHasExactlyTheRightsThatTheCommandsUse(t *testing.T) {
	o := newOffice(t)
	o.people()
	waiting, refusedID := o.asked("ed@example.com"), o.found("ed@example.com", "1000005", refusedByAlert)
	o.calls.Take()
	o.do(o.desk.Answered(t.Context(), helpdesk.Subject{LookupID: waiting}, "note"))
	o.do(o.desk.Retry(t.Context(), helpdesk.Subject{LookupID: refusedID}, "why"))
	o.do(o.desk.Contacted(t.Context(), o.email("di@example.com"), "note"))
	o.do(o.desk.Lift(t.Context(), o.email("di@example.com"), "why"))
	o.story(helpdesk.Subject{Reference: "MN93F-KWNMH"})
	for _, subject := range subjects {
		o.do(o.desk.Erase(t.Context(), subject(o)))
	}
	holdRole(t, o, "HelpdeskPolicy")
}

// TestTheRoleForARestoreHasExactlyItsRights: it reads lookups by the attributes that make a claim, and writes claims.
func TestTheRoleForARestoreHasExactlyItsRights(t *testing.T) {
	o := newOffice(t)
	o.found("ann@example.com", "1000001", unlocked)
	o.now = o.now.Add(time.Minute)
	o.found("ann@example.com", "1000002", refusedByAlert)
	o.forget("ann@example.com")
	o.calls.Take()
	o.do(o.desk.RestoreClaims(t.Context(), noon))
	holdRole(t, o, "RestorePolicy")
}

// holdRole compares the calls that were made with a role's policy.
func holdRole(t *testing.T, o *office, policy string) {
	t.Helper()
	used := slices.Compact(o.calls.Take())
	granted := map[string][]string{} // to the attributes that an update may name; nil, to all
	for _, s := range roleStatements(t, policy) {
		for _, action := range oneOrMore(s.Action) {
			for _, resource := range oneOrMore(s.Resource) {
				if action == "cloudformation:DescribeStacks" && strings.Contains(resource, ":stack/") {
					continue // package helpdeskcmd finds the tables by it
				}
				if strings.HasPrefix(action, "s3:") && strings.Contains(resource, "reportbucket") {
					continue // for people who read the reports
				}
				_, operation, _ := strings.Cut(action, ":")
				granted[operation+" "+short(t, resource)] = s.Condition.Values.Attributes
			}
		}
	}
	for _, call := range used {
		attributes, ok := granted[call]
		if !ok {
			t.Errorf("the role may not %s", call)
		}
		for _, name := range o.calls.Attributes(call) {
			if attributes != nil && !slices.Contains(attributes, name) {
				t.Errorf("the role may not %s with the attribute %s", call, name)
			}
		}
		delete(granted, call)
	}
	for call := range granted {
		t.Errorf("no command needs the right to %s", call)
	}
}

// TestTheKeyReadsForTheRole: all that the commands read and write is encrypted with the customer key. Its policy names the
// role itself, so the role's own policy need not name the key.
func TestTheKeyReadsForTheRole(t *testing.T) {
	var key struct {
		KeyPolicy struct {
			Statement []struct {
				Sid, Effect string
				Principal   struct{ AWS any } // one or a list
				Action      any
				Condition   struct {
					StringEquals map[string]any
				}
			}
		}
	}
	properties(t, "DataKey", &key)
	for _, s := range key.KeyPolicy.Statement {
		if s.Effect != "Allow" || s.Principal.AWS == nil || !slices.ContainsFunc(oneOrMore(s.Principal.AWS), func(arn string) bool { return strings.HasSuffix(arn, "HelpdeskRole") }) {
			continue
		}
		for _, action := range []string{"kms:Decrypt", "kms:GenerateDataKey"} { // a queue needs both for a message to be sent
			if !slices.Contains(oneOrMore(s.Action), action) {
				t.Errorf("the key's statement %s does not allow the role %s", s.Sid, action)
			}
		}
		through := oneOrMore(s.Condition.StringEquals["kms:ViaService"])
		for _, service := range []string{"dynamodb", "sqs", "s3"} {
			if !slices.ContainsFunc(through, func(name string) bool { return strings.HasPrefix(name, service+".") }) {
				t.Errorf("the role may not use the key through %s", service)
			}
		}
		return
	}
	t.Error("no statement of the key's policy names the role")
}

func roleStatements(t *testing.T, id string) []statement {
	t.Helper()
	var policy struct {
		PolicyDocument struct{ Statement []statement }
	}
	properties(t, id, &policy)
	return policy.PolicyDocument.Statement
}

// properties reads those of a resource of the template, evaluated.
func properties(t *testing.T, id string, into any) {
	t.Helper()
	declared, err := local.ReadTemplate()
	if err != nil {
		t.Fatal(err)
	}
	stack, err := local.Evaluate(declared, nil, naming.Addresses{SQS: "http://sqs"})
	if err != nil {
		t.Fatal(err)
	}
	r, ok := stack.Resource(id)
	if !ok {
		t.Fatalf("the template has no %s", id)
	}
	text, err := json.Marshal(r.Properties)
	if err == nil {
		err = json.Unmarshal(text, into)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func oneOrMore(v any) []string {
	if one, ok := v.(string); ok {
		return []string{one}
	}
	var all []string
	for _, element := range v.([]any) {
		all = append(all, element.(string))
	}
	return all
}

// short is the short name of a table, index or queue of the template: "lookups/index/byTrn".
func short(t *testing.T, arn string) string {
	t.Helper()
	name := strings.TrimPrefix(arn[strings.LastIndexByte(arn, ':')+1:], "table/")
	name, index, _ := strings.Cut(name, "/")
	for _, kind := range []string{template.TypeTable, template.TypeQueue} {
		id := strings.TrimSuffix(strings.TrimPrefix(name, "find-a-lost-trn-"), ".fifo")
		if strings.HasSuffix(id, kind[strings.LastIndex(kind, ":")+1:]) {
			key := naming.Key(template.Resource{ID: id, Type: kind})
			if index != "" {
				key += "/" + index
			}
			return key
		}
	}
	t.Fatalf("the resource %s is none of the tables and queues", arn)
	return ""
}
