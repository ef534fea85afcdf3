//go:build template

package translated_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// change is a mistake in the template that a test must find.
type change struct {
	name string
	test string // that finds it
	make func(d document)
}

// document is the translated template as JSON.
type document struct {
	*testing.T
	root map[string]any
}

// at follows names and numbers down the document, or fails: then the change is of nothing.
func (d document) at(path ...any) any {
	d.Helper()
	var v any = d.root
	for _, step := range path {
		switch s := step.(type) {
		case string:
			m, _ := v.(map[string]any)
			v = m[s]
		case int:
			list, _ := v.([]any)
			if s >= len(list) {
				v = nil
				break
			}
			v = list[s]
		}
		if v == nil {
			d.Fatalf("the template has no %v", path)
		}
	}
	return v
}

func (d document) object(path ...any) map[string]any {
	d.Helper()
	m, ok := d.at(path...).(map[string]any)
	if !ok {
		d.Fatalf("%v is no object", path)
	}
	return m
}

func (d document) remove(path ...any) {
	d.Helper()
	d.at(path...)
	delete(d.object(path[:len(path)-1]...), path[len(path)-1].(string))
}

func (d document) set(value any, path ...any) {
	d.Helper()
	d.object(path[:len(path)-1]...)[path[len(path)-1].(string)] = value
}

func (d document) property(id string, path ...any) []any {
	return append([]any{"Resources", id, "Properties"}, path...)
}

// statement is that of a policy with a name.
func (d document) statement(policy, sid string) map[string]any {
	d.Helper()
	for _, statement := range statements(d.at(d.property(policy, "PolicyDocument")...)) {
		if dig(statement, "Sid") == sid {
			return statement.(map[string]any)
		}
	}
	d.Fatalf("%s has no statement %s", policy, sid)
	return nil
}

// without takes the statement with a name out of a policy's document.
func (d document) without(sid string, path ...any) {
	d.Helper()
	list, _ := d.at(append(path, "Statement")...).([]any)
	left := slices.DeleteFunc(slices.Clone(list), func(s any) bool { return dig(s, "Sid") == sid })
	if len(left) == len(list) {
		d.Fatalf("no statement %s", sid)
	}
	d.object(path...)["Statement"] = left
}

// attributes changes those that a statement is limited to.
func (d document) attributes(policy, sid string, to func([]any) []any) {
	d.Helper()
	condition, _ := dig(d.statement(policy, sid), "Condition", "ForAllValues:StringEquals").(map[string]any)
	all, _ := condition["dynamodb:Attributes"].([]any)
	if len(all) == 0 {
		d.Fatalf("%s, %s is limited to no attributes", policy, sid)
	}
	condition["dynamodb:Attributes"] = to(all)
}

