package cloud_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"losttrn/internal/attribute"
	"losttrn/internal/cloud"
	"losttrn/internal/fault"
	"losttrn/internal/local/faults"
)

// stub is a service that gives one answer to all, and counts the attempts.
type stub struct {
	*httptest.Server
	attempts atomic.Int32
}

func newStub(t *testing.T, status int, body string) *stub {
	s := &stub{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.attempts.Add(1)
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/x-amz-json-1.0")
		w.Header().Set("X-Amzn-Requestid", "AWS-REQUEST-1")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(s.Close)
	return s
}

// calls are a call of each service to an endpoint.
func calls(endpoint string, client aws.HTTPClient, attempts int) map[string]func(context.Context) error {
	config := aws.Config{Region: "eu-west-2", Credentials: credentials.NewStaticCredentialsProvider("id", "secret", ""),
		HTTPClient: client, Retryer: cloud.Retryer}
	db := dynamodb.NewFromConfig(config, func(o *dynamodb.Options) { o.BaseEndpoint, o.RetryMaxAttempts = &endpoint, attempts })
	queues := sqs.NewFromConfig(config, func(o *sqs.Options) { o.BaseEndpoint, o.RetryMaxAttempts = &endpoint, attempts })
	if attempts > 0 {
		config.Retryer = func() aws.Retryer { return retry.AddWithMaxAttempts(cloud.Retryer(), attempts) }
	}
	parameters := cloud.NewParameterStore(config, endpoint)
	return map[string]func(context.Context) error{
		"DynamoDB.PutItem": func(ctx context.Context) error {
			_, err := db.PutItem(ctx, &dynamodb.PutItemInput{TableName: aws.String("t"), Item: attribute.Item{"k": attribute.String("canary-sent")}})
			return err
		},
		"SQS.SendMessage": func(ctx context.Context) error {
			_, err := queues.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: aws.String(endpoint + "/1/q.fifo"), MessageBody: aws.String("canary-sent")})
			return err
		},
		"SSM.GetParameter": func(ctx context.Context) error {
			_, err := parameters.Parameter(ctx, "canary-sent")
			return err
		},
	}
}

func TestEachFaultHasItsKind(t *testing.T) {
	server := newStub(t, http.StatusOK, `{}`)
	for _, mode := range faults.Modes {
		wire := &faults.Wire{}
		wire.Reset(func(int, string) faults.Mode { return mode }, nil)
		for name, call := range calls(server.URL, wire, 1) {
			ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
			if mode != faults.Hang {
				ctx, cancel = context.WithCancel(t.Context())
			}
			err := cloud.Failure("do it", call(ctx))
			cancel()
			want := fault.Unavailable
			if mode == faults.Throttled {
				want = fault.Throttled
			}
			if !errors.Is(err, want) || fault.Code(err) != want.Error() || !strings.HasPrefix(err.Error(), "do it: ") {
				t.Errorf("%s, %s: %v", mode, name, err)
			}
		}
	}
}

func TestEachAnswerHasItsKind(t *testing.T) {
	api := func(code string) string { return `{"__type":"` + code + `","message":"canary-told"}` }
	for _, test := range []struct {
		name   string
		status int
		body   string
		want   string
	}{
		{"too much", 400, api("ProvisionedThroughputExceededException"), "throttled"},
		{"too much of an account", 400, api("RequestLimitExceeded"), "throttled"},
		{"throttled", 400, api("ThrottlingException"), "throttled"},
		{"in the way of a transaction", 400, api("TransactionConflictException"), "throttled"},
		{"500", 500, api("InternalServerError"), "unavailable"},
		{"503 of a proxy", 503, "<html>canary-told</html>", "unavailable"},
		{"500 of no code", 500, "", "unavailable"},
		{"cut short", 200, `{"`, "unavailable"},
		{"no such thing", 400, api("ResourceNotFoundException"), "internal"},
		{"mistake", 400, api("ValidationException"), "internal"},
		{"refused", 400, api("AccessDeniedException"), "internal"},
		{"condition", 400, api("ConditionalCheckFailedException"), "internal"},
	} {
		server := newStub(t, test.status, test.body)
		for name, call := range calls(server.URL, http.DefaultClient, 1) {
			err := call(t.Context())
			if err == nil {
				t.Errorf("%s, %s: no error", test.name, name)
				continue
			}
			if got := fault.Code(cloud.Failure("do it", err)); got != test.want {
				t.Errorf("%s, %s: %s, want %s", test.name, name, got, test.want)
			}
			var log bytes.Buffer
			slog.New(slog.NewJSONHandler(&log, nil)).Info("failed", cloud.Cause(fmt.Errorf("wrapped canary-wrapped: %w", cloud.Failure("do it", err))))
			if strings.Contains(log.String(), "canary") {
				t.Errorf("%s, %s: the log holds an error's text: %s", test.name, name, &log)
			}
			for _, part := range []string{`"operation":"` + name + `"`} {
				if !strings.Contains(log.String(), part) {
					t.Errorf("%s, %s: no %s in %s", test.name, name, part, &log)
				}
			}
			if test.status >= 400 && !strings.Contains(log.String(), fmt.Sprintf(`"awsRequestId":"AWS-REQUEST-1","status":%d`, test.status)) {
				t.Errorf("%s, %s: the log does not name AWS's answer: %s", test.name, name, &log)
			}
			if _, code, ok := strings.Cut(test.body, `"__type":"`); ok && !strings.Contains(log.String(), `"code":"`+code[:strings.Index(code, `"`)]+`"`) {
				t.Errorf("%s, %s: no code in %s", test.name, name, &log)
			}
		}
	}
}

