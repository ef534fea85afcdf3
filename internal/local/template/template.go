// Package template reads and evaluates the SAM template that the service is deployed from, so that the local stack runs
// the template's resources and has no list of its own.
//
// It evaluates parameters, conditions and the intrinsic functions that the
// template uses, and refuses what it does not know.
package template

import (
	"fmt"
	"maps"
	"slices"
	"sort"
	"strings"
)

// Template is a template as written: nothing in it is evaluated.
type Template struct {
	parameters map[string]parameter
	conditions map[string]any
	resources  map[string]resource
	outputs    map[string]any
	rules      map[string]any
}

type parameter struct {
	fallback any
	allowed  []string
	list     bool
}

type resource struct {
	typ        string
	condition  string
	properties map[string]any
}

// fromSections reads the sections of a template that have a meaning here, without descriptions and metadata. known
// reports which types of resources are allowed.
func fromSections(top map[string]any, known func(string) bool) (*Template, error) {
	for name := range top {
		switch name {
		case "AWSTemplateFormatVersion", "Transform", "Description", "Metadata", "Rules",
			"Parameters", "Conditions", "Globals", "Resources", "Outputs":
		default:
			return nil, fmt.Errorf("the local stack does not know the section %s", name)
		}
	}
	t := &Template{parameters: map[string]parameter{}, resources: map[string]resource{}}
	for name, body := range section(top, "Parameters") {
		p, err := newParameter(body)
		if err != nil {
			return nil, fmt.Errorf("parameter %s: %w", name, err)
		}
		t.parameters[name] = p
	}
	t.conditions = section(top, "Conditions")
	t.outputs = section(top, "Outputs")
	t.rules = section(top, "Rules")
	globals := section(top, "Globals")
	for kind := range globals {
		if kind != "Function" && kind != "HttpApi" {
			return nil, fmt.Errorf("the local stack does not know Globals of %s", kind)
		}
	}
	for id, body := range section(top, "Resources") {
		r, err := newResource(body, globals, known)
		if err != nil {
			return nil, fmt.Errorf("resource %s: %w", id, err)
		}
		t.resources[id] = r
	}
	if len(t.resources) == 0 {
		return nil, fmt.Errorf("the template has no resources")
	}
	return t, nil
}

func section(top map[string]any, name string) map[string]any {
	m, _ := top[name].(map[string]any)
	return m
}

func newParameter(body any) (parameter, error) {
	m, ok := body.(map[string]any)
	if !ok {
		return parameter{}, fmt.Errorf("is not a mapping")
	}
	p := parameter{fallback: m["Default"]}
	kind, _ := m["Type"].(string)
	switch kind {
	case "String", "Number":
	case "CommaDelimitedList":
		p.list = true
	default:
		return parameter{}, fmt.Errorf("the local stack does not know the type %q", kind)
	}
	allowed, _ := m["AllowedValues"].([]any)
	for _, v := range allowed {
		p.allowed = append(p.allowed, scalar(v))
	}
	return p, nil
}

func newResource(body any, globals map[string]any, known func(string) bool) (resource, error) {
	m, ok := body.(map[string]any)
	if !ok {
		return resource{}, fmt.Errorf("is not a mapping")
	}
	r := resource{}
	r.typ, _ = m["Type"].(string)
	r.condition, _ = m["Condition"].(string)
	r.properties, _ = m["Properties"].(map[string]any)
	if !known(r.typ) {
		return resource{}, fmt.Errorf("the local stack does not know the type %s", r.typ)
	}
	if kind, ok := strings.CutPrefix(r.typ, "AWS::Serverless::"); ok {
		if shared, ok := globals[kind].(map[string]any); ok {
			r.properties = merge(shared, r.properties).(map[string]any)
		}
	}
	if r.typ == TypeFunction {
		if err := checkEvents(r.properties["Events"]); err != nil {
			return resource{}, err
		}
	}
	return r, nil
}

