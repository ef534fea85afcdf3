package command

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"losttrn/internal/local"
	"losttrn/internal/local/pages"
	"losttrn/internal/local/redrive"
	"losttrn/internal/local/stack"
	"losttrn/internal/local/statefile"
)

// running finds the stack that runs in this folder.
func running(ctx context.Context) (pages.Index, error) {
	none := errors.New("no local stack runs in this folder: start one with `make run`")
	project, err := local.FindProject()
	if err != nil {
		return pages.Index{}, err
	}
	var found pages.Index
	if err := statefile.Read(filepath.Join(string(project), ".local", stack.StateFile), &found); err != nil {
		return pages.Index{}, err
	}
	if found.Gateway == "" {
		return pages.Index{}, none
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, found.Gateway+"/_local/", nil)
	if err != nil {
		return pages.Index{}, err
	}
	r.Header.Set("Accept", "application/json")
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return pages.Index{}, none
	}
	response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return pages.Index{}, none
	}
	return found, nil
}

// invoke runs a function once and prints its answer.
func (p Program) invoke(ctx context.Context, args []string) error {
	f := p.flags("invoke")
	function := f.String("function", "", "the function: lookup, unlock, …")
	event := f.String("event", "", "the file that holds the event, - for standard input")
	if err := parse(f, args, function, event); err != nil {
		return err
	}
	body, err := read(*event)
	if err != nil {
		return err
	}
	at, err := running(ctx)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, at.Gateway+"/_local/functions/"+*function+"/invocations", bytes.NewReader(body))
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return fmt.Errorf("invoke %s: %w", *function, err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return fmt.Errorf("invoke %s: %w", *function, err)
	}
	if response.StatusCode != http.StatusOK {
		return errors.New(strings.TrimSpace(string(answer)))
	}
	fmt.Fprintln(p.Stdout, string(answer))
	if response.Header.Get(stack.FunctionErrorHeader) != "" {
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

// redrive moves dead letters back: of the local stack by short name, or between
// two queues in AWS by their addresses.
func (p Program) redrive(ctx context.Context, args []string) error {
	f := p.flags("redrive")
	queue := f.String("queue", "", "the queue to move its dead letters back to: matches, emails, or a queue URL in AWS")
	from := f.String("from", "", "the URL of the dead-letter queue, with a queue URL in AWS")
	if err := parse(f, args, queue); err != nil {
		return err
	}
	var client *sqs.Client
	to := *queue
	if strings.HasPrefix(to, "https://") {
		if *from == "" {
			return errors.New("name the dead-letter queue as well: -from URL")
		}
		settings, err := config.LoadDefaultConfig(ctx, config.WithDefaultRegion("eu-west-2"))
		if err != nil {
			return fmt.Errorf("read the AWS configuration: %w", err)
		}
		client = sqs.NewFromConfig(settings)
	} else {
		at, err := running(ctx)
		if err != nil {
			return err
		}
		if to, *from = at.Queues[*queue], at.Queues[*queue+"DeadLetter"]; to == "" || *from == "" {
			return fmt.Errorf("there is no queue %s with a dead-letter queue", *queue)
		}
		endpoint := at.Endpoints["sqs"]
		client = sqs.NewFromConfig(local.Config(), func(o *sqs.Options) { o.BaseEndpoint = &endpoint })
	}
	result, err := redrive.Move(ctx, client, *from, to)
	fmt.Fprintf(p.Stdout, "%d messages moved back.\n", result.Moved)
	if result.Hidden > 0 {
		err = errors.Join(err, fmt.Errorf("%d dead letters are hidden still, since another redrive runs or was cut short: do this again in %s", result.Hidden, redrive.Visibility))
	}
	if result.Back > 0 {
		err = errors.Join(err, fmt.Errorf("%d of them are dead letters again: what stopped them is not mended", result.Back))
	}
	return err
}

// flip switches automatic unlocking, in the local stack or in AWS.
func (p Program) flip(ctx context.Context, args []string) error {
	f := p.flags("switch")
	state := f.String("state", "", "on or off")
	name := f.String("parameter", "", "the name of the SSM parameter in AWS; empty, the local stack's")
	if err := parse(f, args, state); err != nil {
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
		at, err := running(ctx)
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
