// Package calls records which AWS calls a program makes, in the terms of IAM policies: the action, the resource and,
// for DynamoDB, the attributes. It stands as a proxy between the program and the servers.
package calls

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"losttrn/internal/local/naming"
)

// Call is a permission that a request needs. A request on several tables is several calls.
type Call struct {
	Function string `json:"function"` // logical id of who calls
	Action   string `json:"action"`   // such as dynamodb:GetItem
	Resource string `json:"resource"` // ARN
	// Keys are the condition keys of the request by name, each with its values, sorted.
	Keys map[string][]string `json:"keys,omitempty"`
}

// String writes a call as one line.
func (c Call) String() string {
	text := fmt.Sprintf("%s: %s on %s", c.Function, c.Action, c.Resource)
	for _, key := range []string{keyAttributes, keySelect, keyReturnValues, keyPrefix} {
		if values := c.Keys[key]; len(values) > 0 {
			text += fmt.Sprintf(" %s=%s", key, strings.Join(values, ","))
		}
	}
	return text
}

// The condition keys that are recorded.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
const (
	keyAttributes   = "dynamodb:Attributes"
	keySelect       = "dynamodb:Select"
	keyReturnValues = "dynamodb:ReturnValues"
	keyPrefix       = "s3:prefix"
)

// Of returns the permissions that a request needs, or an error for a request that it cannot read, because an unknown
// call must not count as one that needs no permission.
func Of(r *http.Request, body []byte) ([]Call, error) {
	target := r.Header.Get("X-Amz-Target")
	service, operation, json := strings.Cut(target, ".")
	switch {
	case !json:
		return ofS3(r)
	case strings.HasPrefix(service, "DynamoDB"):
		return ofDynamoDB(operation, body)
	case service == "AmazonSQS":
		return ofSQS(operation, body)
	case service == "AmazonSSM":
		return ofSSM(operation, body)
	}
	return nil, fmt.Errorf("calls: no service known of %q", target)
}

func ofSQS(operation string, body []byte) ([]Call, error) {
	var in struct{ QueueUrl string }
	if err := json.Unmarshal(body, &in); err != nil {
		return nil, fmt.Errorf("calls: sqs:%s: %w", operation, err)
	}
	// A batch call needs the permission of the single call.
	action := "sqs:" + strings.TrimSuffix(operation, "Batch")
	return []Call{{Action: action, Resource: naming.ARN("sqs", in.QueueUrl[strings.LastIndexByte(in.QueueUrl, '/')+1:])}}, nil
}

func ofSSM(operation string, body []byte) ([]Call, error) {
	var in struct {
		Name  string
		Names []string
	}
	if err := json.Unmarshal(body, &in); err != nil {
		return nil, fmt.Errorf("calls: ssm:%s: %w", operation, err)
	}
	var all []Call
	for _, name := range append(in.Names, in.Name) {
		if name != "" {
			all = append(all, Call{Action: "ssm:" + operation, Resource: naming.ARN("ssm", "parameter"+name)})
		}
	}
	return all, nil
}

// ofS3 reads a request of path style. https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations.html
func ofS3(r *http.Request) ([]Call, error) {
	bucket, key, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	if bucket == "" {
		return nil, fmt.Errorf("calls: %s %s is not a call on a bucket", r.Method, r.URL.Path)
	}
	query := r.URL.Query()
	arn := "arn:aws:s3:::" + bucket
	if key == "" {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			return nil, fmt.Errorf("calls: %s on a bucket is not known", r.Method)
		}
		c := Call{Action: "s3:ListBucket", Resource: arn}
		if prefix := query.Get("prefix"); prefix != "" {
			c.Keys = map[string][]string{keyPrefix: {prefix}}
		}
		return []Call{c}, nil
	}
	object := Call{Resource: arn + "/" + key}
	switch r.Method {
	case http.MethodGet, http.MethodHead:
		object.Action = "s3:GetObject"
	case http.MethodPut, http.MethodPost:
		object.Action = "s3:PutObject"
	case http.MethodDelete:
		object.Action = "s3:DeleteObject"
		if query.Has("uploadId") {
			object.Action = "s3:AbortMultipartUpload"
		}
	default:
		return nil, fmt.Errorf("calls: %s on an object is not known", r.Method)
	}
	all := []Call{object}
	if from := r.Header.Get("X-Amz-Copy-Source"); from != "" {
		all = append(all, Call{Action: "s3:GetObject", Resource: "arn:aws:s3:::" + strings.TrimPrefix(from, "/")})
	}
	return all, nil
}

func sorted(set map[string]bool) []string {
	var all []string
	for one := range set {
		all = append(all, one)
	}
	slices.Sort(all)
	return all
}
