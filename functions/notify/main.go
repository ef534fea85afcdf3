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
	"losttrn/internal/notify"
	"losttrn/internal/queue"
)

func main() {
	log := cloud.NewLog(os.Stdout, "notify")
	env := cloud.NewEnv(os.Getenv)
	config := cloud.Config(env)
	db, sqs, ssm := cloud.DynamoDB(config, env), cloud.SQS(config, env), cloud.SSM(config, env)

	entries := journal.New(db, env.Required("LOOKUPS_TABLE"), "", nil, time.Now)
	key := cloud.NewSecret(ssm, env.Required("NOTIFY_API_KEY_PARAMETER"), time.Now)
	client := notify.NewClient(env.Required("NOTIFY_BASE_URL"), key, map[message.Kind]string{
		message.KindTRN:             env.Required("NOTIFY_TRN_TEMPLATE_ID"),
		message.KindUnlocked:        env.Required("NOTIFY_UNLOCKED_TEMPLATE_ID"),
		message.KindHelpdeskRequest: env.Required("NOTIFY_HELPDESK_TEMPLATE_ID"),
	}, time.Now)
	mailer := &notify.Mailer{Journal: entries, Post: client, Clock: time.Now, Log: log}
	deadLetters := queue.NewDeadLetters(sqs, env.Required("DEAD_LETTER_QUEUE_URL"))
	if err := env.Err(); err != nil {
		log.Error("not started", "error", err.Error())
		os.Exit(1)
	}
	cloud.Prime(context.Background(), client.Prime, entries.Prime)
	lambda.Start(queue.NewBatch(mailer.Process, deadLetters, log).Handle)
}
