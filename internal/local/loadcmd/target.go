package loadcmd

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"losttrn/internal/local"
	"losttrn/internal/local/naming"
	"losttrn/internal/local/running"
)

// target is the table to load into.
type target struct {
	client *dynamodb.Client
	table  string
	name   string // for people

	providers string // the table of training providers, "" if they are not listed
}

func (s settings) target(ctx context.Context) (target, error) {
	if s.table == "" {
		return localTarget(ctx, s.stack)
	}
	options := []func(*config.LoadOptions) error{config.WithDefaultRegion(naming.Region)}
	if loopback(s.endpoint) {
		options = append(options, config.WithCredentialsProvider(local.Config().Credentials))
	}
	settings, err := config.LoadDefaultConfig(ctx, options...)
	if err != nil {
		return target{}, refuse("the AWS configuration cannot be read: %v", err)
	}
	if _, err := settings.Credentials.Retrieve(ctx); err != nil {
		return target{}, refuse("there are no AWS credentials to write to the table %s with", s.table)
	}
	return target{client(settings, s.endpoint), s.table, "the table " + s.table, s.providers}, nil
}

// localTarget returns the table of the stack that runs in this folder.
func localTarget(ctx context.Context, path string) (target, error) {
	stack, err := findStack(ctx, path)
	if err != nil {
		return target{}, err
	}
	return target{client(local.Config(), stack.Endpoints["dynamodb"]), stack.Tables["teachers"], "the local stack", stack.Tables["providers"]}, nil
}

// findStack finds the stack that runs in this folder.
func findStack(ctx context.Context, path string) (running.Stack, error) {
	stack, err := running.Find(ctx, path)
	if errors.Is(err, running.ErrNone) {
		return stack, refuse("%v, or name a table with -table", err)
	}
	if err == nil && (stack.Endpoints["dynamodb"] == "" || stack.Tables["teachers"] == "") {
		return stack, refuse("%s does not say where the local stack's tables are", path)
	}
	return stack, err
}

func loopback(endpoint string) bool {
	address, err := url.Parse(endpoint)
	if err != nil {
		return false
	}
	ip := net.ParseIP(address.Hostname())
	return address.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
}

// client returns a client with many attempts, because an on-demand table throttles a load until it has scaled up.
func client(settings aws.Config, endpoint string) *dynamodb.Client {
	return dynamodb.NewFromConfig(settings, func(o *dynamodb.Options) {
		if endpoint != "" {
			o.BaseEndpoint = &endpoint
		}
		o.HTTPClient = awshttp.NewBuildableClient().WithTimeout(10 * time.Second).
			WithTransportOptions(func(t *http.Transport) { t.MaxIdleConnsPerHost = 256 })
		o.Retryer = retry.NewStandard(func(o *retry.StandardOptions) {
			o.MaxAttempts, o.MaxBackoff, o.RateLimiter = 10, 5*time.Second, ratelimit.None
		})
	})
}
