package template_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"losttrn/internal/local/template"
)

const functions = `
Globals:
  Function:
    Runtime: provided.al2023
    Timeout: 30
    Environment:
      Variables: { SHARED: "1", BOTH: shared }
Resources:
  Queue: { Type: "AWS::SQS::Queue" }
  WorkFunction:
    Type: AWS::Serverless::Function
    Metadata: { BuildMethod: makefile }
    Properties:
      Timeout: 15
      Environment:
        Variables: { BOTH: own, OWN: !Ref Queue, NUMBER: 7 }
      Policies:
        - Statement:
            - { Effect: Allow, Action: [dynamodb:ExportTableToPointInTime], Resource: "*", Condition: { Bool: { a: b } } }
      EventInvokeConfig:
        MaximumRetryAttempts: 1
        DestinationConfig: { OnFailure: { Type: SQS, Destination: !GetAtt Queue.Arn } }
      Events:
        Https: { Type: HttpApi, Properties: { ApiId: x, PayloadFormatVersion: "2.0" } }
        Messages:
          Type: SQS
          Properties:
            Queue: !GetAtt Queue.Arn
            BatchSize: 5
            FunctionResponseTypes: [ReportBatchItemFailures]
            ScalingConfig: { MaximumConcurrency: 3 }
        Nightly:
          Type: ScheduleV2
          Properties: { ScheduleExpression: "cron(0 3 * * ? *)", ScheduleExpressionTimezone: Europe/London }
        Dropped:
          Type: EventBridgeRule
          Properties: { Pattern: { source: [aws.s3] } }
  PlainFunction:
    Type: AWS::Serverless::Function
`

func TestFunctions(t *testing.T) {
	parsed, err := template.Parse([]byte(functions))
	if err != nil {
		t.Fatal(err)
	}
	stack, err := parsed.Evaluate(settings(nil))
	if err != nil {
		t.Fatal(err)
	}
	got, err := stack.Functions()
	if err != nil {
		t.Fatal(err)
	}
	want := []template.Function{
		{
			ID: "PlainFunction", Timeout: 30 * time.Second, MemorySize: 128, Retries: 2,
			Environment: map[string]string{"SHARED": "1", "BOTH": "shared"},
		},
		{
			ID: "WorkFunction", Timeout: 15 * time.Second, MemorySize: 128,
			Environment: map[string]string{"SHARED": "1", "BOTH": "own", "OWN": "ref-Queue", "NUMBER": "7"},
			HTTP:        true,
			Queues:      []template.QueueEvent{{QueueARN: "Queue:Arn", BatchSize: 5, Concurrency: 3, PartialFailures: true}},
			Rules:       []template.RuleEvent{{Name: "Dropped", Pattern: map[string]any{"source": []any{"aws.s3"}}}},
			Schedules:   []template.ScheduleEvent{{Name: "WorkFunctionNightly", Expression: "cron(0 3 * * ? *)", Zone: "Europe/London"}},
			Retries:     1, DeadLetters: "Queue:Arn", Destination: true,
		},
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(template.Function{})); diff != "" {
		t.Error(diff)
	}
	if got[0].Exports() || !got[1].Exports() {
		t.Error("only the second may export")
	}
}

func TestFunctionPropertiesThatAreNotUnderstoodAreRefused(t *testing.T) {
	for name, c := range map[string]struct{ properties, want string }{
		"unknown property": {"{ FileSystemConfigs: [] }", "FileSystemConfigs"},
		"route":            {"{ Events: { E: { Type: HttpApi, Properties: { Path: '/a/{id}', Method: get } } } }", "variables"},
		"payload":          {"{ Events: { E: { Type: HttpApi, Properties: { PayloadFormatVersion: '1.0' } } } }", "payload format"},
		"filter":           {"{ Events: { E: { Type: SQS, Properties: { FilterCriteria: {} } } } }", "FilterCriteria"},
		"destination":      {"{ DeadLetterQueue: { Type: SNS, TargetArn: x } }", "SNS"},
	} {
		t.Run(name, func(t *testing.T) {
			parsed, err := template.Parse([]byte("Resources:\n  F: { Type: 'AWS::Serverless::Function', Properties: " + c.properties + " }"))
			if err != nil {
				t.Fatal(err)
			}
			stack, err := parsed.Evaluate(settings(nil))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := stack.Functions(); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}
