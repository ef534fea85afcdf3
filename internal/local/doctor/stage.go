package doctor

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// described is CloudFormation's description of the stack.
type described struct {
	Status     string
	Protected  bool
	Parameters map[string]string
	Outputs    map[string]string
}

func (d *Doctor) describe(ctx context.Context) (described, error) {
	var answer struct {
		Stacks []struct {
			Status     string `xml:"StackStatus"`
			Protected  bool   `xml:"EnableTerminationProtection"`
			Parameters []struct {
				Key   string `xml:"ParameterKey"`
				Value string `xml:"ParameterValue"`
			} `xml:"Parameters>member"`
			Outputs []struct {
				Key   string `xml:"OutputKey"`
				Value string `xml:"OutputValue"`
			} `xml:"Outputs>member"`
		} `xml:"DescribeStacksResult>Stacks>member"`
	}
	if err := d.query(ctx, "cloudformation", "2010-05-15", "DescribeStacks", map[string]string{"StackName": d.stackName()}, &answer); err != nil {
		return described{}, err
	}
	if len(answer.Stacks) != 1 {
		return described{}, fmt.Errorf("there is no stack %s", d.stackName())
	}
	s := described{Status: answer.Stacks[0].Status, Protected: answer.Stacks[0].Protected, Parameters: map[string]string{}, Outputs: map[string]string{}}
	for _, p := range answer.Stacks[0].Parameters {
		s.Parameters[p.Key] = p.Value
	}
	for _, o := range answer.Stacks[0].Outputs {
		s.Outputs[o.Key] = o.Value
	}
	return s, nil
}

// secrets are the parameters that are made by hand, beside the switch.
var secrets = []string{"cookie-keys", "identity-key", "notify-api-key", "notify-receipt-tokens"}

const unlocking = "unlocking"

// parameters checks that the parameters that are made by hand exist. It decrypts no value.
func (d *Doctor) parameters(ctx context.Context) error {
	prefix := "/find-a-lost-trn/" + d.Stage + "/"
	names := []string{prefix + unlocking}
	for _, name := range secrets {
		names = append(names, prefix+name)
	}
	var answer struct {
		Parameters []struct{ Name, Type, Value string }
	}
	if err := d.json(ctx, "ssm", "AmazonSSM.GetParameters", map[string]any{"Names": names, "WithDecryption": false}, &answer); err != nil {
		return err
	}
	there := map[string]string{}
	for _, p := range answer.Parameters {
		there[p.Name] = p.Type
		if p.Name != prefix+unlocking {
			continue
		}
		switch p.Value {
		case "on":
			d.ok("Automatic unlocking is on.")
		case "off":
			d.ok("Automatic unlocking is off: accounts stay locked until somebody switches it on.")
		default:
			d.bad("The switch %s is %q, neither on nor off: matches wait.", p.Name, p.Value)
		}
	}
	for _, name := range names {
		switch kind := there[name]; {
		case kind == "":
			d.bad("The parameter %s is missing.", name)
		case name != prefix+unlocking && kind != "SecureString":
			d.bad("The secret %s is stored as %s, in the clear.", name, kind)
		case name != prefix+unlocking:
			d.ok("The secret %s is there.", name)
		}
	}
	return nil
}

// topic checks that the alarms' topic has a subscriber.
func (d *Doctor) topic(ctx context.Context) error {
	topic := d.stack.Parameters["AlarmTopicArn"]
	if topic == "" {
		d.bad("Alarms tell nobody: AlarmTopicArn is empty.")
		return nil
	}
	var answer struct {
		Subscriptions []string `xml:"ListSubscriptionsByTopicResult>Subscriptions>member>SubscriptionArn"`
	}
	if err := d.query(ctx, "sns", "2010-03-31", "ListSubscriptionsByTopic", map[string]string{"TopicArn": topic}, &answer); err != nil {
		return err
	}
	confirmed := 0
	for _, arn := range answer.Subscriptions {
		if strings.HasPrefix(arn, "arn:") {
			confirmed++
		}
	}
	if confirmed == 0 {
		d.bad("Alarms tell nobody: none of the %d subscribers of %s has confirmed.", len(answer.Subscriptions), topic)
		return nil
	}
	d.ok("Alarms go to %d confirmed subscribers.", confirmed)
	return nil
}

// key checks that the key is enabled and rotated, and that only roles of the stack may decrypt with it.
func (d *Doctor) key(ctx context.Context) error {
	id := map[string]string{"KeyId": d.stack.Outputs["KeyArn"]}
	var about struct {
		KeyMetadata struct{ KeyState string }
	}
	if err := d.json(ctx, "kms", "TrentService.DescribeKey", id, &about); err != nil {
		return err
	}
	if state := about.KeyMetadata.KeyState; state != "Enabled" {
		d.bad("The key is %s: nothing can be read or written (see the runbook).", state)
	} else {
		d.ok("The key is enabled.")
	}
	var rotation struct{ KeyRotationEnabled bool }
	if err := d.json(ctx, "kms", "TrentService.GetKeyRotationStatus", id, &rotation); err != nil {
		return err
	}
	if !rotation.KeyRotationEnabled {
		d.bad("The key is never rotated.")
	}
	var policy struct{ Policy string }
	if err := d.json(ctx, "kms", "TrentService.GetKeyPolicy", map[string]string{"KeyId": id["KeyId"], "PolicyName": "default"}, &policy); err != nil {
		return err
	}
	return d.keyPolicy(policy.Policy)
}

func (d *Doctor) keyPolicy(text string) error {
	var policy struct {
		Statement []struct {
			Principal any
			Action    any
		}
	}
	if err := json.Unmarshal([]byte(text), &policy); err != nil {
		return fmt.Errorf("the key's policy cannot be read: %w", err)
	}
	var strangers []string
	roles := 0
	for _, s := range policy.Statement {
		actions := list(s.Action)
		if !slices.Contains(actions, "kms:Decrypt") && !slices.Contains(actions, "kms:*") && !slices.Contains(actions, "*") {
			continue
		}
		principal, ok := s.Principal.(map[string]any)
		if !ok {
			strangers = append(strangers, fmt.Sprint(s.Principal))
			continue
		}
		for _, arn := range list(principal["AWS"]) {
			if strings.Contains(arn, ":role/"+d.stackName()+"-") {
				roles++
			} else {
				strangers = append(strangers, arn)
			}
		}
	}
	switch {
	case len(strangers) > 0:
		d.bad("The key reads for others than the stack's roles: %s.", strings.Join(strangers, ", "))
	case roles == 0:
		d.bad("The key reads for none of the stack's roles.")
	default:
		d.ok("The key reads for %d roles of the stack and nobody else.", roles)
	}
	return nil
}

// list returns a text, or a list of them, as a list.
func list(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []any:
		var all []string
		for _, one := range v {
			all = append(all, fmt.Sprint(one))
		}
		return all
	}
	return nil
}
