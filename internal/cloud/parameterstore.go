package cloud

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// ParameterStore reads parameters of SSM Parameter Store. It implements the one SSM call that the functions need, with
// the SDK's signer, errors and retries, because the SDK's SSM client adds tables of 150 operations, 1.5 ms and 1.4 MB,
// to each cold start. It is safe for concurrent use.
type ParameterStore struct {
	endpoint    string
	region      string
	credentials aws.CredentialsProvider
	client      aws.HTTPClient
	retryer     aws.Retryer
	signer      *v4.Signer
}

// NewParameterStore returns the store of the configuration's region; an empty endpoint is AWS's own. The
// configuration must have a region, credentials, an HTTP client and a retryer, as Config's has.
func NewParameterStore(config aws.Config, endpoint string) *ParameterStore {
	if endpoint == "" {
		endpoint = "https://ssm." + config.Region + ".amazonaws.com"
	}
	return &ParameterStore{endpoint: endpoint, region: config.Region, credentials: config.Credentials,
		client: config.HTTPClient, retryer: config.Retryer(), signer: v4.NewSigner()}
}

// Parameter returns the value of a parameter, decrypted, or an error as the SDK's clients return it: a
// smithy.OperationError that wraps what went wrong, with AWS's code and request id where AWS answered.
// https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html
func (s *ParameterStore) Parameter(ctx context.Context, name string) (string, error) {
	for attempt := 1; ; attempt++ {
		value, err := s.attempt(ctx, name)
		if err == nil {
			return value, nil
		}
		err = &smithy.OperationError{ServiceID: "SSM", OperationName: "GetParameter", Err: err}
		if attempt >= s.retryer.MaxAttempts() || !s.retryer.IsErrorRetryable(err) {
			return "", err
		}
		pause, noPause := s.retryer.RetryDelay(attempt, err)
		if noPause != nil {
			return "", err
		}
		timer := time.NewTimer(pause)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return "", err
		}
	}
}

func (s *ParameterStore) attempt(ctx context.Context, name string) (string, error) {
	body, err := json.Marshal(map[string]any{"Name": name, "WithDecryption": true})
	if err != nil {
		return "", err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.endpoint+"/", bytes.NewReader(body))
	if err != nil {
		return "", err
	}
	request.Header.Set("Content-Type", "application/x-amz-json-1.1")
	request.Header.Set("X-Amz-Target", "AmazonSSM.GetParameter")
	keys, err := s.credentials.Retrieve(ctx)
	if err != nil {
		return "", err
	}
	digest := sha256.Sum256(body)
	if err := s.signer.SignHTTP(ctx, keys, request, hex.EncodeToString(digest[:]), "ssm", s.region, time.Now()); err != nil {
		return "", err
	}
	response, err := s.client.Do(request)
	if err != nil {
		if ctx.Err() != nil {
			return "", &aws.RequestCanceledError{Err: err}
		}
		return "", &smithyhttp.RequestSendError{Err: err}
	}
	defer func() { _ = response.Body.Close() }()
	return answer(response)
}

// mostAnswer is more than a parameter can hold: 8 KB, in JSON.
const mostAnswer = 64 << 10

// answer returns the value in a response, or the error that it describes.
func answer(response *http.Response) (string, error) {
	failed := func(err error) error {
		return &awshttp.ResponseError{RequestID: response.Header.Get("X-Amzn-Requestid"),
			ResponseError: &smithyhttp.ResponseError{Response: &smithyhttp.Response{Response: response}, Err: err}}
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, mostAnswer))
	if err != nil {
		return "", failed(&smithyhttp.RequestSendError{Err: err}) // cut short: as good as no answer
	}
	if response.StatusCode != http.StatusOK {
		return "", failed(apiError(response.StatusCode, body))
	}
	var out struct {
		Parameter *struct{ Value *string }
	}
	if err := json.Unmarshal(body, &out); err != nil {
		return "", failed(&smithy.DeserializationError{Err: fmt.Errorf("an answer of %d bytes is not JSON", len(body))})
	}
	if out.Parameter == nil || out.Parameter.Value == nil {
		return "", failed(&smithy.DeserializationError{Err: fmt.Errorf("an answer of %d bytes has no value", len(body))})
	}
	return *out.Parameter.Value, nil
}

// apiError returns the error that a failed response describes, without its message, which nothing needs.
func apiError(status int, body []byte) error {
	var out struct {
		Type string `json:"__type"`
	}
	_ = json.Unmarshal(body, &out) // a proxy's answer has no type: the status tells what it was
	code := out.Type[strings.LastIndexByte(out.Type, '#')+1:]
	if code == "" {
		code = "UnknownError"
	}
	fault := smithy.FaultClient
	if status >= http.StatusInternalServerError {
		fault = smithy.FaultServer
	}
	return &smithy.GenericAPIError{Code: code, Fault: fault}
}