func TestFailureOfOtherKinds(t *testing.T) {
	if err := cloud.Failure("do it", nil); err != nil {
		t.Errorf("of nothing: %v", err)
	}
	if got := fault.Code(cloud.Failure("do it", errors.New("a mistake"))); got != "internal" {
		t.Errorf("a mistake: %s", got)
	}
	for _, ended := range []error{context.DeadlineExceeded, context.Canceled} {
		if err := cloud.Failure("do it", ended); !errors.Is(err, fault.Unavailable) || !errors.Is(err, ended) {
			t.Errorf("%v: %v", ended, err)
		}
	}
	// A call that this program made wrong never leaves it; later it will not do either.
	db := dynamodb.New(dynamodb.Options{Region: "eu-west-2"})
	_, err := db.PutItem(t.Context(), &dynamodb.PutItemInput{})
	if got := fault.Code(cloud.Failure("do it", err)); err == nil || got != "internal" {
		t.Errorf("a wrong call: %s, %v", got, err)
	}
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("failed", cloud.Cause(fmt.Errorf("canary: %w", context.DeadlineExceeded)))
	if strings.Contains(log.String(), "canary") || !strings.Contains(log.String(), "cause.timedOut=true") {
		t.Errorf("log: %s", &log)
	}
}

// TestThreeAttempts: what may pass is tried three times, what will not once.
func TestThreeAttempts(t *testing.T) {
	for code, want := range map[string]int32{"ThrottlingException": 3, "TransactionConflictException": 3, "InternalServerError": 3,
		"ConditionalCheckFailedException": 1, "ValidationException": 1} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			status := http.StatusBadRequest
			if code == "InternalServerError" {
				status = http.StatusInternalServerError
			}
			for _, name := range []string{"DynamoDB.PutItem", "SSM.GetParameter"} {
				server := newStub(t, status, `{"__type":"`+code+`","message":"x"}`)
				if err := calls(server.URL, http.DefaultClient, 0)[name](t.Context()); err == nil {
					t.Fatal("no error")
				}
				if got := server.attempts.Load(); got != want {
					t.Errorf("%s: %d attempts, want %d", name, got, want)
				}
			}
		})
	}
}

// TestAnAttemptThatHangsIsEnded by the client itself, headers or body, whatever its caller's time.
func TestAnAttemptThatHangsIsEnded(t *testing.T) {
	for name, begin := range map[string]func(w http.ResponseWriter){
		"no answer": func(http.ResponseWriter) {},
		"half an answer": func(w http.ResponseWriter) {
			_, _ = io.WriteString(w, `{"Attributes":`)
			_ = http.NewResponseController(w).Flush()
		},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(io.Discard, r.Body) // only then does the server notice that the client left
				begin(w)
				<-r.Context().Done()
			}))
			t.Cleanup(server.Close)
			for _, operation := range []string{"DynamoDB.PutItem", "SSM.GetParameter"} {
				err := calls(server.URL, cloud.HTTPClient(50*time.Millisecond), 1)[operation](t.Context())
				if err := cloud.Failure("do it", err); !errors.Is(err, fault.Unavailable) {
					t.Errorf("%s: %v", operation, err)
				}
			}
		})
	}
}

func TestClientsGoWhereTheEnvironmentSays(t *testing.T) {
	variables := map[string]string{"AWS_REGION": "eu-west-2", "AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "secret"}
	e := env(variables)
	if db, queues := cloud.DynamoDB(cloud.Config(e), e), cloud.SQS(cloud.Config(e), e); db.Options().BaseEndpoint != nil ||
		queues.Options().BaseEndpoint != nil {
		t.Error("without an endpoint a client does not go to AWS's own")
	}
	asked := &hosts{}
	config := cloud.Config(e)
	config.HTTPClient = asked
	_, _ = cloud.SSM(config, e).Parameter(t.Context(), "/name")
	for _, service := range []string{"DYNAMODB", "SQS", "SSM"} {
		variables["AWS_ENDPOINT_URL_"+service] = "http://" + strings.ToLower(service) + ".example.com"
	}
	_, _ = cloud.SSM(config, e).Parameter(t.Context(), "/name")
	if want := []string{"https://ssm.eu-west-2.amazonaws.com/", "http://ssm.example.com/"}; !slices.Equal(asked.urls, want) {
		t.Errorf("parameters are read from %v, want %v", asked.urls, want)
	}
	for want, got := range map[string]*string{"http://dynamodb.example.com": cloud.DynamoDB(cloud.Config(e), e).Options().BaseEndpoint,
		"http://sqs.example.com": cloud.SQS(cloud.Config(e), e).Options().BaseEndpoint} {
		if aws.ToString(got) != want {
			t.Errorf("%q, want %q", aws.ToString(got), want)
		}
	}
}

// hosts remembers where requests went, and refuses them for good.
type hosts struct{ urls []string }

func (h *hosts) Do(r *http.Request) (*http.Response, error) {
	h.urls = append(h.urls, r.URL.String())
	return &http.Response{StatusCode: http.StatusBadRequest, Header: http.Header{}, Body: http.NoBody}, nil
}
