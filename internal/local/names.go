package local

import (
	"fmt"
	"strings"
	"unicode"

	"losttrn/internal/local/template"
)

const (
	// Region is the AWS region that the local stack says it is.
	Region = "eu-west-2"
	// account is the one the local servers put into the ARNs they make.
	account = "000000000000"
	// stackName stands before the names of what the template leaves unnamed.
	stackName = "find-a-lost-trn"
)

// pseudo are the pseudo-parameters as they are locally.
func pseudo() map[string]string {
	return map[string]string{
		"AWS::AccountId": account,
		"AWS::Partition": "aws",
		"AWS::Region":    Region,
		"AWS::StackId":   "arn:aws:cloudformation:" + Region + ":" + account + ":stack/" + stackName + "/local",
		"AWS::StackName": stackName,
		"AWS::URLSuffix": "amazonaws.com",
	}
}

// names answers Ref and Fn::GetAtt of the template's resources.
type names struct {
	sqs     string // address of the SQS server
	gateway string // address of the gateway
}

// attribute is the template's question: attribute "" stands for Ref.
func (n names) attribute(r template.Resource, attribute string) (any, error) {
	name := physicalName(r)
	var values map[string]string
	switch r.Type {
	case template.TypeTable:
		values = map[string]string{"": name, "Arn": arn("dynamodb", "table/"+name)}
	case template.TypeQueue:
		values = map[string]string{"": n.queueURL(name), "Arn": arn("sqs", name), "QueueName": name, "QueueUrl": n.queueURL(name)}
	case template.TypeBucket:
		values = map[string]string{"": name, "Arn": "arn:aws:s3:::" + name}
	case template.TypeFunction:
		values = map[string]string{"": name, "Arn": FunctionARN(name)}
	case template.TypeParameter:
		values = map[string]string{"": name}
	case template.TypeHTTPAPI:
		values = map[string]string{"": name, "ApiEndpoint": n.gateway}
	default:
		// Nothing runs for these, so any answer does: it only has to be one.
		values = map[string]string{"": name, attribute: arn("local", r.ID+"/"+attribute)}
	}
	value, ok := values[attribute]
	if !ok {
		return nil, fmt.Errorf("the local stack does not know the attribute %s of %s (%s)", attribute, r.ID, r.Type)
	}
	return value, nil
}

func (n names) queueURL(name string) string { return n.sqs + "/" + account + "/" + name }

// FunctionARN is the ARN of a function by its local name.
func FunctionARN(name string) string { return arn("lambda", "function:"+name) }

func arn(service, rest string) string {
	return "arn:aws:" + service + ":" + Region + ":" + account + ":" + rest
}

// physicalName is the name the template gives, or one made from the logical id
// as CloudFormation makes them.
func physicalName(r template.Resource) string {
	property := map[string]string{
		template.TypeTable:     "TableName",
		template.TypeQueue:     "QueueName",
		template.TypeBucket:    "BucketName",
		template.TypeFunction:  "FunctionName",
		template.TypeParameter: "Name",
	}[r.Type]
	if name, ok := r.Properties[property].(string); ok && name != "" {
		return name
	}
	name := stackName + "-" + r.ID
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

// key is a resource's short name: TeachersTable is "teachers",
// MatchesDeadLetterQueue "matchesDeadLetter".
func key(r template.Resource) string {
	kind := r.Type[strings.LastIndex(r.Type, ":")+1:]
	short := []rune(strings.TrimSuffix(r.ID, kind))
	if len(short) == 0 {
		return r.ID
	}
	short[0] = unicode.ToLower(short[0])
	return string(short)
}
