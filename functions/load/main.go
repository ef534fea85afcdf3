// Command load is the Lambda function behind the register bucket: it loads each extract that is dropped there into the
// teachers table.
package main

import (
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"losttrn/internal/cloud"
	"losttrn/internal/load/inbox"
	"losttrn/internal/metric"
	"losttrn/internal/providers"
	"losttrn/internal/register"
	"losttrn/internal/report/bucket"
)

func main() {
	log := cloud.NewLog(os.Stdout, "load")
	env := cloud.NewEnv(os.Getenv)
	config := cloud.Config(env)
	db := cloud.DynamoDB(config, env)
	teachers := env.Required("TEACHERS_TABLE")
	reads, writes := inbox.UnitsPerSecond(env.Count("CAPACITY_SHARE"))
	extracts := &inbox.Inbox{
		Bucket: bucket.New(bucket.NewClient(config, env.Optional("AWS_ENDPOINT_URL_S3")), env.Required("REGISTER_BUCKET")),
		Records: func() *register.Records {
			records := register.NewRecords(db, teachers)
			records.Pace(reads, writes)
			return records
		},
		Providers: providers.NewWriter(db, env.Required("PROVIDERS_TABLE")),
		Metrics:   metric.New(os.Stdout, env.Required("METRICS_NAMESPACE"), "load", time.Now),
		Clock:     time.Now, Log: log,
	}
	if err := env.Err(); err != nil {
		log.Error("not started", "error", err.Error())
		os.Exit(1)
	}
	lambda.Start(cloud.AnyEvent(extracts.Handle))
}
