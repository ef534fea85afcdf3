package command

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"losttrn/internal/local"
	"losttrn/internal/local/redrive"
	"losttrn/internal/local/running"
	"losttrn/internal/local/stack"
)

// redrive moves dead letters back: of the local stack by short name, or between
// two queues in AWS by their addresses.
func (p Program) redrive(ctx context.Context, args []string) error {
	f := p.flags("redrive")
	queue := f.String("queue", "", "the queue to move its dead letters back to: matches, emails, or a queue URL in AWS")
	from := f.String("from", "", "the URL of the dead-letter queue, with a queue URL in AWS")
	if err := parse(f, args, wanted{queue, "Name the queue whose dead letters go back: make redrive QUEUE=matches (or emails, reports)"}); err != nil {
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
		at, err := findStack(ctx)
		if err != nil {
			return err
		}
		if at.Queues[*queue] == "" && at.Queues[*queue+"DeadLetter"] != "" {
			return p.redriveEvents(ctx, at, *queue)
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

// redriveEvents invokes functions of the local stack again with the events in their dead-letter queues.
func (p Program) redriveEvents(ctx context.Context, at running.Stack, queue string) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, at.Gateway+"/_local/events/"+queue+"/redrive", nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return fmt.Errorf("redrive %s: %w", queue, err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return fmt.Errorf("redrive %s: %w", queue, err)
	}
	if response.StatusCode != http.StatusOK {
		return errors.New(strings.TrimSpace(string(answer)))
	}
	var result stack.RedrivenEvents
	if err := json.Unmarshal(answer, &result); err != nil {
		return fmt.Errorf("redrive %s: %w", queue, err)
	}
	fmt.Fprintf(p.Stdout, "%d events handled.\n", result.Handled)
	if result.Left > 0 {
		return fmt.Errorf("%d are dead letters still: %s", result.Left, brief(result.Failure))
	}
	return nil
}
