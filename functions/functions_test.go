// Package functions_test guards what every function of the service must be, and what the template must say of it.
package functions_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"losttrn/internal/cloud"
	"losttrn/internal/local"
	"losttrn/internal/local/naming"
	"losttrn/internal/local/template"
)

// maxMainLines keeps main.go to wiring.
const maxMainLines = 60

func functionNames(t *testing.T) []string {
	t.Helper()
	mains, err := filepath.Glob("*/main.go")
	if err != nil || len(mains) == 0 {
		t.Fatalf("no functions: %v", err)
	}
	var names []string
	for _, main := range mains {
		names = append(names, filepath.Dir(main))
	}
	return names
}

func TestMainIsWiring(t *testing.T) {
	for _, name := range functionNames(t) {
		text, err := os.ReadFile(filepath.Join(name, "main.go"))
		if err != nil {
			t.Fatal(err)
		}
		if lines := bytes.Count(text, []byte("\n")); lines > maxMainLines {
			t.Errorf("%s/main.go has %d lines, more than %d", name, lines, maxMainLines)
		}
		events, err := filepath.Glob(filepath.Join(name, "events", "*.json"))
		if err != nil || len(events) == 0 {
			t.Errorf("%s has no events to invoke it with: %v", name, err)
		}
	}
}

// TestImports keeps out of each binary what it has no use for: size is cold start.
func TestImports(t *testing.T) {
	const sdk = "github.com/aws/aws-sdk-go-v2/"
	unwanted := map[string][]string{
		"export": {"losttrn/internal/report/sheet", "modernc.org/sqlite", "github.com/xuri/excelize/v2"},
		"lookup": {sdk + "service/s3", sdk + "config", "go.yaml.in/yaml/v3", "losttrn/internal/report", "losttrn/internal/load", "modernc.org/sqlite"},
		"unlock": {sdk + "service/s3", sdk + "config", "losttrn/internal/api", "losttrn/internal/web", "losttrn/internal/catalogue", "losttrn/internal/report", "modernc.org/sqlite"},
		"notify": {sdk + "service/s3", sdk + "config", "losttrn/internal/api", "losttrn/internal/web", "losttrn/internal/report", "modernc.org/sqlite"},
	}
	for name, banned := range unwanted {
		out, err := exec.Command("go", "list", "-deps", "./"+name).Output()
		if err != nil {
			t.Fatalf("go list %s: %v", name, err)
		}
		imports := strings.Fields(string(out))
		for _, ban := range banned {
			if slices.ContainsFunc(imports, func(i string) bool { return i == ban || strings.HasPrefix(i, ban+"/") }) {
				t.Errorf("%s imports %s", name, ban)
			}
		}
	}
}

// deployed is the template as it would be deployed with its defaults.
func deployed(t *testing.T) *template.Stack {
	t.Helper()
	project, err := local.FindProject()
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := project.Template()
	if err != nil {
		t.Fatal(err)
	}
	stack, err := local.Evaluate(parsed, nil, naming.Addresses{})
	if err != nil {
		t.Fatal(err)
	}
	return stack
}

// dig follows names down a resource's properties.
func dig(v any, path ...string) any {
	for _, name := range path {
		m, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = m[name]
	}
	return v
}

func TestEveryFunctionIsWatchedAndNarrow(t *testing.T) {
	stack := deployed(t)
	functions, err := stack.Functions()
	if err != nil {
		t.Fatal(err)
	}
	alarmed := map[string]bool{}
	for _, alarm := range stack.OfType("AWS::CloudWatch::Alarm") {
		metric, _ := dig(alarm.Properties, "MetricName").(string)
		dimensions, _ := dig(alarm.Properties, "Dimensions").([]any)
		for _, dimension := range dimensions {
			value, _ := dig(dimension, "Value").(string)
			alarmed[metric+" "+value] = true
		}
	}
	queues := map[string]template.Resource{}
	for _, q := range stack.OfType("AWS::SQS::Queue") {
		queues[naming.ARN("sqs", naming.Of(q))] = q
	}
	for _, f := range functions {
		r, _ := stack.Resource(f.ID)
		if logs := strings.TrimSuffix(f.ID, "Function") + "Logs"; dig(r.Properties, "LoggingConfig", "LogGroup") == nil {
			t.Errorf("%s has no log group of its own", f.ID)
		} else if group, ok := stack.Resource(logs); !ok || dig(group.Properties, "RetentionInDays") == nil {
			t.Errorf("%s: log group %s has no retention", f.ID, logs)
		}
		if dig(r.Properties, "AutoPublishAliasAllProperties") != true {
			t.Errorf("%s publishes a version only when its code changes", f.ID)
		}
		if dig(r.Properties, "Tracing") != "Active" {
			t.Errorf("%s is not traced", f.ID)
		}
		for _, metric := range []string{"Errors", "Throttles"} {
			if !alarmed[metric+" "+naming.Of(r)] {
				t.Errorf("%s has no alarm on %s", f.ID, metric)
			}
		}
		checkPolicies(t, f.ID, dig(r.Properties, "Policies"))
		for _, event := range f.Queues {
			checkQueueEvent(t, f, event, queues[event.QueueARN], alarmed)
		}
		if (len(f.Rules) > 0 || len(f.Schedules) > 0) && f.DeadLetters == "" {
			t.Errorf("%s is called without anybody waiting and has no queue for what fails", f.ID)
		}
	}
}

