package providers

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"losttrn/internal/attribute"
	"losttrn/internal/cloud"
	"losttrn/internal/teacher"
)

// WriterClient are the calls of DynamoDB that the writer makes.
type WriterClient interface {
	Query(context.Context, *dynamodb.QueryInput, ...func(*dynamodb.Options)) (*dynamodb.QueryOutput, error)
	PutItem(context.Context, *dynamodb.PutItemInput, ...func(*dynamodb.Options)) (*dynamodb.PutItemOutput, error)
}

// Writer is the table as a load writes it.
type Writer struct {
	client WriterClient
	table  string
}

// NewWriter returns the writer of the table of that name.
func NewWriter(client WriterClient, table string) *Writer {
	return &Writer{client, table}
}

// Add adds the providers that are not listed yet, by their names.
func (l *Writer) Add(ctx context.Context, providers []teacher.Provider) error {
	listed, err := l.names(ctx)
	if err != nil {
		return err
	}
	for _, p := range providers {
		if listed[p.Name] {
			continue
		}
		item := attribute.Item{"list": attribute.String(List), "name": attribute.String(p.Name)}
		attribute.Put(item, "ukprn", p.UKPRN)
		_, err := l.client.PutItem(ctx, &dynamodb.PutItemInput{TableName: &l.table, Item: item,
			ConditionExpression: aws.String("attribute_not_exists(#name)"), ExpressionAttributeNames: map[string]string{"#name": "name"}})
		var there *types.ConditionalCheckFailedException
		if err != nil && !errors.As(err, &there) { // or another load was first
			return cloud.Failure("list a training provider", err)
		}
	}
	return nil
}

func (l *Writer) names(ctx context.Context) (map[string]bool, error) {
	names := map[string]bool{}
	in := &dynamodb.QueryInput{TableName: &l.table, KeyConditionExpression: aws.String("#list = :list"), ProjectionExpression: aws.String("#name"),
		ExpressionAttributeNames:  map[string]string{"#list": "list", "#name": "name"},
		ExpressionAttributeValues: attribute.Item{":list": attribute.String(List)}}
	for {
		out, err := l.client.Query(ctx, in)
		if err != nil {
			return nil, cloud.Failure("read training providers", err)
		}
		for _, item := range out.Items {
			names[attribute.Text(item, "name")] = true
		}
		if in.ExclusiveStartKey = out.LastEvaluatedKey; len(in.ExclusiveStartKey) == 0 {
			return names, nil
		}
	}
}
