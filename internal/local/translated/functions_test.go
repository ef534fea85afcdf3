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

// alarmed are the metrics with an alarm, each as "Metric name-of-what".
func alarmed(s *template.Stack) map[string]bool {
	all := map[string]bool{}
	for _, alarm := range s.OfType("AWS::CloudWatch::Alarm") {
		dimensions, _ := alarm.Properties["Dimensions"].([]any)
		for _, dimension := range dimensions {
			all[fmt.Sprint(alarm.Properties["MetricName"], " ", dig(dimension, "Value"))] = true
		}
	}
	return all
}

func TestEveryFunctionIsWatched(t *testing.T) {
	inEveryState(t, func(t *testing.T, s *template.Stack) {
		alarms := alarmed(s)
		groups := map[string]bool{}
		for _, group := range s.OfType("AWS::Logs::LogGroup") {
			if number(group.Properties["RetentionInDays"]) > 0 {
				groups[naming.Of(group)] = true
			} else {
				t.Errorf("%s keeps lines for ever", group.ID)
			}
		}
		for _, f := range s.OfType("AWS::Lambda::Function") {
			logging := f.Properties["LoggingConfig"]
			if !groups[fmt.Sprint(dig(logging, "LogGroup"))] {
				t.Errorf("%s has no log group of its own", f.ID)
			}
			if dig(logging, "LogFormat") != "JSON" || dig(logging, "ApplicationLogLevel") == nil || dig(logging, "SystemLogLevel") == nil {
				t.Errorf("%s logs without format or level: %v", f.ID, logging)
			}
			if tracing := dig(f.Properties, "TracingConfig", "Mode"); tracing != nil {
				t.Errorf("%s is traced, but its clients are not", f.ID)
			}
			for _, metric := range []string{"Errors", "Throttles", "Duration"} {
				if !alarms[metric+" "+naming.Of(f)] {
					t.Errorf("%s has no alarm on %s", f.ID, metric)
				}
			}
		}
		for _, q := range s.OfType("AWS::SQS::Queue") {
			metric := "ApproximateAgeOfOldestMessage"
			if strings.HasSuffix(q.ID, "DeadLetterQueue") {
				metric = "ApproximateNumberOfMessagesVisible"
			}
			if !alarms[metric+" "+naming.Of(q)] {
				t.Errorf("%s has no alarm on %s", q.ID, metric)
			}
		}
		for _, metric := range []string{"5xx", "Latency"} {
			if !slices.ContainsFunc(s.OfType("AWS::CloudWatch::Alarm"), func(a template.Resource) bool { return a.Properties["MetricName"] == metric }) {
				t.Errorf("the gateway has no alarm on %s", metric)
			}
		}
	})
}

// TestEveryAlarmTells somebody, if anybody is to be told, and says what it means.
func TestEveryAlarmTells(t *testing.T) {
	inEveryState(t, func(t *testing.T, s *template.Stack) {
		want := texts(nil)
		if s.Parameters["AlarmTopicArn"] != "" {
			want = []string{s.Parameters["AlarmTopicArn"]}
		}
		for _, alarm := range s.OfType("AWS::CloudWatch::Alarm") {
			for _, actions := range []string{"AlarmActions", "OKActions"} {
				if got := texts(alarm.Properties[actions]); !slices.Equal(got, want) {
					t.Errorf("%s: %s are %v, want %v", alarm.ID, actions, got, want)
				}
			}
			if alarm.Properties["AlarmDescription"] == nil || alarm.Properties["TreatMissingData"] == nil {
				t.Errorf("%s does not say what it means, or what silence means", alarm.ID)
			}
		}
	})
}

// TestNewVersionsAreTakenBack: every function is deployed a part first, and its alarms take the version back.
func TestNewVersionsAreTakenBack(t *testing.T) {
	inEveryState(t, func(t *testing.T, s *template.Stack) {
		alarms := map[string]bool{}
		for _, alarm := range s.OfType("AWS::CloudWatch::Alarm") {
			alarms[naming.Of(alarm)] = true
		}
		for _, f := range s.OfType("AWS::Lambda::Function") {
			group, ok := s.Resource(f.ID + "DeploymentGroup")
			if !ok {
				t.Errorf("%s is deployed at once", f.ID)
				continue
			}
			named, _ := dig(group.Properties, "AlarmConfiguration", "Alarms").([]any)
			if len(named) == 0 || dig(group.Properties, "AlarmConfiguration", "Enabled") != true || dig(group.Properties, "AutoRollbackConfiguration", "Enabled") != true {
				t.Errorf("%s: nothing takes a version back", f.ID)
			}
			for _, alarm := range named {
				if !alarms[fmt.Sprint(dig(alarm, "Name"))] {
					t.Errorf("%s watches %v, which does not exist", group.ID, dig(alarm, "Name"))
				}
			}
			if kind := fmt.Sprint(dig(group.Properties, "DeploymentConfigName")); !strings.HasPrefix(kind, "CodeDeployDefault.LambdaCanary") {
				t.Errorf("%s is deployed by %s", f.ID, kind)
			}
			if read(t).Resources[f.ID+"Aliaslive"].UpdatePolicy == nil {
				t.Errorf("%s: its alias is moved at once", f.ID)
			}
		}
	})
}