func checkQueueEvent(t *testing.T, f template.Function, event template.QueueEvent, q template.Resource, alarmed map[string]bool) {
	t.Helper()
	if !event.PartialFailures {
		t.Errorf("%s does not report partial failures", f.ID)
	}
	if event.Concurrency == 0 {
		t.Errorf("%s has no maximum concurrency", f.ID)
	}
	var settings struct {
		VisibilityTimeout      template.Number
		MessageRetentionPeriod template.Number
		RedrivePolicy          *struct {
			DeadLetterTargetArn string          `json:"deadLetterTargetArn"`
			MaxReceiveCount     template.Number `json:"maxReceiveCount"`
		}
		SqsManagedSseEnabled                                                                          template.Flag
		FifoQueue, ContentBasedDeduplication, DeduplicationScope, FifoThroughputLimit, KmsMasterKeyId any
	}
	if err := q.Decode(&settings); err != nil {
		t.Fatal(err)
	}
	if visibility := time.Duration(settings.VisibilityTimeout) * time.Second; visibility < 6*f.Timeout {
		t.Errorf("%s: a message is seen again after %s, before six times the timeout %s", q.ID, visibility, f.Timeout)
	}
	if settings.RedrivePolicy == nil || settings.RedrivePolicy.DeadLetterTargetArn == "" {
		t.Errorf("%s has no dead-letter queue", q.ID)
		return
	}
	tried := time.Duration(settings.VisibilityTimeout) * time.Second * time.Duration(settings.RedrivePolicy.MaxReceiveCount)
	if tried < 24*time.Hour || time.Duration(settings.MessageRetentionPeriod)*time.Second < tried {
		t.Errorf("%s: a message is tried for %s, less than a day or longer than it is kept", q.ID, tried)
	}
	if !settings.SqsManagedSseEnabled {
		t.Errorf("%s is not encrypted", q.ID)
	}
	name := naming.Of(q)
	deadLetters := settings.RedrivePolicy.DeadLetterTargetArn[strings.LastIndexByte(settings.RedrivePolicy.DeadLetterTargetArn, ':')+1:]
	for _, alarm := range []string{"ApproximateAgeOfOldestMessage " + name, "ApproximateNumberOfMessagesVisible " + deadLetters} {
		if !alarmed[alarm] {
			t.Errorf("no alarm on %s", alarm)
		}
	}
}

func checkPolicies(t *testing.T, function string, policies any) {
	t.Helper()
	list, ok := policies.([]any)
	if !ok || len(list) == 0 {
		t.Errorf("%s has no policies", function)
	}
	for _, policy := range list {
		statements, ok := dig(policy, "Statement").([]any)
		if !ok {
			t.Errorf("%s has a policy that is not written out: %v", function, policy)
		}
		for _, statement := range statements {
			for _, text := range append(texts(dig(statement, "Action")), texts(dig(statement, "NotAction"))...) {
				// A full extract is compared with all records, of which the function may see the key and the status alone.
				listing := function == "LoadFunction" && dig(statement, "Condition", "ForAllValues:StringEquals", "dynamodb:Attributes") != nil
				if strings.Contains(text, "*") || text == "dynamodb:Scan" && !listing {
					t.Errorf("%s may do %s", function, text)
				}
			}
			for _, text := range texts(dig(statement, "Resource")) {
				if wide(text) {
					t.Errorf("%s: statement %v is for any of many: %s", function, dig(statement, "Sid"), text)
				}
			}
		}
	}
}

// wide tells whether a resource is more than one thing: a wildcard is for what has no name of its own yet, the objects
// below a bucket's folder and the exports of a table.
func wide(resource string) bool {
	if objects, ok := strings.CutPrefix(resource, "arn:aws:s3:::"); ok {
		bucket, _, _ := strings.Cut(objects, "/")
		return strings.Contains(bucket, "*")
	}
	return strings.Contains(strings.TrimSuffix(resource, "/export/*"), "*")
}

func texts(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []any:
		var all []string
		for _, one := range v {
			all = append(all, texts(one)...)
		}
		return all
	}
	return nil
}

