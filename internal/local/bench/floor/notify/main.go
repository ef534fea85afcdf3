// Command notify is a function with the clients of the notify function, primed with the same calls, that does nothing else.
package main

import (
	"context"
	"io"
	"net/http"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"losttrn/internal/cloud"
	"losttrn/internal/local/bench/floor"
	"losttrn/internal/local/bench/floor/idle"
)

func main() {
	env := cloud.NewEnv(os.Getenv)
	config := cloud.Config(env)
	calls := floor.Calls{DB: cloud.DynamoDB(config, env), Queues: cloud.SQS(config, env), Names: os.Getenv}
	key := cloud.NewSecret(cloud.SSM(config, env), os.Getenv("NOTIFY_API_KEY_PARAMETER"), time.Now)
	cloud.Prime(context.Background(), calls.PrimeOne, func(ctx context.Context) error {
		if err := key.Prime(ctx); err != nil {
			return err
		}
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, os.Getenv("NOTIFY_BASE_URL")+"/v2/notifications?reference=prime", nil)
		if err != nil {
			return err
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			return err
		}
		defer response.Body.Close()
		_, err = io.Copy(io.Discard, response.Body)
		return err
	})
	lambda.Start(idle.Handle)
}
