// Command lookup is the Lambda function behind the HTTPS endpoint: the JSON API and the web form.
package main

import (
	"context"
	"errors"
	"net/http"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"losttrn/internal/api"
	"losttrn/internal/cloud"
	"losttrn/internal/gateway"
	"losttrn/internal/journal"
	"losttrn/internal/limits"
	"losttrn/internal/lookup"
	"losttrn/internal/metric"
	"losttrn/internal/providers"
	"losttrn/internal/queue"
	"losttrn/internal/register"
	"losttrn/internal/web"
)

func main() {
	log := cloud.NewLog(os.Stdout, "lookup")
	env := cloud.NewEnv(os.Getenv)
	config := cloud.Config(env)
	db, sqs, ssm := cloud.DynamoDB(config, env), cloud.SQS(config, env), cloud.SSM(config, env)
	secret := cloud.NewSecret(ssm, env.Required("IDENTITY_KEY_PARAMETER"), time.Now)
	cookieSecrets := cloud.NewSecret(ssm, env.Required("COOKIE_KEYS_PARAMETER"), time.Now)

	edge := gateway.Edge{Secret: cloud.OptionalSecret(ssm, env.Optional("EDGE_SECRET_PARAMETER"), time.Now)}
	var guard lookup.Guard = limits.Off{Secret: secret.Value}
	if env.Switch("LIMITS") {
		guard = limits.NewStore(db, env.Required("LIMITS_TABLE"), limits.PerHour{
			Address: env.Count("LIMIT_PER_ADDRESS"), Email: env.Count("LIMIT_PER_EMAIL"),
		}, secret.Value, time.Now)
	}
	entries := journal.New(db, env.Required("LOOKUPS_TABLE"), env.Required("HELPDESK_REQUESTS_TABLE"), time.Now)
	queues := queue.NewPair(sqs, env.Required("MATCHES_QUEUE_URL"), env.Required("EMAILS_QUEUE_URL"))
	trained := providers.NewStore(db, env.Required("PROVIDERS_TABLE"), time.Now)
	metrics := metric.New(os.Stdout, env.Required("METRICS_NAMESPACE"), "lookup", time.Now)
	service := &lookup.Service{
		Register: register.NewStore(db, env.Required("TEACHERS_TABLE")),
		Journal:  entries, Queue: queues, Limiter: guard, Tries: guard, Providers: trained,
		Secret: secret.Value, Clock: time.Now, Log: log, Metrics: metrics, RequestID: gateway.RequestID, ExampleNINOs: env.Switch("EXAMPLE_NINOS"),
	}
	site, err := web.New(web.Options{Service: service, CookieSecrets: cookieSecrets.Value, Log: log, Metrics: metrics,
		About: web.About(env), Providers: trained})
	if err := errors.Join(env.Err(), err); err != nil {
		log.Error("not started", "error", err.Error())
		os.Exit(1)
	}
	cloud.Prime(context.Background(), service.Prime, secret.Prime, cookieSecrets.Prime, queues.Prime)
	front := api.NewFront(api.New(service, time.Now, log, metrics), site)
	lambda.Start(cloud.AnyEvent(gateway.Handle(edge.Only(front), http.HandlerFunc(front.ServePanic), log)))
}
