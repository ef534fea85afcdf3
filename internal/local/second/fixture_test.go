//go:build second

package second_test

import (
	"context"
	"fmt"
	"maps"
	"net"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	ssmtypes "github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"losttrn/internal/attribute"
	"losttrn/internal/local"
	"losttrn/internal/local/gateway"
	"losttrn/internal/local/naming"
	"losttrn/internal/local/outbox"
	"losttrn/internal/local/provision"
	"losttrn/internal/local/runtimeapi"
	"losttrn/internal/local/template"
	"losttrn/internal/local/translated"
	"losttrn/internal/local/trigger"
	"losttrn/internal/local/waiting"
	"losttrn/internal/notify"
)

// service is lookup, unlock and notify with moto in AWS's place.
type service struct {
	t      *testing.T
	url    string // of the API
	db     *dynamodb.Client
	sqs    *sqs.Client
	names  naming.Addresses
	stack  *template.Stack
	outbox *outbox.Outbox
}

func start(t *testing.T) *service {
	t.Helper()
	moto := startMoto(t)
	s := &service{t: t, names: naming.Addresses{SQS: moto}}
	config := local.Config()
	s.db = dynamodb.NewFromConfig(config, func(o *dynamodb.Options) { o.BaseEndpoint = &moto })
	s.sqs = sqs.NewFromConfig(config, func(o *sqs.Options) { o.BaseEndpoint = &moto })
	parameters := ssm.NewFromConfig(config, func(o *ssm.Options) { o.BaseEndpoint = &moto })

	key := "key-11111111-1111-4111-8111-111111111111-22222222-2222-4222-8222-222222222222"
	given := map[string]string{}
	texts := map[string]outbox.Template{}
	for i, text := range notify.Templates() {
		id := fmt.Sprintf("33333333-0000-4000-8000-%012d", i)
		given[notify.TemplateParameter(text.Kind)] = id
		texts[id] = outbox.Template{Kind: string(text.Kind), Subject: text.Subject, Body: text.Body}
	}
	var err error
	if s.outbox, err = outbox.Open(filepath.Join(t.TempDir(), "outbox.jsonl"), texts, func() (string, error) { return key, nil }); err != nil {
		t.Fatal(err)
	}
	mail := httptest.NewServer(s.outbox.Handler())
	t.Cleanup(mail.Close)
	given["NotifyBaseUrl"] = mail.URL

	read, err := translated.Read(os.Getenv("TRANSLATED"))
	if err != nil {
		t.Fatal(err)
	}
	if s.stack, err = read.EvaluateAt(s.names, given); err != nil {
		t.Fatal(err)
	}
	s.provision()
	functions := map[string]*runtimeapi.Function{}
	for _, name := range []string{"Lookup", "Unlock", "Notify"} {
		functions[name] = s.function(name, moto, parameters, key)
	}
	front := httptest.NewServer(gateway.New(functions["Lookup"], func(err error) { t.Log("gateway:", err) }))
	t.Cleanup(front.Close)
	s.url = front.URL
	for queue, function := range map[string]string{"MatchesQueue": "Unlock", "EmailsQueue": "Notify"} {
		r, _ := s.stack.Resource(queue)
		poller := trigger.StartQueue(trigger.QueueOptions{
			Client: s.sqs, QueueURL: s.queueURL(queue), QueueARN: naming.ARN("sqs", s.names.Name(r)), Region: naming.Region,
			BatchSize: 10, Concurrency: 1, PartialFailures: true, Function: functions[function], Report: func(err error) { t.Log(queue+":", err) },
		})
		t.Cleanup(poller.Quit)
	}
	return s
}

// startMoto starts the server that the variable MOTO names, in the account that the local names are of.
func startMoto(t *testing.T) string {
	t.Helper()
	program := os.Getenv("MOTO")
	if program == "" {
		t.Fatal("MOTO names no moto_server: run `make test-second`")
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := free.Addr().String()
	_, port, _ := net.SplitHostPort(address)
	if err := free.Close(); err != nil {
		t.Fatal(err)
	}
	command := exec.Command(program, "-H", "127.0.0.1", "-p", port)
	command.Env = append(os.Environ(), "MOTO_ACCOUNT_ID="+naming.Account)
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = command.Process.Kill()
		_ = command.Wait()
	})
	waiting.Until(t, "moto answers", func() bool {
		conn, err := net.Dial("tcp", address)
		if err == nil {
			_ = conn.Close()
		}
		return err == nil
	})
	return "http://" + address
}

