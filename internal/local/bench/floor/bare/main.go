// Command bare is a function that makes the AWS calls of lookups, or of unlocks, and nothing else, with the same
// clients and the same priming.
package main

import (
	"context"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"golang.org/x/sync/errgroup"

	"losttrn/internal/cloud"
	"losttrn/internal/local/bench/floor"
)

func main() {
	env := cloud.NewEnv(os.Getenv)
	config := cloud.Config(env)
	calls := floor.Calls{DB: cloud.DynamoDB(config, env), Queues: cloud.SQS(config, env), Names: os.Getenv}
	store := cloud.SSM(config, env)
	var prime []func(context.Context) error
	var secret func(context.Context) error
	for _, variable := range []string{"IDENTITY_KEY_PARAMETER", "COOKIE_KEYS_PARAMETER", "UNLOCKING_PARAMETER"} {
		if name := os.Getenv(variable); name != "" {
			read := cloud.NewSecret(store, name, time.Now).Prime
			prime = append(prime, read)
			if secret == nil {
				secret = read
			}
		}
	}
	if os.Getenv("MATCHES_QUEUE_URL") != "" { // as the lookup function does
		prime = append(prime, func(ctx context.Context) error { return calls.Prime(ctx, secret) })
	} else {
		prime = append(prime, calls.PrimeOne)
	}
	prime = append(prime, func(ctx context.Context) error {
		_, err := calls.Queues.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{QueueUrl: aws.String(os.Getenv("EMAILS_QUEUE_URL"))})
		return err
	})
	cloud.Prime(context.Background(), prime...)
	lambda.Start(func(ctx context.Context, events []floor.Event) (map[string]any, error) {
		work, ctx := errgroup.WithContext(ctx)
		for _, e := range events {
			work.Go(func() error { return calls.Make(ctx, e) })
		}
		return map[string]any{"statusCode": 200}, work.Wait()
	})
}