// checkEvents refuses an event source that the local stack does not implement.
func checkEvents(events any) error {
	m, _ := events.(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(m)) {
		event, _ := m[name].(map[string]any)
		kind, _ := event["Type"].(string)
		if !eventSources[kind] {
			return fmt.Errorf("event %s: the local stack does not know the event source %q", name, kind)
		}
	}
	return nil
}

// merge lays own over shared as SAM does with Globals: mappings are merged
// through and through, lists are joined, anything else is the resource's own.
func merge(shared, own any) any {
	switch s := shared.(type) {
	case map[string]any:
		o, ok := own.(map[string]any)
		if own != nil && !ok {
			return own
		}
		// A function such as {"Ref": …} is a value, not a mapping to merge into.
		if isIntrinsic(s) || isIntrinsic(o) {
			break
		}
		m := maps.Clone(s)
		for k, v := range o {
			if under, ok := m[k]; ok {
				v = merge(under, v)
			}
			m[k] = v
		}
		return m
	case []any:
		if o, ok := own.([]any); ok {
			return append(slices.Clone(s), o...)
		}
	}
	if own == nil {
		return shared
	}
	return own
}

// Types of resources that the local stack implements.
const (
	TypeFunction = "AWS::Serverless::Function"
	TypeHTTPAPI  = "AWS::Serverless::HttpApi"
	TypeTable    = "AWS::DynamoDB::Table"
	TypeQueue    = "AWS::SQS::Queue"
	TypeBucket   = "AWS::S3::Bucket"
)

var implemented = map[string]bool{
	TypeFunction: true, TypeHTTPAPI: true, TypeTable: true,
	TypeQueue: true, TypeBucket: true,
}

// isKnown reports whether the local stack knows a type of resource.
func isKnown(typ string) bool { return implemented[typ] || ignored[typ] }

// ignored are types that monitor, protect or deploy the service without taking part in a request. The local stack
// starts nothing for them.
var ignored = map[string]bool{
	"AWS::CloudWatch::Alarm":                     true,
	"AWS::CloudWatch::AnomalyDetector":           true,
	"AWS::CloudWatch::CompositeAlarm":            true,
	"AWS::CloudWatch::Dashboard":                 true,
	"AWS::CodeDeploy::Application":               true,
	"AWS::CodeDeploy::DeploymentGroup":           true,
	"AWS::IAM::ManagedPolicy":                    true,
	"AWS::IAM::Policy":                           true,
	"AWS::IAM::Role":                             true,
	"AWS::KMS::Alias":                            true,
	"AWS::KMS::Key":                              true,
	"AWS::Lambda::Permission":                    true,
	"AWS::Logs::LogGroup":                        true,
	"AWS::Logs::MetricFilter":                    true,
	"AWS::Logs::QueryDefinition":                 true,
	"AWS::IAM::RolePolicy":                       true,
	"AWS::ApiGatewayV2::DomainName":              true,
	"AWS::ApiGatewayV2::ApiMapping":              true,
	"AWS::CloudFront::Distribution":              true,
	"AWS::CloudFront::OriginRequestPolicy":       true,
	"AWS::SecretsManager::Secret":                true,
	"AWS::CloudTrail::Trail":                     true,
	"AWS::S3::BucketPolicy":                      true,
	"AWS::SNS::Subscription":                     true,
	"AWS::SNS::Topic":                            true,
	"AWS::SNS::TopicPolicy":                      true,
	"AWS::SQS::QueuePolicy":                      true,
	"AWS::ApplicationAutoScaling::Policy":        true,
	"AWS::ApplicationAutoScaling::ScalingTarget": true,
}

// Event sources of functions that the local stack implements.
const (
	EventHTTPAPI         = "HttpApi"
	EventQueue           = "SQS"
	EventEventBridgeRule = "EventBridgeRule"
	EventSchedule        = "ScheduleV2"
)

var eventSources = map[string]bool{
	EventHTTPAPI: true, EventQueue: true, EventEventBridgeRule: true, EventSchedule: true,
}

// ParameterNames lists the template's parameters in order.
func (t *Template) ParameterNames() []string {
	names := slices.Collect(maps.Keys(t.parameters))
	sort.Strings(names)
	return names
}
