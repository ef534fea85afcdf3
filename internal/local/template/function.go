package template

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Function is a function as the template declares it.
type Function struct {
	ID          string // logical id
	Timeout     time.Duration
	MemorySize  int
	Environment map[string]string
	// Reserved is its reserved concurrency; 0, none is.
	Reserved int

	// HTTP reports whether an HTTP API calls it for every request that no route of another function is for.
	HTTP bool
	// Routes are the routes of an HTTP API that are its own, such as "POST /path".
	Routes    []string
	Queues    []QueueEvent
	Rules     []RuleEvent
	Schedules []ScheduleEvent

	// Retries is how often a failed asynchronous event is tried again.
	Retries int
	// DeadLetters is the ARN of the queue for an asynchronous event that failed finally; empty if there is none. With
	// Destination, the queue gets Lambda's record of the failure, else the event itself.
	DeadLetters string
	Destination bool

	// Role is the ARN of its execution role.
	Role string

	policies string
}

// QueueEvent is an SQS event source.
type QueueEvent struct {
	QueueARN        string
	BatchSize       int
	Concurrency     int
	PartialFailures bool
}

// RuleEvent is an EventBridge rule.
type RuleEvent struct {
	Name    string
	Pattern any
}

// ScheduleEvent is a schedule of EventBridge Scheduler.
type ScheduleEvent struct {
	Name       string
	Expression string
	Zone       string
	Input      string
	Disabled   bool
}

// MayCall reports whether the function's policies, its own or its role's, name an action.
func (f Function) MayCall(action string) bool { return strings.Contains(f.policies, `"`+action+`"`) }

// functionProperties are those of AWS::Serverless::Function. The members of type any affect the deployment alone, not
// the local stack.
type functionProperties struct {
	Timeout     Number
	MemorySize  Number
	Environment struct{ Variables map[string]Text }
	Events      map[string]struct {
		Type       string
		Properties json.RawMessage
	}
	Policies                     json.RawMessage
	Role                         string
	ReservedConcurrentExecutions Number
	DeadLetterQueue              *struct{ Type, TargetArn string }
	EventInvokeConfig            *struct {
		MaximumRetryAttempts     *Number
		MaximumEventAgeInSeconds any
		DestinationConfig        struct {
			OnFailure *struct{ Type, Destination string }
		}
	}

	Runtime, Handler, CodeUri, Architectures, Description, FunctionName, PackageType    any
	AutoPublishAlias, AutoPublishAliasAllProperties, DeploymentPreference               any
	AutoPublishCodeSha256, Tracing, Tags, LoggingConfig, PermissionsBoundary            any
	KmsKeyArn, EphemeralStorage, SnapStart, ProvisionedConcurrencyConfig, RolePath      any
	VersionDescription, RuntimeManagementConfig, PropagateTags, VersionDeletionPolicy   any
	RecursiveLoop, AssumeRolePolicyDocument, CodeSigningConfigArn, InlineCode, ImageUri any
}

// Lambda's own defaults.
const (
	defaultTimeout   = 3
	defaultMemory    = 128
	defaultBatch     = 10
	defaultPollers   = 5
	defaultRetries   = 2
	actionOfExports  = "dynamodb:ExportTableToPointInTime"
	queueDestination = "SQS"
)

// Exports reports whether the function may export tables to S3.
func (f Function) Exports() bool { return f.MayCall(actionOfExports) }

// Functions lists the functions of a stack.
func (s *Stack) Functions() ([]Function, error) {
	var list []Function
	for _, r := range s.OfType(TypeFunction) {
		f, err := r.function()
		if err != nil {
			return nil, err
		}
		written, err := s.policiesOf(f.Role)
		if err != nil {
			return nil, err
		}
		f.policies += written
		list = append(list, f)
	}
	return list, nil
}

// policiesOf returns the text of the policies of a role, each of which is a resource of its own.
func (s *Stack) policiesOf(role string) (string, error) {
	var all strings.Builder
	for _, r := range s.OfType("AWS::IAM::RolePolicy") {
		name := scalar(r.Properties["RoleName"])
		if name == "" || !strings.HasSuffix(role, ":role/"+name) {
			continue
		}
		text, err := json.Marshal(r.Properties["PolicyDocument"])
		if err != nil {
			return "", fmt.Errorf("%s: %w", r.ID, err)
		}
		all.Write(text)
	}
	return all.String(), nil
}

func (r Resource) function() (Function, error) {
	var p functionProperties
	if err := r.Decode(&p); err != nil {
		return Function{}, err
	}
	f := Function{
		ID:          r.ID,
		Timeout:     time.Duration(cmp.Or(p.Timeout, defaultTimeout)) * time.Second,
		MemorySize:  int(cmp.Or(p.MemorySize, defaultMemory)),
		Environment: map[string]string{},
		Reserved:    int(p.ReservedConcurrentExecutions),
		Retries:     defaultRetries,
		Role:        p.Role,
		policies:    string(p.Policies),
	}
	for name, value := range p.Environment.Variables {
		f.Environment[name] = string(value)
	}
	if err := f.setFailures(p); err != nil {
		return Function{}, fmt.Errorf("%s: %w", r.ID, err)
	}
	for _, name := range slices.Sorted(maps.Keys(p.Events)) {
		if err := f.addEvent(name, p.Events[name].Type, p.Events[name].Properties); err != nil {
			return Function{}, fmt.Errorf("%s: event %s: %w", r.ID, name, err)
		}
	}
	return f, nil
}

// setFailures reads the destination of events that failed finally.
func (f *Function) setFailures(p functionProperties) error {
	kind := queueDestination
	if q := p.DeadLetterQueue; q != nil {
		kind, f.DeadLetters = q.Type, q.TargetArn
	}
	if c := p.EventInvokeConfig; c != nil {
		if c.MaximumRetryAttempts != nil {
			f.Retries = int(*c.MaximumRetryAttempts)
		}
		if d := c.DestinationConfig.OnFailure; d != nil {
			kind, f.DeadLetters, f.Destination = d.Type, d.Destination, true
		}
	}
	if kind != queueDestination {
		return fmt.Errorf("the local stack sets failed events aside in a queue alone, not in %q", kind)
	}
	return nil
}
