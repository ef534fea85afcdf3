package template

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

type httpProperties struct {
	ApiId, PayloadFormatVersion, TimeoutInMillis, Auth, RouteSettings any
	Path, Method                                                      string
}

type queueProperties struct {
	Queue                          string
	BatchSize                      Number
	Enabled                        *Flag
	FunctionResponseTypes          []string
	MaximumBatchingWindowInSeconds any
	ScalingConfig                  struct{ MaximumConcurrency Number }
}

type ruleProperties struct {
	Pattern                                                              any
	EventBusName, DeadLetterConfig, RetryPolicy, Target, State, RuleName any
}

type scheduleProperties struct {
	ScheduleExpression, ScheduleExpressionTimezone, Input, State         string
	Name, Description, FlexibleTimeWindow, RetryPolicy, DeadLetterConfig any
	GroupName, RoleArn, OmitName, PermissionsBoundary, KmsKeyArn         any
}

// responseTypes are those that an SQS event source can ask for.
const reportFailures = "ReportBatchItemFailures"

func (f *Function) addEvent(name, kind string, properties json.RawMessage) error {
	switch kind {
	case EventHTTPAPI:
		var p httpProperties
		if err := strict(properties, &p); err != nil {
			return err
		}
		if strings.ContainsAny(p.Path, "{}") {
			return fmt.Errorf("the local gateway has routes without variables alone, not %s", p.Path)
		}
		if v := fmt.Sprint(p.PayloadFormatVersion); p.PayloadFormatVersion != nil && v != "2.0" && v != "2" {
			return fmt.Errorf("the local gateway has payload format 2.0 alone, not %s", v)
		}
		if p.Path == "" || p.Path == "$default" { // so it is without path and method
			f.HTTP = true
			return nil
		}
		f.Routes = append(f.Routes, strings.ToUpper(p.Method)+" "+p.Path)
	case EventQueue:
		var p queueProperties
		if err := strict(properties, &p); err != nil {
			return err
		}
		if p.Enabled != nil && !bool(*p.Enabled) {
			return nil
		}
		f.Queues = append(f.Queues, QueueEvent{
			QueueARN:        p.Queue,
			BatchSize:       int(cmp.Or(p.BatchSize, defaultBatch)),
			Concurrency:     int(cmp.Or(p.ScalingConfig.MaximumConcurrency, defaultPollers)),
			PartialFailures: slices.Contains(p.FunctionResponseTypes, reportFailures),
		})
	case EventEventBridgeRule:
		var p ruleProperties
		if err := strict(properties, &p); err != nil {
			return err
		}
		if p.State != "DISABLED" {
			f.Rules = append(f.Rules, RuleEvent{Name: name, Pattern: p.Pattern})
		}
	case EventSchedule:
		var p scheduleProperties
		if err := strict(properties, &p); err != nil {
			return err
		}
		f.Schedules = append(f.Schedules, ScheduleEvent{
			Name: f.ID + name, Expression: p.ScheduleExpression, Zone: p.ScheduleExpressionTimezone,
			Input: p.Input, Disabled: p.State == "DISABLED",
		})
	}
	return nil
}

// strict decodes properties and refuses unknown ones.
func strict(text json.RawMessage, into any) error {
	if len(text) == 0 {
		return nil
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return fmt.Errorf("the local stack cannot read its properties: %w", err)
	}
	return nil
}
