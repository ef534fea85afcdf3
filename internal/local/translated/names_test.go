//go:build template

package translated_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// named are the properties that are no names of what exists beside other stacks.
var named = []string{
	"AWS::Lambda::Alias Name",                  // below the function
	"AWS::Lambda::Alias FunctionName",          // the function itself
	"AWS::IAM::RolePolicy PolicyName",          // below the role
	"AWS::ApiGatewayV2::Stage StageName",       // below the API
	"AWS::CloudWatch::Alarm MetricName",        // AWS's, or below the stage's namespace
	"AWS::ApiGatewayV2::DomainName DomainName", // a parameter: nobody else can have it
	"AWS::ApiGatewayV2::ApiMapping DomainName",
	"AWS::CodeDeploy::DeploymentGroup DeploymentConfigName", // AWS's
}

// TestTwoStacksFitIntoOneAccount: whatever has a name of its own has the stage's or the stack's in it.
func TestTwoStacksFitIntoOneAccount(t *testing.T) {
	for _, s := range states(t) {
		t.Run(s.name, func(t *testing.T) {
			other := map[string]string{}
			for name, value := range s.parameters {
				other[name] = value
			}
			if other["Stage"] == "production" {
				other["Stage"] = "dev"
			} else {
				other["Stage"], other["AlarmTopicArn"] = "staging", topic
			}
			one, err := read(t).Evaluate("one", s.parameters)
			if err != nil {
				t.Fatal(err)
			}
			two, err := read(t).Evaluate("two", other)
			if err != nil {
				t.Fatal(err)
			}
			for id, r := range read(t).Resources {
				a, there := one.Resource(id)
				b, thereToo := two.Resource(id)
				if !there || !thereToo {
					continue
				}
				for property, value := range a.Properties {
					if !strings.HasSuffix(property, "Name") || slices.Contains(named, r.Type+" "+property) {
						continue
					}
					if value == b.Properties[property] {
						t.Errorf("%s (%s): %s is %v in every stack", id, r.Type, property, value)
					}
				}
			}
		})
	}
}

// TestWhatCanBeTaggedIs with the service and the stage, so that its cost and its owner are found.
func TestWhatCanBeTaggedIs(t *testing.T) {
	kinds := []string{"AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::SQS::Queue", "AWS::KMS::Key", "AWS::Lambda::Function",
		"AWS::CloudFront::Distribution", "AWS::CloudTrail::Trail", "AWS::SecretsManager::Secret", "AWS::ApiGatewayV2::DomainName"}
	for _, s := range states(t) {
		stack := evaluate(t, s)
		for _, kind := range kinds {
			for _, r := range stack.OfType(kind) {
				tags := map[string]string{}
				if list, ok := r.Properties["Tags"].([]any); ok {
					for _, tag := range list {
						tags[fmt.Sprint(dig(tag, "Key"))] = fmt.Sprint(dig(tag, "Value"))
					}
				} else {
					tags["service"], tags["stage"] = fmt.Sprint(dig(r.Properties, "Tags", "service")), fmt.Sprint(dig(r.Properties, "Tags", "stage"))
				}
				if tags["service"] != "find-a-lost-trn" || tags["stage"] != stack.Parameters["Stage"] {
					t.Errorf("%s, %s: tags are %v", s.name, r.ID, tags)
				}
			}
		}
	}
}
