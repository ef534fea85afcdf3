package stack_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"losttrn/internal/local"
)

// The test's binary is also the stack that is killed, and every function of the
// fixture: it does what the one of that name does.
func TestMain(m *testing.M) {
	if os.Getenv(stackDir) != "" {
		os.Setenv("TEST_BINARY", os.Args[0])
		runStack()
	}
	name, isFunction := os.LookupEnv("AWS_LAMBDA_FUNCTION_NAME")
	if !isFunction {
		os.Setenv("TEST_BINARY", os.Args[0])
		os.Exit(m.Run())
	}
	switch {
	case strings.HasSuffix(name, "AskFunction"):
		lambda.Start(ask)
	case strings.HasSuffix(name, "WorkFunction"):
		lambda.Start(work)
	case strings.HasSuffix(name, "NoteFunction"):
		lambda.Start(noteEvent)
	case strings.HasSuffix(name, "MendFunction"):
		lambda.Start(unlessOff)
	default:
		lambda.Start(func() error { return errors.New("always") })
	}
}

func endpoint(name string) *string { return aws.String(os.Getenv("AWS_ENDPOINT_URL_" + name)) }

func table() *dynamodb.Client {
	return dynamodb.NewFromConfig(local.Config(), func(o *dynamodb.Options) { o.BaseEndpoint = endpoint("DYNAMODB") })
}

// ask does what the path says with the body.
func ask(ctx context.Context, r events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
	var answer string
	var err error
	switch r.RawPath {
	case "/send":
		client := sqs.NewFromConfig(local.Config(), func(o *sqs.Options) { o.BaseEndpoint = endpoint("SQS") })
		_, err = client.SendMessage(ctx, &sqs.SendMessageInput{
			QueueUrl: aws.String(os.Getenv("WORK_QUEUE_URL")), MessageBody: &r.Body,
			MessageGroupId: &r.Body, MessageDeduplicationId: &r.Body,
		})
	case "/drop":
		client := s3.NewFromConfig(local.Config(), func(o *s3.Options) { o.BaseEndpoint = endpoint("S3") })
		_, err = client.PutObject(ctx, &s3.PutObjectInput{
			Bucket: aws.String(os.Getenv("DROPS_BUCKET")), Key: &r.Body, Body: strings.NewReader("dropped"),
		})
	case "/export":
		_, err = table().ExportTableToPointInTime(ctx, &dynamodb.ExportTableToPointInTimeInput{
			TableArn: aws.String("arn:aws:dynamodb:eu-west-2:000000000000:table/" + os.Getenv("NOTES_TABLE")), S3Bucket: aws.String(os.Getenv("DROPS_BUCKET")),
		})
	case "/parameter":
		client := ssm.NewFromConfig(local.Config(), func(o *ssm.Options) { o.BaseEndpoint = endpoint("SSM") })
		var out *ssm.GetParameterOutput
		if out, err = client.GetParameter(ctx, &ssm.GetParameterInput{Name: aws.String(os.Getenv("UNLOCKING_PARAMETER"))}); err == nil {
			answer = *out.Parameter.Value
		}
	case "/variables":
		answer = os.Getenv("LIMITS") + " " + os.Getenv("WORD") + " " + os.Getenv("HOME")
	case "/panic":
		panic("no")
	}
	if err != nil {
		return events.APIGatewayV2HTTPResponse{StatusCode: 502, Body: err.Error()}, nil
	}
	return events.APIGatewayV2HTTPResponse{StatusCode: 200, Body: answer}, nil
}

// work notes each message.
func work(ctx context.Context, e events.SQSEvent) (any, error) {
	var failed []map[string]string
	for _, m := range e.Records {
		if m.Body == "fail" || note(ctx, "message "+m.Body) != nil {
			failed = append(failed, map[string]string{"itemIdentifier": m.MessageId})
		}
	}
	return map[string]any{"batchItemFailures": failed}, nil
}

// unlessOff fails until the switch is off.
func unlessOff(ctx context.Context, event json.RawMessage) error {
	client := ssm.NewFromConfig(local.Config(), func(o *ssm.Options) { o.BaseEndpoint = endpoint("SSM") })
	out, err := client.GetParameter(ctx, &ssm.GetParameterInput{Name: aws.String(os.Getenv("UNLOCKING_PARAMETER"))})
	if err != nil {
		return err
	}
	if *out.Parameter.Value != "off" {
		return errors.New("it is not off")
	}
	return noteEvent(ctx, event)
}

// noteEvent notes where an event comes from.
func noteEvent(ctx context.Context, event json.RawMessage) error {
	var e struct {
		Source string
		Detail json.RawMessage
	}
	if err := json.Unmarshal(event, &e); err != nil {
		return err
	}
	var detail struct{ Object struct{ Key string } }
	_ = json.Unmarshal(e.Detail, &detail) // a schedule's detail is a text
	key := detail.Object.Key
	if strings.HasSuffix(key, "/manifest-summary.json") {
		key = "manifest-summary.json"
	}
	return note(ctx, strings.TrimSpace(e.Source+" "+key))
}

func note(ctx context.Context, id string) error {
	_, err := table().PutItem(ctx, &dynamodb.PutItemInput{
		TableName: aws.String(os.Getenv("NOTES_TABLE")),
		Item:      map[string]types.AttributeValue{"id": &types.AttributeValueMemberS{Value: id}},
	})
	if err != nil {
		return fmt.Errorf("note: %w", err)
	}
	return nil
}
