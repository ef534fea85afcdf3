package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"losttrn/internal/local"
	"losttrn/internal/local/running"
)

// findStack returns the stack that runs in this folder.
func findStack(ctx context.Context) (running.Stack, error) {
	project, err := local.FindProject()
	if err != nil {
		return running.Stack{}, err
	}
	return running.Find(ctx, filepath.Join(string(project), ".local", running.File))
}

// invoke runs a function once and prints its answer.
func (p Program) invoke(ctx context.Context, args []string) error {
	f := p.flags("invoke")
	function := f.String("function", "", "the function: lookup, unlock, …")
	event := f.String("event", "", "the file that holds the event, - for standard input")
	if err := parse(f, args,
		wanted{function, "Name a function and an event: make invoke FUNCTION=lookup EVENT=functions/lookup/events/found.json"},
		wanted{event, "Name an event too: make invoke FUNCTION=… EVENT=functions/…/events/….json"}); err != nil {
		return err
	}
	body, err := read(*event)
	if err != nil {
		return err
	}
	at, err := findStack(ctx)
	if err != nil {
		return err
	}
	answer, err := at.Invoke(ctx, *function, body)
	if err != nil {
		return err
	}
	fmt.Fprintln(p.Stdout, string(answer.Body))
	if answer.Failed {
		return fmt.Errorf("%s reported an error", *function)
	}
	return nil
}

func read(path string) ([]byte, error) {
	if path == "-" {
		return io.ReadAll(os.Stdin)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the event: %w", err)
	}
	return content, nil
}

// setUnlocking switches automatic unlocking on or off, in the local stack or in AWS.
func (p Program) setUnlocking(ctx context.Context, args []string) error {
	f := p.flags("switch")
	state := f.String("state", "", "on or off")
	name := f.String("parameter", "", "the name of the SSM parameter in AWS; empty, the local stack's")
	if err := parse(f, args, wanted{state, "Say which: make unlocking STATE=on (or off)"}); err != nil {
		return err
	}
	if *state != "on" && *state != "off" {
		return errors.New("the state is on or off")
	}
	var client *ssm.Client
	if *name != "" {
		settings, err := config.LoadDefaultConfig(ctx, config.WithDefaultRegion("eu-west-2"))
		if err != nil {
			return fmt.Errorf("read the AWS configuration: %w", err)
		}
		client = ssm.NewFromConfig(settings)
	} else {
		at, err := findStack(ctx)
		if err != nil {
			return err
		}
		for declared := range at.Parameters {
			if strings.HasSuffix(declared, "/unlocking") {
				*name = declared
			}
		}
		endpoint := at.Endpoints["ssm"]
		client = ssm.NewFromConfig(local.Config(), func(o *ssm.Options) { o.BaseEndpoint = &endpoint })
	}
	overwrite := true
	if _, err := client.PutParameter(ctx, &ssm.PutParameterInput{Name: name, Value: state, Type: types.ParameterTypeString, Overwrite: &overwrite}); err != nil {
		return fmt.Errorf("switch unlocking %s: %w", *state, err)
	}
	fmt.Fprintf(p.Stdout, "Automatic unlocking is %s; queued messages follow within 30 seconds.\n", *state)
	return nil
}
