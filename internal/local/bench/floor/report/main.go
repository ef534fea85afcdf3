// Command report is a function with the clients of the report function, S3's and SQS's, that does nothing else.
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
	_, _ = cloud.SQS(config, env), bucket.NewClient(config, env.Optional("AWS_ENDPOINT_URL_S3"))
	lambda.Start(idle.Handle)
}
