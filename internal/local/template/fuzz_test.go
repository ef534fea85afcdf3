package template_test

import (
	"os"
	"strings"
	"testing"

	"losttrn/internal/local/template"
)

// FuzzTemplate reads any text as a template. It is refused or worked out, and what names an intrinsic function that the
// reader does not know is never passed over.
func FuzzTemplate(f *testing.F) {
	whole, err := os.ReadFile("../../../template.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(whole))
	f.Add(head + "  Subject:\n    Type: AWS::SQS::Queue\n    Properties:\n      Value: !Sub '${Stage}-${Other.Arn}'\n")
	f.Add(head + "  Subject: { Type: AWS::SQS::Queue, Properties: { Value: !If [IsLive, !GetAtt Other.Arn, !Ref AWS::NoValue] } }\n")
	f.Add("Resources: {A: {Type: AWS::SQS::Queue, Properties: {B: {Fn::Cidr: [1, 2]}}}}")
	f.Add("a: &a [*a]\n---\n!x y")
	f.Fuzz(func(t *testing.T, text string) {
		parsed, err := template.Parse([]byte(text))
		if err != nil {
			return
		}
		stack, err := parsed.Evaluate(settings(nil))
		if err != nil {
			return
		}
		for _, kind := range []string{template.TypeTable, template.TypeQueue, template.TypeBucket, template.TypeFunction} {
			for _, r := range stack.OfType(kind) {
				if name := unworked(r.Properties); name != "" {
					t.Errorf("%s was left as it is in %s", name, r.ID)
				}
			}
		}
	})
}

// unworked names an intrinsic function in a value, "" if there is none.
func unworked(value any) string {
	switch v := value.(type) {
	case map[string]any:
		for name, inner := range v {
			if strings.HasPrefix(name, "Fn::") && len(v) == 1 {
				return name
			}
			if found := unworked(inner); found != "" {
				return found
			}
		}
	case []any:
		for _, inner := range v {
			if found := unworked(inner); found != "" {
				return found
			}
		}
	}
	return ""
}
