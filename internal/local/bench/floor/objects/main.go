// Command objects is a function with the clients of the functions export and load, DynamoDB's and S3's, that does nothing else.
package main

import (
	"os"

	"github.com/aws/aws-lambda-go/lambda"

	"losttrn/internal/cloud"
	"losttrn/internal/local/bench/floor/idle"
	"losttrn/internal/report/bucket"
)

func main() {
	env := cloud.NewEnv(os.Getenv)
	config := cloud.Config(env)
	_, _ = cloud.DynamoDB(config, env), bucket.NewClient(config, env.Optional("AWS_ENDPOINT_URL_S3"))
	lambda.Start(idle.Handle)
}
