package helpdeskcmd

import (
	"context"
	"errors"
	"fmt"
	"os/user"
	"path/filepath"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"losttrn/internal/cloud"
	"losttrn/internal/local"
	"losttrn/internal/local/helpdesk"
	"losttrn/internal/local/running"
)

// attemptTimeout is the time-out of an attempt at a call. The SDK has none by default.
const attemptTimeout = 10 * time.Second

// client makes the calls of AWS.
func (p Program) client() aws.HTTPClient {
	if p.HTTP != nil {
		return p.HTTP
	}
	return cloud.HTTPClient(attemptTimeout)
}

// open opens the desk of the local stack, or of a stage in AWS.
func (p Program) open(ctx context.Context, s Settings) (*helpdesk.Desk, error) {
	if s.Stage == "" {
		return p.openLocal(ctx, s)
	}
	return p.openStage(ctx, s)
}

// openStage finds the tables and queues of a stage from the outputs of its stack.
func (p Program) openStage(ctx context.Context, s Settings) (*helpdesk.Desk, error) {
	settings, err := config.LoadDefaultConfig(ctx, config.WithRegion(s.Region), config.WithHTTPClient(p.client()))
	if err != nil {
		return nil, fmt.Errorf("the AWS configuration cannot be read: %w", err)
	}
	desk := &helpdesk.Desk{Database: dynamodb.NewFromConfig(settings), Messages: sqs.NewFromConfig(settings), By: s.By, Clock: p.Clock}
	if desk.By == "" {
		who, err := sts.NewFromConfig(settings).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
		if err != nil {
			return nil, fmt.Errorf("who you are to AWS cannot be read: %w", err)
		}
		desk.By = aws.ToString(who.Arn)
	}
	outputs, err := stackOutputs(ctx, settings, "find-a-lost-trn-"+s.Stage)
	if err != nil {
		return nil, err
	}
	return desk, setPlaces(desk, func(name string) (string, error) {
		if outputs[name] == "" {
			return "", fmt.Errorf("the stack has no output %s: deploy it anew", name)
		}
		return outputs[name], nil
	})
}

// setPlaces sets a desk's tables and queues, by the names of the template's outputs.
func setPlaces(desk *helpdesk.Desk, output func(string) (string, error)) error {
	var problems []error
	for name, into := range map[string]*string{
		"TeachersTableName": &desk.Tables.Teachers, "EmailsTableName": &desk.Tables.Emails, "LookupsTableName": &desk.Tables.Lookups,
		"HelpdeskRequestsTableName": &desk.Tables.HelpdeskRequests, "MatchesQueueUrl": &desk.Queues.Matches,
		"MatchesDeadLetterQueueUrl": &desk.Queues.MatchesDeadLetter, "EmailsQueueUrl": &desk.Queues.Emails,
		"EmailsDeadLetterQueueUrl": &desk.Queues.EmailsDeadLetter,
	} {
		value, err := output(name)
		if err != nil {
			problems = append(problems, err)
		}
		*into = value
	}
	return errors.Join(problems...)
}

// openLocal opens the desk of the stack that runs in this folder.
func (p Program) openLocal(ctx context.Context, s Settings) (*helpdesk.Desk, error) {
	found, err := running.Find(ctx, p.StateFile)
	if errors.Is(err, running.ErrNone) {
		return nil, fmt.Errorf("%w, or name a stage with -stage", err)
	}
	if err != nil {
		return nil, err
	}
	settings := local.Config()
	settings.HTTPClient = p.client()
	desk := &helpdesk.Desk{By: s.By, Clock: p.Clock,
		Database: dynamodb.NewFromConfig(settings, func(o *dynamodb.Options) { o.BaseEndpoint = aws.String(found.Endpoints["dynamodb"]) }),
		Messages: sqs.NewFromConfig(settings, func(o *sqs.Options) { o.BaseEndpoint = aws.String(found.Endpoints["sqs"]) }),
		Tables: helpdesk.Tables{Teachers: found.Tables["teachers"], Emails: found.Tables["emails"], Lookups: found.Tables["lookups"],
			HelpdeskRequests: found.Tables["helpdeskRequests"]},
		Queues: helpdesk.Queues{Matches: found.Queues["matches"], MatchesDeadLetter: found.Queues["matchesDeadLetter"],
			Emails: found.Queues["emails"], EmailsDeadLetter: found.Queues["emailsDeadLetter"]},
		Copies: []helpdesk.Copies{
			outboxCopies{found.Gateway},
			reportCopies{
				client: s3.NewFromConfig(settings, func(o *s3.Options) {
					o.BaseEndpoint, o.UsePathStyle = aws.String(found.Endpoints["s3"]), true
				}),
				buckets: []string{found.Buckets["export"], found.Buckets["report"]},
				folder:  filepath.Join(filepath.Dir(p.StateFile), "reports"),
			},
		},
	}
	if desk.By == "" {
		if who, err := user.Current(); err == nil {
			desk.By = who.Username
		}
	}
	return desk, nil
}
