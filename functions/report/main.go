// Command report is the Lambda function that makes the helpdesk's reports when the exports of a run are complete:
// EventBridge tells it of each export's last file.
package main

import (
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"losttrn/internal/cloud"
	"losttrn/internal/metric"
	"losttrn/internal/queue"
	"losttrn/internal/report"
	"losttrn/internal/report/bucket"
	"losttrn/internal/report/dataset"
	"losttrn/internal/report/publish"
)

func main() {
	report.LimitMemory()
	log := cloud.NewLog(os.Stdout, "report")
	env := cloud.NewEnv(os.Getenv)
	config := cloud.Config(env)
	s3, name := bucket.NewClient(config, env.Optional("AWS_ENDPOINT_URL_S3")), env.Required("REPORT_BUCKET")
	publisher := &publish.Publisher{
		Exports: bucket.New(s3, env.Required("EXPORT_BUCKET")),
		Reports: bucket.New(s3, name),
		Tables: map[dataset.Table]string{
			dataset.Emails:           env.Required("EMAILS_TABLE_ARN"),
			dataset.Lookups:          env.Required("LOOKUPS_TABLE_ARN"),
			dataset.HelpdeskRequests: env.Required("HELPDESK_REQUESTS_TABLE_ARN"),
		},
		Mail: queue.NewSender(cloud.SQS(config, env), env.Required("EMAILS_QUEUE_URL")), Bucket: name,
		Metrics: metric.New(os.Stdout, env.Required("METRICS_NAMESPACE"), "report", time.Now),
		Log:     log,
	}
	if err := env.Err(); err != nil {
		log.Error("not started", "error", err.Error())
		os.Exit(1)
	}
	lambda.Start(cloud.AnyEvent(publisher.Handle))
}
