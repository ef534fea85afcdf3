// Command receipts is a function with the clients of the receipts function, primed with the same call, that does nothing
// else.
package main

import (
	"context"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"losttrn/internal/cloud"
	"losttrn/internal/local/bench/floor/idle"
)

func main() {
	env := cloud.NewEnv(os.Getenv)
	config := cloud.Config(env)
	_ = cloud.DynamoDB(config, env)
	cloud.Prime(context.Background(), cloud.NewSecret(cloud.SSM(config, env), os.Getenv("RECEIPT_TOKENS_PARAMETER"), time.Now).Prime)
	lambda.Start(idle.Handle)
}
