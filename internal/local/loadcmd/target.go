package loadcmd

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"net/url"
	"os"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"losttrn/internal/local/statefile"
)

// target is the table to load into.
type target struct {
	client *dynamodb.Client
	table  string
	name   string // for people

	providers string // the table of training providers, "" if they are not listed
}

const defaultRegion = "eu-west-2"

func (s settings) target(ctx context.Context) (target, error) {
	if s.table == "" {
		return localTarget(ctx, s.stack)
	}
	options := []func(*config.LoadOptions) error{config.WithDefaultRegion(defaultRegion)}
	if loopback(s.endpoint) {
		options = append(options, config.WithCredentialsProvider(localCredentials))
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

// localCredentials are as good as any to a DynamoDB on this machine.
var localCredentials = credentials.NewStaticCredentialsProvider("local", "local", "")

// localTarget is the table of the stack that runs in this folder.
func localTarget(ctx context.Context, path string) (target, error) {
	stack, err := readStack(ctx, path)
	if err != nil {
		return target{}, err
	}
	return target{client(stack.config(), stack.Endpoints["dynamodb"]), stack.Tables["teachers"], "the local stack", stack.Tables["providers"]}, nil
}

// stack is what the local stack says of itself.
type stack struct{ statefile.Stack }

func (s stack) config() aws.Config {
	return aws.Config{Region: s.Region, Credentials: localCredentials}
}

// readStack reads where the stack is that runs in this folder.
func readStack(ctx context.Context, path string) (stack, error) {
	const start = "start one with `make run`, or name a table with -table"
	text, err := os.ReadFile(path)
	if err != nil {
		return stack{}, refuse("no local stack runs in this folder: %s", start)
	}
	var s stack
	if err := json.Unmarshal(text, &s); err != nil || s.Endpoints["dynamodb"] == "" || s.Tables["teachers"] == "" {
		return stack{}, refuse("%s does not say where the local stack is: %s", path, start)
	}
	if !answers(ctx, s.Endpoints["dynamodb"]) {
		return stack{}, refuse("the local stack of this folder does not run any more: %s", start)
	}
	if s.Region == "" {
		s.Region = defaultRegion
	}
	return s, nil
}

// answers tells whether something listens at an address.
func answers(ctx context.Context, endpoint string) bool {
	address, err := url.Parse(endpoint)
	if err != nil {
		return false
	}
	conn, err := (&net.Dialer{Timeout: 2 * time.Second}).DialContext(ctx, "tcp", address.Host)
	if err != nil {
		return false
	}
	return conn.Close() == nil
}

func loopback(endpoint string) bool {
	address, err := url.Parse(endpoint)
	if err != nil {
		return false
	}
	ip := net.ParseIP(address.Hostname())
	return address.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
}

// client is patient: a load is long, and an on-demand table that is written to faster than ever before throttles until
// it has grown.
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
