// Package providers stores the names of the training providers in the register, in the table `providers`. Loads of the
// register add to it. The form suggests the names, and a lookup finds in it the name of a provider whose number was
// given.
//
//	attribute  type          what
//	list       S  partition  always "training-providers": all names are read with one paged query
//	name       S  sort       a provider's name, as the register writes it
//	ukprn      S             its UK provider reference number, if the register gives one
package providers

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"losttrn/internal/attribute"
	"losttrn/internal/cloud"
)

// List is the partition key of every name.
const List = "training-providers"

// fresh is how long the names are kept before they are read again; a load changes them once a night.
const fresh = 10 * time.Minute

// Client is the call of DynamoDB that the store makes.
type Client interface {
	Query(context.Context, *dynamodb.QueryInput, ...func(*dynamodb.Options)) (*dynamodb.QueryOutput, error)
}

// Store reads the table. It is safe for concurrent use.
type Store struct {
	client Client
	table  string
	clock  func() time.Time

	mu    sync.Mutex
	names []string
	named map[string]string // names, by UKPRN
	read  time.Time
}

// NewStore returns the store in the table of that name.
func NewStore(client Client, table string, clock func() time.Time) *Store {
	return &Store{client: client, table: table, clock: clock}
}

// Names returns the names in alphabetical order, as they were at most ten minutes ago. If they cannot be read again,
// it returns those that were read before.
func (s *Store) Names(ctx context.Context) ([]string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.refresh(ctx); err != nil {
		return nil, err
	}
	return s.names, nil
}

// Named returns the name of the provider with a UKPRN, the first in alphabetical order if the register has several, ""
// if it has none. It is as fresh as Names.
func (s *Store) Named(ctx context.Context, ukprn string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.refresh(ctx); err != nil {
		return "", err
	}
	return s.named[ukprn], nil
}

// refresh reads what is too old again. It fails only if nothing was read before.
func (s *Store) refresh(ctx context.Context) error {
	if !s.read.IsZero() && s.clock().Sub(s.read) < fresh {
		return nil
	}
	names, named, err := s.query(ctx)
	switch {
	case err == nil:
		s.names, s.named, s.read = names, named, s.clock()
	case s.read.IsZero():
		return err
	}
	return nil
}

func (s *Store) query(ctx context.Context) (names []string, named map[string]string, err error) {
	named = map[string]string{}
	input := &dynamodb.QueryInput{
		TableName:                 aws.String(s.table),
		KeyConditionExpression:    aws.String("#list = :list"),
		ProjectionExpression:      aws.String("#name, #ukprn"),
		ExpressionAttributeNames:  map[string]string{"#list": "list", "#name": "name", "#ukprn": "ukprn"},
		ExpressionAttributeValues: attribute.Item{":list": attribute.String(List)},
	}
	for {
		out, err := s.client.Query(ctx, input)
		if err != nil {
			return nil, nil, cloud.Failure("read training providers", err)
		}
		for _, item := range out.Items {
			name, ukprn := attribute.Text(item, "name"), attribute.Text(item, "ukprn")
			names = append(names, name)
			if before, several := named[ukprn]; ukprn != "" && (!several || name < before) {
				named[ukprn] = name
			}
		}
		if len(out.LastEvaluatedKey) == 0 {
			break
		}
		input.ExclusiveStartKey = out.LastEvaluatedKey
	}
	slices.SortFunc(names, func(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) })
	return slices.Compact(names), named, nil
}
