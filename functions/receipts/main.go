// Command receipts is the Lambda function that takes GOV.UK Notify's delivery receipts and records whether the email
// with a TRN reached its mailbox.
package main

import (
	"context"
	"net/http"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"losttrn/internal/cloud"
	"losttrn/internal/gateway"
	"losttrn/internal/journal"
	"losttrn/internal/metric"
	"losttrn/internal/receipt"
)

func main() {
	log := cloud.NewLog(os.Stdout, "receipts")
	env := cloud.NewEnv(os.Getenv)
	config := cloud.Config(env)
	tokens := cloud.NewSecret(cloud.SSM(config, env), env.Required("RECEIPT_TOKENS_PARAMETER"), time.Now)
	receiver := &receipt.Receiver{
		Tokens:     tokens.Value,
		Deliveries: journal.New(cloud.DynamoDB(config, env), env.Required("LOOKUPS_TABLE"), "", time.Now),
		Log:        log,
		Metrics:    metric.New(os.Stdout, env.Required("METRICS_NAMESPACE"), "receipts", time.Now),
	}
	if err := env.Err(); err != nil {
		log.Error("not started", "error", err.Error())
		os.Exit(1)
	}
	cloud.Prime(context.Background(), tokens.Prime)
	sorry := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) })
	lambda.Start(cloud.AnyEvent(gateway.Handle(receiver.Handler(), sorry, log)))
}