// changes are mistakes of every kind that these tests are for. Each must turn the test red that it names.
var changes = []change{
	{"a managed policy", "TestPoliciesAreNarrow", func(d document) {
		d.set([]any{"arn:aws:iam::aws:policy/service-role/AWSLambdaSQSQueueExecutionRole"}, d.property("UnlockRole", "ManagedPolicyArns")...)
	}},
	{"an action with a wildcard", "TestPoliciesAreNarrow", func(d document) { d.statement("NotifyPolicy", "TakeEmails")["Action"] = "sqs:*" }},
	{"any resource", "TestPoliciesAreNarrow", func(d document) { d.statement("NotifyPolicy", "TakeEmails")["Resource"] = "*" }},
	{"two functions with one role", "TestEveryFunctionHasARoleOfItsOwn", func(d document) {
		d.set(d.at(d.property("UnlockFunction", "Role")...), d.property("NotifyFunction", "Role")...)
	}},
	{"a right that is needed", "TestRolesAllowWhatIsCalledAndNothingElse", func(d document) {
		d.without("QueueMatchesAndAcknowledgements", d.property("LookupPolicy", "PolicyDocument")...)
	}},
	{"a right that nothing uses", "TestRolesAllowWhatIsCalledAndNothingElse", func(d document) {
		d.statement("LookupPolicy", "QueueMatchesAndAcknowledgements")["Action"] = []any{"sqs:SendMessage", "sqs:GetQueueUrl"}
	}},
	{"an attribute that is needed", "TestRolesAllowWhatIsCalledAndNothingElse", func(d document) {
		d.attributes("UnlockPolicy", "ReadAndUnlockAccount", func(all []any) []any { return all[:len(all)-1] })
	}},
	{"an attribute that nothing uses", "TestRolesAllowWhatIsCalledAndNothingElse", func(d document) {
		d.attributes("UnlockPolicy", "ReadAndUnlockAccount", func(all []any) []any { return append(all, "dateOfBirths") })
	}},
	{"a role that may read everything with the key", "TestTheKey", func(d document) {
		d.set([]any{"DeploymentRole", "Arn"}, d.property("DataKey", "KeyPolicy", "Statement", 1, "Principal", "AWS", 0, "Fn::GetAtt")...)
	}},
	{"a key that is never rotated", "TestTheKey", func(d document) { d.set(false, d.property("DataKey", "EnableKeyRotation")...) }},
	{"no key for dead letters", "TestTheKey", func(d document) {
		d.without("DeadLettersOfEventBridge", d.property("DataKey", "KeyPolicy")...)
	}},
	{"a table with another's key", "TestTables", func(d document) { d.remove(d.property("EmailsTable", "SSESpecification")...) }},
	{"a table that can be deleted", "TestTables", func(d document) { d.set(false, d.property("EmailsTable", "DeletionProtectionEnabled")...) }},
	{"a table that cannot be restored", "TestTables", func(d document) { d.remove(d.property("LookupsTable", "PointInTimeRecoverySpecification")...) }},
	{"an index that shows the lock", "TestTables", func(d document) {
		names := d.at(d.property("TeachersTable", "GlobalSecondaryIndexes", 0, "Projection", "NonKeyAttributes")...).([]any)
		d.set(append(names, "locked"), d.property("TeachersTable", "GlobalSecondaryIndexes", 0, "Projection", "NonKeyAttributes")...)
	}},
	{"a table that goes with the stack", "TestDataOutlivesTheStack", func(d document) { d.set("Delete", "Resources", "EmailsTable", "DeletionPolicy") }},
	{"a bucket for everybody", "TestBuckets", func(d document) { d.remove(d.property("ReportBucket", "PublicAccessBlockConfiguration")...) }},
	{"a bucket that keeps for ever", "TestBuckets", func(d document) { d.remove(d.property("ExportBucket", "LifecycleConfiguration")...) }},
	{"a bucket that others may read", "TestBuckets", func(d document) {
		d.without("DenyReadingToOthers", d.property("RegisterBucketPolicy", "PolicyDocument")...)
	}},
	{"plain HTTP", "TestOnlyOverTLS", func(d document) { d.remove("Resources", "QueuesOverTlsOnly") }},
	{"a queue without the key", "TestQueues", func(d document) { d.remove(d.property("MatchesQueue", "KmsMasterKeyId")...) }},
	{"messages that are given up at once", "TestQueues", func(d document) { d.set(1, d.property("EmailsQueue", "RedrivePolicy", "maxReceiveCount")...) }},
	{"dead letters of anybody", "TestQueues", func(d document) { d.remove(d.property("MatchesDeadLetterQueue", "RedriveAllowPolicy")...) }},
	{"a message that is seen twice", "TestQueueEvents", func(d document) { d.set(120, d.property("MatchesQueue", "VisibilityTimeout")...) }},
	{"whole batches that fail", "TestQueueEvents", func(d document) { d.remove(d.property("UnlockFunctionMatches", "FunctionResponseTypes")...) }},
	{"a function without an alarm", "TestEveryFunctionIsWatched", func(d document) { d.remove("Resources", "NotifyErrorsAlarm") }},
	{"a dead-letter queue without an alarm", "TestEveryFunctionIsWatched", func(d document) { d.remove("Resources", "LoadsDeadLettersAlarm") }},
	{"lines that are kept for ever", "TestEveryFunctionIsWatched", func(d document) { d.remove(d.property("LookupLogs", "RetentionInDays")...) }},
	{"an alarm that tells nobody", "TestEveryAlarmTells", func(d document) { d.remove(d.property("UnlocksAlarm", "AlarmActions")...) }},
	{"an alarm on a figure that nobody writes", "TestAlarmsAndDashboardShowWhatTheCodeWrites", func(d document) { d.set("unlokcs", d.property("UnlocksAlarm", "MetricName")...) }},
	{"an alarm that the runbook does not know", "TestTheRunbookKnowsEveryAlarm", func(d document) {
		d.set(d.at("Resources", "UnlocksAlarm"), "Resources", "OtherAlarm")
	}},
	{"a deployment at once", "TestNewVersionsAreTakenBack", func(d document) { d.remove("Resources", "LookupFunctionDeploymentGroup") }},
	{"an event that is lost", "TestWhatFailsIsSetAside", func(d document) { d.remove(d.property("LoadFunctionEventInvokeConfig", "DestinationConfig")...) }},
	{"a flood without a bound", "TestAFloodHasABound", func(d document) { d.remove(d.property("LookupFunction", "ReservedConcurrentExecutions")...) }},
	{"a name that a second stack has too", "TestTwoStacksFitIntoOneAccount", func(d document) { d.set("matches.fifo", d.property("MatchesQueue", "QueueName")...) }},
	{"a table without an owner", "TestWhatCanBeTaggedIs", func(d document) { d.remove(d.property("EmailsTable", "Tags")...) }},
	{"production without a topic", "TestRulesRefuse", func(d document) { d.remove("Rules", "ProductionIsGuarded") }},
	{"a parameter without a word", "TestParametersAreExplained", func(d document) { d.remove("Parameters", "LoadCapacityShare", "Description") }},
	{"a circle", "TestOrder", func(d document) {
		d.set(map[string]any{"Fn::GetAtt": []any{"LookupPolicy", "Id"}}, d.property("LookupRole", "Description")...)
	}},
	{"a reference to nothing", "TestOrder", func(d document) { d.set(map[string]any{"Ref": "Nothing"}, d.property("LookupRole", "Description")...) }},
	{"a policy that is too large", "TestOrder", func(d document) {
		d.statement("LookupPolicy", "QueueMatchesAndAcknowledgements")["Sid"] = strings.Repeat("x", 10_300)
	}},
}

// TestTheseTestsFindMistakes makes each change to the template and runs the test that must turn red of it, as
// `make test-template` would.
func TestTheseTestsFindMistakes(t *testing.T) {
	text, err := os.ReadFile(os.Getenv("TRANSLATED"))
	if err != nil {
		t.Fatal(err)
	}
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range changes {
		t.Run(c.name, func(t *testing.T) {
			d := document{T: t}
			if err := json.Unmarshal(text, &d.root); err != nil {
				t.Fatal(err)
			}
			c.make(d)
			changed, err := json.Marshal(d.root)
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(t.TempDir(), "translated.json")
			if err := os.WriteFile(path, changed, 0o600); err != nil {
				t.Fatal(err)
			}
			run := exec.CommandContext(t.Context(), program, "-test.run=^"+c.test+"$", "-test.count=1")
			run.Env = append(os.Environ(), "TRANSLATED="+path)
			out, err := run.CombinedOutput()
			if said := string(out); err == nil || !strings.Contains(said, "--- FAIL: "+c.test) || strings.Contains(said, "panic") {
				t.Errorf("%s is not found by %s: %v\n%s", c.name, c.test, err, said)
			}
		})
	}
}