// provision creates the tables and queues of the translated template.
func (s *service) provision() {
	s.t.Helper()
	for _, r := range s.stack.OfType("AWS::DynamoDB::Table") {
		if err := provision.Table(s.t.Context(), s.db, r, s.names.Name(r)); err != nil {
			s.t.Fatal(err)
		}
	}
	for _, r := range s.stack.OfType("AWS::SQS::Queue") { // dead-letter queues sort before those that they serve
		if _, err := provision.Queue(s.t.Context(), s.sqs, r, s.names.Name(r)); err != nil {
			s.t.Fatal(err)
		}
	}
}

// function builds a function for this machine and prepares its processes, with the variables that the translated template
// gives it; the parameters that they name are put first.
func (s *service) function(name, moto string, parameters *ssm.Client, notifyKey string) *runtimeapi.Function {
	s.t.Helper()
	artifacts := s.t.TempDir()
	build := exec.Command("make", "--silent", "build-"+name+"Function", "ARTIFACTS_DIR="+artifacts, "GOOS="+runtime.GOOS, "GOARCH="+runtime.GOARCH)
	build.Dir = filepath.Join("..", "..", "..")
	if out, err := build.CombinedOutput(); err != nil {
		s.t.Fatalf("build %s: %v\n%s", name, err, out)
	}
	r, ok := s.stack.Resource(name + "Function")
	if !ok {
		s.t.Fatalf("the translated template has no %sFunction", name)
	}
	declared, _ := r.Properties["Environment"].(map[string]any)
	variables, _ := declared["Variables"].(map[string]any)
	all := map[string]string{"AWS_REGION": naming.Region, "AWS_ACCESS_KEY_ID": local.AccessKeyID, "AWS_SECRET_ACCESS_KEY": local.SecretAccessKey,
		"AWS_LAMBDA_FUNCTION_NAME": name, "PATH": os.Getenv("PATH")}
	for variable, value := range variables {
		text := fmt.Sprint(value)
		switch {
		case strings.HasPrefix(variable, "AWS_ENDPOINT_URL_"):
			text = moto
		case strings.HasSuffix(variable, "_PARAMETER") && text != "":
			s.put(parameters, variable, text, notifyKey)
		}
		all[variable] = text
	}
	all["LIMITS"] = "on"
	var environment []string
	for variable, value := range maps.All(all) {
		environment = append(environment, variable+"="+value)
	}
	f := runtimeapi.New(runtimeapi.Spec{Name: name, ARN: naming.ARN("lambda", "function:"+name), Executable: filepath.Join(artifacts, "bootstrap"),
		Environment: environment, Timeout: 30 * time.Second, Concurrency: 1, Log: os.Stderr})
	s.t.Cleanup(f.Close)
	return f
}

// put makes a parameter as a person does for a real deployment.
func (s *service) put(parameters *ssm.Client, variable, name, notifyKey string) {
	s.t.Helper()
	value, kind := "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", ssmtypes.ParameterTypeSecureString
	switch variable {
	case "UNLOCKING_PARAMETER":
		value, kind = "on", ssmtypes.ParameterTypeString
	case "NOTIFY_API_KEY_PARAMETER":
		value = notifyKey
	}
	_, err := parameters.PutParameter(s.t.Context(), &ssm.PutParameterInput{Name: &name, Value: &value, Type: kind, Overwrite: aws.Bool(true)})
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *service) queueURL(id string) string {
	r, _ := s.stack.Resource(id)
	url, err := s.names.Attribute(r, "QueueUrl")
	if err != nil {
		s.t.Fatal(err)
	}
	return fmt.Sprint(url)
}

func (s *service) tableName(id string) *string {
	r, _ := s.stack.Resource(id)
	return aws.String(s.names.Name(r))
}

func (s *service) item(table, key, value string) attribute.Item {
	s.t.Helper()
	out, err := s.db.GetItem(context.WithoutCancel(s.t.Context()), &dynamodb.GetItemInput{TableName: s.tableName(table), Key: attribute.Item{key: attribute.String(value)}})
	if err != nil {
		s.t.Fatal(err)
	}
	return out.Item
}
