package template_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"losttrn/internal/local/template"
)

// settings are a deployment in which every resource is named after its logical id.
func settings(parameters map[string]string) template.Settings {
	return template.Settings{
		Parameters: parameters,
		Pseudo:     map[string]string{"AWS::Region": "eu-west-2"},
		Attribute: func(r template.Resource, attribute string) (any, error) {
			if attribute == "Missing" {
				return nil, fmt.Errorf("%s has no attribute %s", r.ID, attribute)
			}
			if attribute == "" {
				return "ref-" + r.ID, nil
			}
			return r.ID + ":" + attribute, nil
		},
	}
}

const head = `
Parameters:
  Stage: { Type: String, Default: dev, AllowedValues: [dev, live] }
  Days: { Type: Number, Default: 90 }
  Names: { Type: CommaDelimitedList, Default: "a, b" }
Conditions:
  IsLive: !Equals [!Ref Stage, live]
  IsDev: !Not [!Condition IsLive]
  Both: !And [!Condition IsDev, !Equals [!Ref Days, 90]]
  Either: !Or [!Condition IsLive, !Equals [a, a]]
Resources:
  Other: { Type: "AWS::SQS::Queue" }
  LiveOnly: { Type: "AWS::SQS::Queue", Condition: IsLive }
`

// evaluate works out one property of a template that has it as its last line.
func evaluate(t *testing.T, expression string, parameters map[string]string) (any, error) {
	t.Helper()
	parsed, err := template.Parse([]byte(head + "  Subject:\n    Type: AWS::SQS::Queue\n    Properties:\n      Value: " + expression + "\n"))
	if err != nil {
		return nil, err
	}
	stack, err := parsed.Evaluate(settings(parameters))
	if err != nil {
		return nil, err
	}
	r, _ := stack.Resource("Subject")
	return r.Properties["Value"], nil
}

func TestIntrinsicFunctions(t *testing.T) {
	for _, c := range []struct {
		expression string
		want       any
	}{
		{`plain`, "plain"},
		{`180`, int64(180)},
		{`-3`, int64(-3)},
		{`true`, true},
		{`"on"`, "on"},
		{`on`, "on"},
		{`2012-10-17`, "2012-10-17"},
		{`[sqs:SendMessage, { a: dynamodb:Query }]`, []any{"sqs:SendMessage", map[string]any{"a": "dynamodb:Query"}}},
		{`!Ref Stage`, "dev"},
		{`{ Ref: Stage }`, "dev"},
		{`!Ref Days`, "90"},
		{`!Ref Names`, []any{"a", "b"}},
		{`!Ref AWS::Region`, "eu-west-2"},
		{`!Ref Other`, "ref-Other"},
		{`!GetAtt Other.Arn`, "Other:Arn"},
		{`{ "Fn::GetAtt": [Other, Arn] }`, "Other:Arn"},
		{`!Sub a-${Stage}-${Other}-${Other.Arn}-${AWS::Region}-${!Kept}`, "a-dev-ref-Other-Other:Arn-eu-west-2-${Kept}"},
		{`!Sub ["${x}-${Stage}", { x: !GetAtt Other.Arn }]`, "Other:Arn-dev"},
		{`{ "Fn::Sub": "${Stage}" }`, "dev"},
		{`!Join ["-", [a, !Ref Stage, 1]]`, "a-dev-1"},
		{`!Join ["+", !Ref Names]`, "a+b"},
		{`!Select [1, !Ref Names]`, "b"},
		{`!Split ["/", "a/b"]`, []any{"a", "b"}},
		{`!Select [1, !Split ["/", "a/b"]]`, "b"},
		{`!If [IsDev, yes, no]`, "yes"},
		{`!If [IsLive, yes, no]`, "no"},
		{`!If [Both, yes, no]`, "yes"},
		{`!If [Either, yes, no]`, "yes"},
		{`[a, !If [IsLive, b, !Ref AWS::NoValue], c]`, []any{"a", "c"}},
		{`{ a: !Ref AWS::NoValue, b: 1 }`, map[string]any{"b": int64(1)}},
		{`!If [IsDev, here, !Ref LiveOnly]`, "here"},
	} {
		got, err := evaluate(t, c.expression, nil)
		if err != nil {
			t.Errorf("%s: %v", c.expression, err)
			continue
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", c.expression, diff)
		}
	}
}

