// Package naming derives the local names, ARNs and addresses of the template's resources.
package naming

import (
	"cmp"
	"fmt"
	"strings"
	"unicode"

	"losttrn/internal/local/template"
)

const (
	// Region is the AWS region that the local stack claims to be.
	Region = "eu-west-2"
	// Account is the one that the local servers put into the ARNs they make.
	Account = "000000000000"
	// stackName stands before the names of what the template leaves unnamed.
	stackName = "find-a-lost-trn"
)

// Pseudo returns the pseudo-parameters as they are locally.
func (a Addresses) Pseudo() map[string]string {
	stack := cmp.Or(a.Stack, stackName)
	return map[string]string{
		"AWS::AccountId": Account,
		"AWS::Partition": "aws",
		"AWS::Region":    Region,
		"AWS::StackId":   "arn:aws:cloudformation:" + Region + ":" + Account + ":stack/" + stack + "/local",
		"AWS::StackName": stack,
		"AWS::URLSuffix": "amazonaws.com",
	}
}

// Types of resources that are not run locally, but that policies name.
const (
	typeRole = "AWS::IAM::Role"
	typeKey  = "AWS::KMS::Key"
)

// Addresses are the addresses in the names of some resources.
type Addresses struct {
	SQS     string
	Gateway string
	// Stack stands before the names of what the template leaves unnamed, so that
	// several stacks can share the servers; empty, it is find-a-lost-trn.
	Stack string
}

// Attribute returns the value of Ref (attribute "") or Fn::GetAtt of a resource.
func (a Addresses) Attribute(r template.Resource, attribute string) (any, error) {
	name := a.Name(r)
	var values map[string]string
	switch r.Type {
	case template.TypeTable:
		values = map[string]string{"": name, "Arn": ARN("dynamodb", "table/"+name)}
	case template.TypeQueue:
		values = map[string]string{"": a.queueURL(name), "Arn": ARN("sqs", name), "QueueName": name, "QueueUrl": a.queueURL(name)}
	case template.TypeBucket:
		values = map[string]string{"": name, "Arn": "arn:aws:s3:::" + name}
	case template.TypeFunction:
		values = map[string]string{"": name, "Arn": ARN("lambda", "function:"+name)}
	case typeRole:
		values = map[string]string{"": name, "Arn": "arn:aws:iam::" + Account + ":role/" + name}
	case typeKey:
		values = map[string]string{"": r.ID, "Arn": ARN("kms", "key/"+r.ID)}
	case template.TypeHTTPAPI:
		values = map[string]string{"": name, "ApiEndpoint": a.Gateway}
	default:
		// These are not run locally, so any value will do.
		if attribute == "" {
			return name, nil
		}
		values = map[string]string{attribute: ARN("local", r.ID+"/"+attribute)}
	}
	value, ok := values[attribute]
	if !ok {
		return nil, fmt.Errorf("the local stack does not know the attribute %s of %s (%s)", attribute, r.ID, r.Type)
	}
	return value, nil
}

func (a Addresses) queueURL(name string) string { return a.SQS + "/" + Account + "/" + name }

// ARN returns an ARN in the local account.
func ARN(service, rest string) string {
	return "arn:aws:" + service + ":" + Region + ":" + Account + ":" + rest
}

// Of returns the Name of a resource in the stack that is alone on its servers.
func Of(r template.Resource) string { return Addresses{}.Name(r) }

// Name returns the name that the template gives a resource, or one made from the logical id
// as CloudFormation makes them.
func (a Addresses) Name(r template.Resource) string {
	property := map[string]string{
		template.TypeTable:    "TableName",
		template.TypeQueue:    "QueueName",
		template.TypeBucket:   "BucketName",
		template.TypeFunction: "FunctionName",
	}[r.Type]
	if name, ok := r.Properties[property].(string); ok && name != "" {
		return name
	}
	name := cmp.Or(a.Stack, stackName) + "-" + r.ID
	switch r.Type {
	case template.TypeBucket:
		return strings.ToLower(name)
	case template.TypeQueue:
		if fmt.Sprint(r.Properties["FifoQueue"]) == "true" {
			name += ".fifo"
		}
	}
	return name
}

// Key returns a resource's short name: TeachersTable is "teachers",
// MatchesDeadLetterQueue "matchesDeadLetter".
func Key(r template.Resource) string {
	kind := r.Type[strings.LastIndex(r.Type, ":")+1:]
	short := []rune(strings.TrimSuffix(r.ID, kind))
	if len(short) == 0 {
		return r.ID
	}
	short[0] = unicode.ToLower(short[0])
	return string(short)
}
