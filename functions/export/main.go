// Command export is the Lambda function that the schedule calls every night: it asks DynamoDB to export the tables
// that the helpdesk's reports are made from.
package main

import (
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"losttrn/internal/cloud"
	"losttrn/internal/report/bucket"
	"losttrn/internal/report/dataset"
	"losttrn/internal/report/export"
)

func main() {
	log := cloud.NewLog(os.Stdout, "export")
	env := cloud.NewEnv(os.Getenv)
	config := cloud.Config(env)
	name := env.Required("EXPORT_BUCKET")
	s3 := bucket.NewClient(config, env.Optional("AWS_ENDPOINT_URL_S3"))
	exporter := &export.Exporter{
		API: cloud.DynamoDB(config, env), Bucket: name, Files: bucket.New(s3, name),
		Tables: map[dataset.Table]string{
			dataset.Emails:           env.Required("EMAILS_TABLE_ARN"),
			dataset.Lookups:          env.Required("LOOKUPS_TABLE_ARN"),
			dataset.HelpdeskRequests: env.Required("HELPDESK_REQUESTS_TABLE_ARN"),
		},
		Clock: time.Now, Log: log,
	}
	if err := env.Err(); err != nil {
		log.Error("not started", "error", err.Error())
		os.Exit(1)
	}
	lambda.Start(exporter.Handle)
}