func TestParametersOverride(t *testing.T) {
	got, err := evaluate(t, "!If [IsLive, !Ref LiveOnly, dev]", map[string]string{"Stage": "live"})
	if err != nil || got != "ref-LiveOnly" {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestWhatIsNotKnownIsRefusedByName(t *testing.T) {
	for _, c := range []struct{ name, expression, want string }{
		{"short function", `!Base64 x`, "line 17: the local stack does not know the function !Base64"},
		{"long function", `{ "Fn::ImportValue": x }`, "line 17: the local stack does not know the function Fn::ImportValue"},
		{"nested", `[!If [IsDev, !GetAZs x, y]]`, "!GetAZs"},
		{"condition as a value", `!Equals [a, b]`, "Fn::Equals cannot stand here"},
		{"pseudo-parameter", `!Ref AWS::NotificationARNs`, "AWS::NotificationARNs"},
		{"reference", `!Ref Nobody`, "Nobody is neither a parameter nor a resource"},
		{"attribute", `!GetAtt Other.Missing`, "no attribute Missing"},
		{"no attribute", `!GetAtt Other`, "wants a resource and an attribute"},
		{"absent resource", `!Ref LiveOnly`, "its condition IsLive is not met"},
		{"condition", `!If [Never, a, b]`, "there is no condition Never"},
		{"index", `!Select [2, [a, b]]`, "no element 2"},
		{"itself", `{ Ref: Subject }`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := evaluate(t, c.expression, nil)
			if c.want == "" {
				if err != nil {
					t.Errorf("refused: %v", err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

func TestUnknownPartsAreRefused(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"resource type":  {"Resources:\n  X: { Type: 'AWS::Kinesis::Stream' }", "resource X: the local stack does not know the type AWS::Kinesis::Stream"},
		"event source":   {"Resources:\n  F: { Type: 'AWS::Serverless::Function', Properties: { Events: { E: { Type: Kinesis } } } }", `event E: the local stack does not know the event source "Kinesis"`},
		"section":        {"Mappings: {}\nResources:\n  X: { Type: 'AWS::SQS::Queue' }", "section Mappings"},
		"globals":        {"Globals: { Api: {} }\nResources:\n  X: { Type: 'AWS::SQS::Queue' }", "Globals of Api"},
		"parameter type": {"Parameters: { P: { Type: 'AWS::SSM::Parameter::Value<String>' } }\nResources:\n  X: { Type: 'AWS::SQS::Queue' }", "parameter P"},
		"nothing":        {"", "empty"},
		"no resources":   {"Resources: {}", "no resources"},
		"twice":          {"Resources:\n  X: { Type: 'AWS::SQS::Queue' }\n  X: { Type: 'AWS::SQS::Queue' }", "line 3: X stands here twice"},
		"merge":          {"a: &a {}\nResources:\n  X: { <<: *a }", ""},
		"broken":         {"Resources: [", ""},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := template.Parse([]byte(c.text))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

func TestParametersAreChecked(t *testing.T) {
	for name, parameters := range map[string]map[string]string{
		"unknown":     {"Stge": "dev"},
		"not allowed": {"Stage": "production"},
	} {
		if _, err := evaluate(t, "x", parameters); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestCirclesAreFound(t *testing.T) {
	parsed, err := template.Parse([]byte(`
Conditions:
  A: !Not [!Condition B]
  B: !Not [!Condition A]
Resources:
  X: { Type: "AWS::SQS::Queue", Condition: A }
`))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parsed.Evaluate(settings(nil)); err == nil || !strings.Contains(err.Error(), "circle") {
		t.Errorf("got %v", err)
	}
}