// TestWhatFailsIsSetAside: who is called without anybody waiting has a queue for what fails, and the right to use it.
func TestWhatFailsIsSetAside(t *testing.T) {
	inEveryState(t, func(t *testing.T, s *template.Stack) {
		configured := map[string]string{}
		for _, c := range s.OfType("AWS::Lambda::EventInvokeConfig") {
			configured[fmt.Sprint(c.Properties["FunctionName"])] = fmt.Sprint(dig(c.Properties, "DestinationConfig", "OnFailure", "Destination"))
		}
		var called []string // without anybody waiting
		for _, rule := range s.OfType("AWS::Events::Rule") {
			targets, _ := rule.Properties["Targets"].([]any)
			for _, target := range targets {
				called = append(called, fmt.Sprint(dig(target, "Arn")))
				if dig(target, "DeadLetterConfig", "Arn") == nil {
					t.Errorf("%s has no queue for what it cannot deliver", rule.ID)
				}
			}
		}
		for _, schedule := range s.OfType("AWS::Scheduler::Schedule") {
			called = append(called, fmt.Sprint(dig(schedule.Properties, "Target", "Arn")))
			if dig(schedule.Properties, "Target", "DeadLetterConfig", "Arn") == nil {
				t.Errorf("%s has no queue for what it cannot deliver", schedule.ID)
			}
		}
		if len(called) != 3 {
			t.Errorf("%d functions are called without anybody waiting, want 3: %v", len(called), called)
		}
		for _, f := range s.OfType("AWS::Lambda::Function") {
			alias := "find-a-lost-trn-" + f.ID + "Aliaslive"
			if !slices.Contains(called, alias) {
				continue
			}
			queue := configured[naming.Of(template.Resource{ID: f.ID, Type: template.TypeFunction})]
			if !strings.HasPrefix(queue, "arn:aws:sqs:") {
				t.Errorf("%s: what fails goes to %q", f.ID, queue)
			}
			role := last(fmt.Sprint(f.Properties["Role"]), "/")
			if !slices.ContainsFunc(policiesOf(s, role), func(statement any) bool {
				return slices.Contains(texts(dig(statement, "Action")), "sqs:SendMessage") && slices.Contains(texts(dig(statement, "Resource")), queue)
			}) {
				t.Errorf("%s may not send to %s", f.ID, queue)
			}
		}
	})
}

// TestQueueEvents: a part of a batch may fail, nothing is seen twice meanwhile, and a flood of messages has a bound.
func TestQueueEvents(t *testing.T) {
	inEveryState(t, func(t *testing.T, s *template.Stack) {
		mappings := s.OfType("AWS::Lambda::EventSourceMapping")
		if len(mappings) != 2 {
			t.Errorf("%d event source mappings, want 2", len(mappings))
		}
		for _, m := range mappings {
			if !slices.Contains(texts(m.Properties["FunctionResponseTypes"]), "ReportBatchItemFailures") {
				t.Errorf("%s does not report partial failures", m.ID)
			}
			if n := number(dig(m.Properties, "ScalingConfig", "MaximumConcurrency")); n < 2 || n > 100 {
				t.Errorf("%s: maximum concurrency %d", m.ID, n)
			}
			for _, q := range s.OfType("AWS::SQS::Queue") {
				if naming.ARN("sqs", naming.Of(q)) != m.Properties["EventSourceArn"] {
					continue
				}
				f, _ := s.Resource(strings.TrimSuffix(strings.TrimSuffix(m.ID, "Matches"), "Emails"))
				if visibility, timeout := number(q.Properties["VisibilityTimeout"]), number(f.Properties["Timeout"]); timeout == 0 || visibility < 6*timeout {
					t.Errorf("%s: seen again after %d s, before six times %s's %d s", q.ID, visibility, f.ID, timeout)
				}
			}
		}
	})
}

// concurrencyOfAnAccount is what an account has to begin with, at the most, and unreserved what Lambda wants left of it.
const (
	concurrencyOfAnAccount = 1000
	unreserved             = 100
)

// TestAFloodHasABound: what the public reaches has concurrency of its own, enough for every request to hang that the
// gateway lets through, and the rest of the service has some left.
func TestAFloodHasABound(t *testing.T) {
	inEveryState(t, func(t *testing.T, s *template.Stack) {
		all := 0
		for _, f := range s.OfType("AWS::Lambda::Function") {
			all += number(f.Properties["ReservedConcurrentExecutions"])
		}
		for _, id := range []string{"LookupFunction", "ReceiptsFunction"} {
			f, _ := s.Resource(id)
			if number(f.Properties["ReservedConcurrentExecutions"]) == 0 {
				t.Errorf("%s has no concurrency of its own", id)
			}
		}
		if all > concurrencyOfAnAccount-unreserved-100 {
			t.Errorf("%d of an account's %d are reserved", all, concurrencyOfAnAccount)
		}
		stages := s.OfType("AWS::ApiGatewayV2::Stage")
		if len(stages) != 1 {
			t.Fatalf("%d stages of the API", len(stages))
		}
		rate, burst := number(dig(stages[0].Properties, "DefaultRouteSettings", "ThrottlingRateLimit")), number(dig(stages[0].Properties, "DefaultRouteSettings", "ThrottlingBurstLimit"))
		lookup, _ := s.Resource("LookupFunction")
		if most := burst + rate*number(lookup.Properties["Timeout"]); rate == 0 || most > number(lookup.Properties["ReservedConcurrentExecutions"]) {
			t.Errorf("%d requests may hang at once, more than are reserved for %s", most, lookup.ID)
		}
	})
}
