// Command unlock is the Lambda function behind matches.fifo: it records each match, queues its emails, claims the
// email address, and unlocks the account when that is safe.
package main

import (
	"context"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"

	"losttrn/internal/cloud"
	"losttrn/internal/emailuse"
	"losttrn/internal/journal"
	"losttrn/internal/message"
	"losttrn/internal/metric"
	"losttrn/internal/queue"
	"losttrn/internal/register"
	"losttrn/internal/unlocking"
)

func main() {
	log := cloud.NewLog(os.Stdout, "unlock")
	env := cloud.NewEnv(os.Getenv)
	config := cloud.Config(env)
	db, sqs, ssm := cloud.DynamoDB(config, env), cloud.SQS(config, env), cloud.SSM(config, env)

	accounts := register.NewStore(db, env.Required("TEACHERS_TABLE"))
	entries := journal.New(db, env.Required("LOOKUPS_TABLE"), "", time.Now)
	emails := queue.NewSender(sqs, env.Required("EMAILS_QUEUE_URL"))
	secret := cloud.NewSecret(ssm, env.Required("IDENTITY_KEY_PARAMETER"), time.Now)
	unlockingOn := cloud.NewSwitch(ssm, env.Required("UNLOCKING_PARAMETER"),
		time.Duration(env.Count("UNLOCKING_SECONDS"))*time.Second, time.Now)
	service := &unlocking.Service[register.Snapshot]{
		Accounts: accounts, Journal: journal.NewUnlocks(entries, accounts),
		EmailUses: emailuse.NewStore(db, env.Required("EMAILS_TABLE")),
		Emails:    emails, Switch: unlockingOn, Clock: time.Now, Log: log,
		StrongEvidence: env.Required("UNLOCK_EVIDENCE") == "strong", OwnerNotice: env.Required("OWNER_NOTICE") == "on",
		Metrics: metric.New(os.Stdout, env.Required("METRICS_NAMESPACE"), "unlock", time.Now),
		Secret:  secret.Value,
	}
	deadLetters := queue.NewDeadLetters(sqs, env.Required("DEAD_LETTER_QUEUE_URL"))
	if err := env.Err(); err != nil {
		log.Error("not started", "error", err.Error())
		os.Exit(1)
	}
	cloud.Prime(context.Background(), unlockingOn.Prime, secret.Prime, entries.Prime, emails.Prime)
	process := func(ctx context.Context, record events.SQSMessage) error {
		match, err := message.ParseMatch(record.Body)
		if err != nil {
			return err
		}
		return service.Process(ctx, match)
	}
	lambda.Start(cloud.AnyEvent(queue.NewBatch(process, deadLetters, log).Handle))
}
