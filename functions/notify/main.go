// Command notify is the Lambda function behind emails.fifo: it sends each queued email once through GOV.UK Notify.
package main

import (
	"context"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"losttrn/internal/cloud"
	"losttrn/internal/journal"
	"losttrn/internal/message"
	"losttrn/internal/metric"
	"losttrn/internal/notify"
	"losttrn/internal/queue"
	"losttrn/internal/register"
)

func main() {
	log := cloud.NewLog(os.Stdout, "notify")
	env := cloud.NewEnv(os.Getenv)
	config := cloud.Config(env)
	db, sqs, ssm := cloud.DynamoDB(config, env), cloud.SQS(config, env), cloud.SSM(config, env)

	entries := journal.New(db, env.Required("LOOKUPS_TABLE"), env.Required("HELPDESK_REQUESTS_TABLE"), time.Now)
	key := cloud.NewSecret(ssm, env.Required("NOTIFY_API_KEY_PARAMETER"), time.Now)
	templateIDs := map[message.Kind]string{}
	for _, kind := range message.Kinds() {
		templateIDs[kind] = env.Required(notify.TemplateVariable(kind))
	}
	client := notify.NewClient(env.Required("NOTIFY_BASE_URL"), key, templateIDs, time.Now)
	mailer := &notify.Mailer{
		Journal: entries, Requests: entries, Owners: register.NewStore(db, env.Required("TEACHERS_TABLE")), Post: client, Clock: time.Now, Log: log,
		Desk: notify.Desk{Mailbox: env.Email("HELPDESK_MAILBOX"), Email: env.Required("HELPDESK_EMAIL"),
			Phone: env.Optional("HELPDESK_PHONE"), WorkingDays: env.Required("HELPDESK_WORKING_DAYS")},
		Metrics: metric.New(os.Stdout, env.Required("METRICS_NAMESPACE"), "notify", time.Now),
	}
	deadLetters := queue.NewDeadLetters(sqs, env.Required("DEAD_LETTER_QUEUE_URL"))
	if err := env.Err(); err != nil {
		log.Error("not started", "error", err.Error())
		os.Exit(1)
	}
	cloud.Prime(context.Background(), client.Prime, entries.Prime)
	lambda.Start(cloud.AnyEvent(queue.NewBatch(mailer.Process, deadLetters, log).Handle))
}
