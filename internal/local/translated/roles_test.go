//go:build template

package translated_test

import (
	"fmt"
	"strings"
	"testing"

	"losttrn/internal/local/template"
)

// forAny are the statements that may be for any resource, because the service has no smaller one.
var forAny = map[string]string{
	"WatchAlarms": "CodeDeploy asks CloudWatch for the state of alarms, which has no resource",
}

func TestEveryFunctionHasARoleOfItsOwn(t *testing.T) {
	inEveryState(t, func(t *testing.T, s *template.Stack) {
		used := map[string]string{}
		functions := s.OfType("AWS::Lambda::Function")
		if len(functions) != 7 {
			t.Errorf("%d functions, want 7", len(functions))
		}
		for _, f := range functions {
			role := last(fmt.Sprint(f.Properties["Role"]), "/")
			if used[role] != "" {
				t.Errorf("%s and %s share a role", f.ID, used[role])
			}
			used[role] = f.ID
			if len(policiesOf(s, role)) == 0 {
				t.Errorf("%s: its role %s has no policy", f.ID, role)
			}
		}
	})
}

// TestPoliciesAreNarrow: no policy of AWS, no action or resource with a wildcard but for what has no name yet.
func TestPoliciesAreNarrow(t *testing.T) {
	inEveryState(t, func(t *testing.T, s *template.Stack) {
		for _, r := range s.OfType("AWS::IAM::Role") {
			if managed := texts(r.Properties["ManagedPolicyArns"]); len(managed) > 0 {
				t.Errorf("%s has policies that are not ours: %v", r.ID, managed)
			}
			if r.Properties["Policies"] != nil {
				t.Errorf("%s has a policy inside: SAM wrote it, or the key cannot name the role", r.ID)
			}
			for _, statement := range statements(r.Properties["AssumeRolePolicyDocument"]) {
				principal := fmt.Sprint(texts(dig(statement, "Principal", "Service")), texts(dig(statement, "Principal", "AWS")))
				if strings.Contains(principal, "*") || dig(statement, "Principal") == "*" {
					t.Errorf("%s may be assumed by anybody", r.ID)
				}
			}
		}
		seen := map[string]bool{}
		for _, r := range s.OfType("AWS::IAM::RolePolicy") {
			for _, statement := range statements(r.Properties["PolicyDocument"]) {
				sid := fmt.Sprint(dig(statement, "Sid"))
				seen[sid] = true
				checkNarrow(t, r.ID, sid, statement)
			}
		}
		for sid := range forAny {
			if !seen[sid] {
				t.Errorf("no statement %s: take the exception away", sid)
			}
		}
	})
}

func checkNarrow(t *testing.T, policy, sid string, statement any) {
	t.Helper()
	if dig(statement, "NotAction") != nil || dig(statement, "NotResource") != nil {
		t.Errorf("%s, %s: says what is not allowed", policy, sid)
	}
	for _, action := range texts(dig(statement, "Action")) {
		// A full extract is compared with all records, of which the function may see the key and the status alone; a
		// restored table is filled from all lookups, of which a person may see what makes a claim.
		listing := (policy == "LoadPolicy" || policy == "RestorePolicy") && dig(statement, "Condition", "ForAllValues:StringEquals", "dynamodb:Attributes") != nil
		if strings.Contains(action, "*") || action == "dynamodb:Scan" && !listing {
			t.Errorf("%s, %s: allows %s", policy, sid, action)
		}
	}
	resources := texts(dig(statement, "Resource"))
	if len(resources) == 0 {
		t.Errorf("%s, %s: has no resource", policy, sid)
	}
	for _, resource := range resources {
		if resource == "*" && forAny[sid] != "" {
			continue
		}
		if wide(resource) {
			t.Errorf("%s, %s: is for any of many: %s", policy, sid, resource)
		}
	}
}

// wide tells whether a resource is more than one thing: a wildcard is for what has no name of its own yet, the objects
// of a bucket, the exports of a table and the streams of a log.
func wide(resource string) bool {
	if objects, ok := strings.CutPrefix(resource, "arn:aws:s3:::"); ok {
		bucket, _, _ := strings.Cut(objects, "/")
		return strings.Contains(bucket, "*")
	}
	resource = strings.TrimSuffix(resource, "/export/*")
	resource = strings.TrimSuffix(resource, ":*")
	return strings.Contains(resource, "*")
}

// TestPeopleAreReadInPart: the rules of who may see what of a record, that the code's own requests keep to.
func TestPeopleAreReadInPart(t *testing.T) {
	forbidden := map[string][]string{
		"LookupPolicy": {"locked", "alerts", "unlockedAt", "trnEmailedAt", "unlockReasons"},
		"UnlockPolicy": {"dateOfBirth", "nationalInsuranceNumber", "lifted", "contacted", "trnEmailedAt", "trnDelivery"},
		"NotifyPolicy": {"dateOfBirth", "nationalInsuranceNumber", "unlockReasons", "trnDelivery"},
	}
	inEveryState(t, func(t *testing.T, s *template.Stack) {
		for policy, names := range forbidden {
			r, _ := s.Resource(policy)
			limited := 0
			for _, statement := range statements(r.Properties["PolicyDocument"]) {
				attributes := texts(dig(statement, "Condition", "ForAllValues:StringEquals", "dynamodb:Attributes"))
				if len(attributes) > 0 {
					limited++
				}
				for _, name := range names {
					for _, attribute := range attributes {
						if attribute == name {
							t.Errorf("%s, %v: may touch %s", policy, dig(statement, "Sid"), name)
						}
					}
				}
			}
			if limited == 0 {
				t.Errorf("%s limits no attributes", policy)
			}
		}
	})
}
