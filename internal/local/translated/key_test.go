//go:build template

package translated_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"losttrn/internal/local/naming"
	"losttrn/internal/local/template"
)

// readers of the key are these roles and nobody else.
var readers = []string{"ExportRole", "HelpdeskRole", "LoadRole", "LookupRole", "NotifyRole", "ReceiptsRole", "RegisterRole", "ReportRole", "RestoreRole", "ScheduleRole", "UnlockRole"}

func TestTheKey(t *testing.T) {
	inEveryState(t, func(t *testing.T, s *template.Stack) {
		keys := s.OfType("AWS::KMS::Key")
		if len(keys) != 1 {
			t.Fatalf("%d keys, want one", len(keys))
		}
		if keys[0].Properties["EnableKeyRotation"] != true {
			t.Error("the key is never rotated")
		}
		var may []string
		for _, statement := range statements(keys[0].Properties["KeyPolicy"]) {
			checkKeyStatement(t, statement)
			if slices.Contains(texts(dig(statement, "Action")), "kms:Decrypt") {
				for _, principal := range texts(dig(statement, "Principal", "AWS")) {
					may = append(may, strings.TrimPrefix(last(principal, "/"), "find-a-lost-trn-"))
				}
			}
		}
		slices.Sort(may)
		if !slices.Equal(may, readers) {
			t.Errorf("the key reads for %v, want %v", may, readers)
		}
		checkServicesMayUseTheKey(t, s, keys[0])
	})
}

func checkKeyStatement(t *testing.T, statement any) {
	t.Helper()
	sid := dig(statement, "Sid")
	if dig(statement, "Principal") == "*" || fmt.Sprint(dig(statement, "Principal", "AWS")) == "*" {
		t.Errorf("%v: anybody", sid)
	}
	for _, action := range texts(dig(statement, "Action")) {
		if strings.Contains(action, "*") {
			t.Errorf("%v: %s", sid, action)
		}
	}
	if sid != "Administer" && dig(statement, "Condition") == nil {
		t.Errorf("%v holds without a condition", sid)
	}
	if service := texts(dig(statement, "Principal", "Service")); len(service) > 0 && dig(statement, "Condition", "StringEquals", "aws:SourceAccount") != naming.Account {
		t.Errorf("%v: %v acts for any account", sid, service)
	}
}

// checkServicesMayUseTheKey: whoever writes into an encrypted queue or bucket needs the key for it, or the write fails
// in silence.
func checkServicesMayUseTheKey(t *testing.T, s *template.Stack, key template.Resource) {
	t.Helper()
	allowed := map[string][]string{}
	for _, statement := range statements(key.Properties["KeyPolicy"]) {
		for _, service := range texts(dig(statement, "Principal", "Service")) {
			allowed[service] = append(allowed[service], texts(dig(statement, "Action"))...)
		}
	}
	needs := map[string][]string{}
	for _, r := range s.OfType("AWS::Events::Rule") {
		targets, _ := r.Properties["Targets"].([]any)
		for _, target := range targets {
			if dig(target, "DeadLetterConfig", "Arn") != nil {
				needs["events.amazonaws.com"] = []string{"kms:GenerateDataKey", "kms:Decrypt"}
			}
		}
	}
	if len(needs) == 0 {
		t.Error("no rule has a dead-letter queue")
	}
	if len(s.OfType("AWS::CloudTrail::Trail")) > 0 {
		needs["cloudtrail.amazonaws.com"] = []string{"kms:GenerateDataKey", "kms:DescribeKey"}
	}
	for service, actions := range needs {
		for _, action := range actions {
			if !slices.Contains(allowed[service], action) {
				t.Errorf("%s may not %s", service, action)
			}
		}
	}
	for service := range allowed {
		if needs[service] == nil {
			t.Errorf("%s may use the key and does not need it", service)
		}
	}
	for _, r := range s.OfType("AWS::Scheduler::Schedule") {
		role := strings.TrimPrefix(last(fmt.Sprint(dig(r.Properties, "Target", "RoleArn")), "/"), "find-a-lost-trn-")
		if !slices.Contains(readers, role) {
			t.Errorf("%s sets aside as %s, which the key does not name", r.ID, role)
		}
	}
}
