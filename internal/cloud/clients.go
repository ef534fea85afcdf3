package cloud

import (
	"net"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

// LongestCall is how long an AWS call that hangs may take, with its attempts and their pauses.
const LongestCall = maxAttempts * (attemptTimeout + maxPause)

// Time-outs of one attempt at an AWS call, below the functions' own: a call that hangs ends within LongestCall.
const (
	attemptTimeout = 2 * time.Second
	connectTimeout = time.Second
	maxAttempts    = 3
	maxPause       = 500 * time.Millisecond
)

// Config returns the SDK configuration of a function: region and credentials from the variables that Lambda sets.
// It is built by hand, because the SDK's own loader costs a function 1.8 MiB and a millisecond of cold start for
// sources that Lambda does not have.
func Config(env *Env) aws.Config {
	return aws.Config{
		Region: env.Required("AWS_REGION"),
		Credentials: aws.NewCredentialsCache(credentials.NewStaticCredentialsProvider(
			env.Required("AWS_ACCESS_KEY_ID"), env.Required("AWS_SECRET_ACCESS_KEY"), env.Optional("AWS_SESSION_TOKEN"))),
		HTTPClient: HTTPClient(attemptTimeout),
		Retryer:    Retryer,
	}
}

// HTTPClient ends an attempt after a time-out, response body included, and keeps connections for the requests
// that handlers make side by side.
func HTTPClient(timeout time.Duration) *awshttp.BuildableClient {
	return awshttp.NewBuildableClient().
		WithTimeout(timeout).
		WithDialerOptions(func(d *net.Dialer) { d.Timeout = connectTimeout }).
		WithTransportOptions(func(t *http.Transport) { t.MaxIdleConnsPerHost = 32 })
}

// Retryer returns a retryer that makes three attempts with jittered pauses. It also retries a write that conflicts with
// a transaction, which the SDK does not do by itself.
func Retryer() aws.Retryer {
	return retry.NewStandard(func(o *retry.StandardOptions) {
		o.MaxAttempts = maxAttempts
		o.MaxBackoff = maxPause
		o.Retryables = append(o.Retryables, retry.RetryableErrorCode{Codes: map[string]struct{}{transactionConflict: {}}})
	})
}

// DynamoDB returns a client for the endpoint that AWS_ENDPOINT_URL_DYNAMODB names, AWS's own if it is empty.
func DynamoDB(config aws.Config, env *Env) *dynamodb.Client {
	return dynamodb.NewFromConfig(config, func(o *dynamodb.Options) {
		o.BaseEndpoint = endpoint(env, "AWS_ENDPOINT_URL_DYNAMODB")
	})
}

// SQS returns a client for the endpoint that AWS_ENDPOINT_URL_SQS names, AWS's own if it is empty.
func SQS(config aws.Config, env *Env) *sqs.Client {
	return sqs.NewFromConfig(config, func(o *sqs.Options) {
		o.BaseEndpoint = endpoint(env, "AWS_ENDPOINT_URL_SQS")
	})
}

// SSM returns the Parameter Store at the endpoint that AWS_ENDPOINT_URL_SSM names, AWS's own if it is empty.
func SSM(config aws.Config, env *Env) *ParameterStore {
	return NewParameterStore(config, env.Optional("AWS_ENDPOINT_URL_SSM"))
}

func endpoint(env *Env, name string) *string {
	if url := env.Optional(name); url != "" {
		return &url
	}
	return nil
}
