// Package local runs the DynamoDB and SQS servers of the local stack, with the tables and queues that template.yaml
// declares. Package stack runs the whole service around them.
package local

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"golang.org/x/sync/errgroup"

	"losttrn/internal/local/naming"
	"losttrn/internal/local/provision"
	"losttrn/internal/local/servers"
	"losttrn/internal/local/template"
)

// ServersOptions are the choices of StartServers.
type ServersOptions struct {
	// Project is the folder of template.yaml; empty, it is searched for from the working folder upwards.
	Project Project
	// Manifest is the folder of the npm manifest of the servers; empty, it is the
	// project's own.
	Manifest string
	// Gateway is the address of the gateway, if there is one.
	Gateway string
	// Dir is the folder that keeps the tables and the queues.
	Dir string
	// InMemory keeps the tables in memory alone, for tests: no change to them waits for a disk, and they end with the
	// server. The queues are kept in Dir.
	InMemory bool
	// Parameters override parameters of template.yaml.
	Parameters map[string]string
	// Progress is called with steps that take long. It may be nil.
	Progress func(string)
	// Report is called when a server ended by itself and is restarted. It may be nil.
	Report func(error)
	// Output receives the output of the servers. It may be nil.
	Output io.Writer
}

// Servers are the running DynamoDB and SQS servers with the tables and queues of
// template.yaml in them.
type Servers struct {
	DynamoDB string // address
	SQS      string // address
	Region   string
	// Tables and Queues map short names (teachers, matchesDeadLetter) to table
	// names and queue addresses.
	Tables map[string]string
	Queues map[string]string
	// Resources is the template, evaluated.
	Resources *template.Stack

	declared  *template.Template
	addresses naming.Addresses
	dynamodb  *servers.Server
	sqs       *servers.Server
}

// connections are shared by all local clients: each client by itself would keep its own open.
var connections = awshttp.NewBuildableClient()

// Config returns the SDK configuration for clients of the local servers. Give each
// client its own address as BaseEndpoint.
func Config() aws.Config {
	return aws.Config{
		HTTPClient:  connections,
		Region:      naming.Region,
		Credentials: credentials.NewStaticCredentialsProvider(AccessKeyID, SecretAccessKey, ""),
	}
}

// The keys that local clients sign with. The servers accept any.
const (
	AccessKeyID     = "local"
	SecretAccessKey = "local"
)

// DynamoDBClient makes a client of the local DynamoDB server.
func (s *Servers) DynamoDBClient() *dynamodb.Client {
	return dynamodb.NewFromConfig(Config(), func(o *dynamodb.Options) { o.BaseEndpoint = &s.DynamoDB })
}

// SQSClient makes a client of the local SQS server.
func (s *Servers) SQSClient() *sqs.Client {
	return sqs.NewFromConfig(Config(), func(o *sqs.Options) { o.BaseEndpoint = &s.SQS })
}

// StartServers runs the DynamoDB and SQS servers, without functions, and creates the tables and queues of
// template.yaml, as tests of stores need them.
func StartServers(ctx context.Context, o ServersOptions) (*Servers, error) {
	if o.Project == "" {
		var err error
		if o.Project, err = FindProject(); err != nil {
			return nil, err
		}
	}
	declared, err := o.Project.Template()
	if err != nil {
		return nil, err
	}
	s, err := startServers(ctx, o)
	if err != nil {
		return nil, err
	}
	s.declared, s.addresses = declared, naming.Addresses{SQS: s.SQS, Gateway: o.Gateway}
	if err := s.provision(ctx, o.Parameters); err != nil {
		s.Stop()
		return nil, err
	}
	return s, nil
}

// Beside creates another, empty set of the tables and queues of template.yaml on the running servers, under names that
// begin with stack. Stop of the returned Servers does nothing.
func (s *Servers) Beside(ctx context.Context, stack string, parameters map[string]string) (*Servers, error) {
	beside := &Servers{DynamoDB: s.DynamoDB, SQS: s.SQS, Region: s.Region, declared: s.declared, addresses: s.addresses,
		Tables: map[string]string{}, Queues: map[string]string{}}
	beside.addresses.Stack = stack
	return beside, beside.provision(ctx, parameters)
}

// Evaluate evaluates a template with the local names.
func Evaluate(t *template.Template, parameters map[string]string, a naming.Addresses) (*template.Stack, error) {
	return t.Evaluate(template.Settings{Parameters: parameters, Pseudo: a.Pseudo(), Attribute: a.Attribute})
}

// startServers runs the two servers, empty.
func startServers(ctx context.Context, o ServersOptions) (*Servers, error) {
	if o.Progress == nil {
		o.Progress = func(string) {}
	}
	if o.Report == nil {
		o.Report = func(error) {}
	}
	if o.Manifest == "" {
		o.Manifest = filepath.Join(string(o.Project), "internal", "local")
	}
	tools, err := servers.Install(ctx, o.Manifest, o.Progress)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(o.Dir, 0o755); err != nil {
		return nil, fmt.Errorf("make the data folder: %w", err)
	}
	s := &Servers{Region: naming.Region, Tables: map[string]string{}, Queues: map[string]string{}}
	tables := filepath.Join(o.Dir, "tables.db")
	if o.InMemory {
		tables = ""
	}
	var both errgroup.Group
	both.Go(func() (err error) {
		s.dynamodb, err = servers.StartDynamoDB(ctx, tools, tables, servers.Hooks{Report: o.Report, Output: o.Output})
		return err
	})
	both.Go(func() (err error) {
		s.sqs, err = servers.StartSQS(ctx, tools, o.Dir,
			servers.Hooks{Report: o.Report, Output: o.Output})
		return err
	})
	if err := both.Wait(); err != nil {
		s.Stop()
		return nil, err
	}
	s.DynamoDB, s.SQS = s.dynamodb.URL, s.sqs.URL
	return s, nil
}

// provision evaluates the template and creates its tables and queues.
func (s *Servers) provision(ctx context.Context, parameters map[string]string) (err error) {
	if s.Resources, err = Evaluate(s.declared, parameters, s.addresses); err != nil {
		return err
	}
	client := s.DynamoDBClient()
	for _, r := range s.Resources.OfType(template.TypeTable) {
		name := s.addresses.Name(r)
		if err := provision.Table(ctx, client, r, name); err != nil {
			return err
		}
		s.Tables[naming.Key(r)] = name
	}
	for _, r := range s.Resources.OfType(template.TypeQueue) {
		url, err := provision.Queue(ctx, s.SQSClient(), r, s.addresses.Name(r))
		if err != nil {
			return err
		}
		s.Queues[naming.Key(r)] = url
	}
	return nil
}

// PIDs lists the servers' processes.
func (s *Servers) PIDs() []int { return []int{s.dynamodb.PID(), s.sqs.PID()} }

// Stop ends both servers.
func (s *Servers) Stop() {
	var both sync.WaitGroup
	for _, server := range []*servers.Server{s.sqs, s.dynamodb} {
		if server != nil {
			both.Go(server.Stop)
		}
	}
	both.Wait()
}