// TestTablesAreKept: what people gave us is neither lost nor readable, and the indexes for matching cannot show
// what unlocking judges.
func TestTablesAreKept(t *testing.T) {
	stack := deployed(t)
	for _, table := range stack.OfType("AWS::DynamoDB::Table") {
		if dig(table.Properties, "BillingMode") != "PAY_PER_REQUEST" {
			t.Errorf("%s is not on demand", table.ID)
		}
		if dig(table.Properties, "SSESpecification", "SSEEnabled") != true {
			t.Errorf("%s is not encrypted", table.ID)
		}
		if table.ID == "LimitsTable" {
			continue // counters, gone in a day
		}
		if dig(table.Properties, "DeletionProtectionEnabled") != true {
			t.Errorf("%s can be deleted", table.ID)
		}
		if dig(table.Properties, "PointInTimeRecoverySpecification", "PointInTimeRecoveryEnabled") != true {
			t.Errorf("%s has no point-in-time recovery", table.ID)
		}
	}
	teachers, _ := stack.Resource("TeachersTable")
	indexes, _ := dig(teachers.Properties, "GlobalSecondaryIndexes").([]any)
	if len(indexes) != 3 {
		t.Errorf("%d indexes, want 3", len(indexes))
	}
	for _, index := range indexes {
		projected := texts(dig(index, "Projection", "NonKeyAttributes"))
		if dig(index, "Projection", "ProjectionType") != "INCLUDE" || slices.Contains(projected, "locked") || slices.Contains(projected, "alerts") {
			t.Errorf("%v projects %v", dig(index, "IndexName"), projected)
		}
	}
}

// TestOnlyOverTLS: every queue and bucket refuses plain HTTP, and no bucket is public.
func TestOnlyOverTLS(t *testing.T) {
	stack := deployed(t)
	denied := map[string]bool{}
	for _, kind := range []string{"AWS::SQS::QueuePolicy", "AWS::S3::BucketPolicy"} {
		for _, policy := range stack.OfType(kind) {
			statements, _ := dig(policy.Properties, "PolicyDocument", "Statement").([]any)
			for _, statement := range statements {
				if dig(statement, "Effect") != "Deny" || dig(statement, "Condition", "Bool", "aws:SecureTransport") != "false" {
					continue
				}
				for _, name := range append(texts(dig(policy.Properties, "Queues")), texts(dig(policy.Properties, "Bucket"))...) {
					denied[name[strings.LastIndexByte(name, '/')+1:]] = true
				}
			}
		}
	}
	for _, kind := range []string{"AWS::SQS::Queue", "AWS::S3::Bucket"} {
		for _, r := range stack.OfType(kind) {
			if !denied[naming.Of(r)] {
				t.Errorf("%s takes plain HTTP", r.ID)
			}
		}
	}
	for _, bucket := range stack.OfType("AWS::S3::Bucket") {
		for _, setting := range []string{"BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"} {
			if dig(bucket.Properties, "PublicAccessBlockConfiguration", setting) != true {
				t.Errorf("%s: %s is not set", bucket.ID, setting)
			}
		}
	}
}

// TestWhatExpires: what is kept for a time has a time to live.
func TestWhatExpires(t *testing.T) {
	stack := deployed(t)
	for _, id := range []string{"LookupsTable", "HelpdeskRequestsTable", "LimitsTable"} {
		table, _ := stack.Resource(id)
		if dig(table.Properties, "TimeToLiveSpecification", "AttributeName") != "expiresAt" || dig(table.Properties, "TimeToLiveSpecification", "Enabled") != true {
			t.Errorf("%s never expires", id)
		}
	}
}

// TestDataIsRetained reads the template's text: deletion policies stand beside the properties, not among them.
func TestDataIsRetained(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "template.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	stack := deployed(t)
	for _, kind := range []string{"AWS::DynamoDB::Table", "AWS::S3::Bucket"} {
		for _, r := range stack.OfType(kind) {
			if r.ID == "LimitsTable" {
				continue
			}
			_, body, _ := strings.Cut(string(text), "\n  "+r.ID+":\n")
			head, _, _ := strings.Cut(body, "    Properties:\n")
			for _, policy := range []string{"DeletionPolicy: Retain", "UpdateReplacePolicy: Retain"} {
				if !strings.Contains(head, policy) {
					t.Errorf("%s: no %s", r.ID, policy)
				}
			}
		}
	}
}

// TestTimeoutsAreLonger than what the functions wait for, so that a hanging dependency is answered or logged.
func TestTimeoutsAreLonger(t *testing.T) {
	functions, err := deployed(t).Functions()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range functions {
		if f.Timeout <= cloud.LongestCall {
			t.Errorf("%s ends after %s, and one AWS call may take %s", f.ID, f.Timeout, cloud.LongestCall)
		}
	}
}
