package translated

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	"losttrn/internal/local/template"
)

// Limits of AWS.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html and those of each service.
const (
	maxTemplate    = 1_000_000 // bytes, from S3
	maxResources   = 500
	maxParameters  = 200
	maxOutputs     = 200
	maxRolePolicy  = 10_240 // characters of all inline policies of a role, without space
	maxKeyPolicy   = 32_768
	maxOtherPolicy = 20_480 // of a bucket; of a queue it is larger
	maxEnvironment = 4_096  // bytes of a function's variables
	maxDashboard   = 500    // metrics a dashboard's widgets
)

// maxNames are the lengths that names may have, by type and property. Where a property is absent CloudFormation makes a
// name of its own, within the limit.
var maxNames = map[string]map[string]int{
	"AWS::SQS::Queue":             {"QueueName": 80},
	"AWS::KMS::Alias":             {"AliasName": 256},
	"AWS::SecretsManager::Secret": {"Name": 512},
	"AWS::IAM::RolePolicy":        {"PolicyName": 128},
	"AWS::IAM::Role":              {"RoleName": 64, "Description": 1000},
	"AWS::Lambda::Function":       {"FunctionName": 64, "Description": 256},
	"AWS::CloudWatch::Alarm":      {"AlarmName": 255, "AlarmDescription": 1024},
	"AWS::Scheduler::Schedule":    {"Name": 64, "Description": 512},
}

// Limits returns which parts of an evaluated template exceed AWS's limits.
func (t *Template) Limits(s *template.Stack) []string {
	var over []string
	check := func(what string, size, most int) {
		if size > most {
			over = append(over, fmt.Sprintf("%s: %d, at most %d", what, size, most))
		}
	}
	check("bytes of the template", t.Size, maxTemplate)
	check("resources", len(t.Resources), maxResources)
	check("parameters", len(t.sections["Parameters"]), maxParameters)
	check("outputs", len(t.sections["Outputs"]), maxOutputs)
	ofRole := map[string]int{}
	for _, id := range slices.Sorted(maps.Keys(t.Resources)) {
		r, exists := s.Resource(id)
		if !exists {
			continue
		}
		for property, most := range maxNames[r.Type] {
			if name, ok := r.Properties[property].(string); ok {
				check(id+"."+property, len(name), most)
			}
		}
		switch r.Type {
		case "AWS::IAM::RolePolicy":
			ofRole[fmt.Sprint(r.Properties["RoleName"])] += length(r.Properties["PolicyDocument"])
		case "AWS::KMS::Key":
			check(id+"'s policy", length(r.Properties["KeyPolicy"]), maxKeyPolicy)
		case "AWS::S3::BucketPolicy", "AWS::SQS::QueuePolicy":
			check(id, length(r.Properties["PolicyDocument"]), maxOtherPolicy)
		case "AWS::Lambda::Function":
			environment, _ := r.Properties["Environment"].(map[string]any)
			check(id+"'s variables", length(environment["Variables"]), maxEnvironment)
		case "AWS::CloudWatch::Dashboard":
			check(id+"'s metrics", strings.Count(fmt.Sprint(r.Properties["DashboardBody"]), `["`), maxDashboard)
		}
	}
	for role, size := range ofRole {
		check("the policies of "+role, size, maxRolePolicy)
	}
	slices.Sort(over)
	return over
}

// length returns the number of characters of a value as JSON, without space.
func length(v any) int {
	text, err := json.Marshal(v)
	if err != nil {
		return 0 // impossible: it was read from JSON
	}
	return len(strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, string(text)))
}
