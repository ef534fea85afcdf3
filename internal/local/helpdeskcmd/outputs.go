package helpdeskcmd

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

// describedStacks is the part of the answer to DescribeStacks that is read.
type describedStacks struct {
	Outputs []struct {
		Key   string `xml:"OutputKey"`
		Value string `xml:"OutputValue"`
	} `xml:"DescribeStacksResult>Stacks>member>Outputs>member"`
	// Of an error's answer.
	Code    string `xml:"Error>Code"`
	Message string `xml:"Error>Message"`
}

// stackOutputs reads the outputs of a stack from CloudFormation. The SDK's client of CloudFormation is not used for
// this one call, because it would be by far the largest package of the program and take half a minute to compile.
func stackOutputs(ctx context.Context, settings aws.Config, name string) (map[string]string, error) {
	query := url.Values{"Action": {"DescribeStacks"}, "Version": {"2010-05-15"}, "StackName": {name}}
	base := "https://cloudformation." + settings.Region + ".amazonaws.com"
	if settings.BaseEndpoint != nil {
		base = *settings.BaseEndpoint
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/?"+query.Encode(), nil)
	if err != nil {
		return nil, err
	}
	credentials, err := settings.Credentials.Retrieve(ctx)
	if err != nil {
		return nil, fmt.Errorf("there are no AWS credentials: %w", err)
	}
	empty := sha256.Sum256(nil)
	err = v4.NewSigner().SignHTTP(ctx, credentials, r, hex.EncodeToString(empty[:]), "cloudformation", settings.Region, time.Now())
	if err != nil {
		return nil, fmt.Errorf("sign a request to CloudFormation: %w", err)
	}
	response, err := settings.HTTPClient.Do(r)
	if err != nil {
		return nil, fmt.Errorf("read the outputs of the stack %s: %w", name, err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	if err != nil {
		return nil, fmt.Errorf("read the outputs of the stack %s: %w", name, err)
	}
	var answer describedStacks
	if err := xml.Unmarshal(body, &answer); err != nil {
		return nil, fmt.Errorf("read the outputs of the stack %s: %d %w", name, response.StatusCode, err)
	}
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the outputs of the stack %s cannot be read: %s: %s", name, answer.Code, answer.Message)
	}
	outputs := map[string]string{}
	for _, output := range answer.Outputs {
		outputs[output.Key] = output.Value
	}
	return outputs, nil
}
