// Package provision creates the tables, queues and buckets that the template
// declares. Everything may be there already: a second run changes nothing.
package provision

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"losttrn/internal/local/template"
)

// table is what the local stack reads of AWS::DynamoDB::Table.
type table struct {
	TableName               string
	AttributeDefinitions    []attribute
	KeySchema               []key
	GlobalSecondaryIndexes  []index
	TimeToLiveSpecification struct {
		AttributeName string
		Enabled       template.Flag
	}
	// Protection and billing of a table have no effect locally.
	BillingMode, TableClass                                                  any
	DeletionProtectionEnabled, PointInTimeRecoverySpecification              any
	SSESpecification, ContributorInsightsSpecification, Tags, ResourcePolicy any
	OnDemandThroughput, WarmThroughput, ProvisionedThroughput                any
}

type attribute struct {
	AttributeName string
	AttributeType types.ScalarAttributeType
}

type key struct {
	AttributeName string
	KeyType       types.KeyType
}

type index struct {
	IndexName  string
	KeySchema  []key
	Projection struct {
		ProjectionType   types.ProjectionType
		NonKeyAttributes []string
	}
	OnDemandThroughput, WarmThroughput, ProvisionedThroughput, ContributorInsightsSpecification any
}

// Table creates a table under name, with its indexes and expiry, unless it is
// there. One that is there with other keys or indexes is an error: its data
// cannot be carried over.
func Table(ctx context.Context, client *dynamodb.Client, r template.Resource, name string) error {
	var t table
	if err := r.Decode(&t); err != nil {
		return err
	}
	input := t.input(name)
	_, err := client.CreateTable(ctx, input)
	var inUse *types.ResourceInUseException
	switch {
	case errors.As(err, &inUse):
		if err := t.same(ctx, client, r.ID, input); err != nil {
			return err
		}
	case err != nil:
		return fmt.Errorf("create the table %s: %w", r.ID, err)
	}
	return t.expire(ctx, client, r.ID, name)
}

func (t table) input(name string) *dynamodb.CreateTableInput {
	input := &dynamodb.CreateTableInput{
		TableName:   &name,
		BillingMode: types.BillingModePayPerRequest,
		KeySchema:   schema(t.KeySchema),
	}
	for _, a := range t.AttributeDefinitions {
		input.AttributeDefinitions = append(input.AttributeDefinitions,
			types.AttributeDefinition{AttributeName: aws.String(a.AttributeName), AttributeType: a.AttributeType})
	}
	for _, i := range t.GlobalSecondaryIndexes {
		input.GlobalSecondaryIndexes = append(input.GlobalSecondaryIndexes, types.GlobalSecondaryIndex{
			IndexName: aws.String(i.IndexName),
			KeySchema: schema(i.KeySchema),
			Projection: &types.Projection{
				ProjectionType:   i.Projection.ProjectionType,
				NonKeyAttributes: i.Projection.NonKeyAttributes,
			},
		})
	}
	return input
}

func schema(keys []key) []types.KeySchemaElement {
	elements := make([]types.KeySchemaElement, len(keys))
	for i, k := range keys {
		elements[i] = types.KeySchemaElement{AttributeName: aws.String(k.AttributeName), KeyType: k.KeyType}
	}
	return elements
}

// same checks that the table that is there is the one the template declares.
func (t table) same(ctx context.Context, client *dynamodb.Client, id string, want *dynamodb.CreateTableInput) error {
	out, err := client.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: want.TableName})
	if err != nil {
		return fmt.Errorf("look at the table %s: %w", id, err)
	}
	have := &dynamodb.CreateTableInput{KeySchema: out.Table.KeySchema, AttributeDefinitions: out.Table.AttributeDefinitions}
	for _, i := range out.Table.GlobalSecondaryIndexes {
		have.GlobalSecondaryIndexes = append(have.GlobalSecondaryIndexes,
			types.GlobalSecondaryIndex{IndexName: i.IndexName, KeySchema: i.KeySchema, Projection: i.Projection})
	}
	if shape(have) != shape(want) {
		return fmt.Errorf("the table %s kept in .local has other keys or indexes than template.yaml now says: run `make reset` to begin anew", id)
	}
	return nil
}

// shape writes down what cannot be changed about a table that holds data.
func shape(t *dynamodb.CreateTableInput) string {
	var lines []string
	for _, a := range t.AttributeDefinitions {
		lines = append(lines, fmt.Sprint("attribute ", *a.AttributeName, a.AttributeType))
	}
	lines = append(lines, "key"+keys(t.KeySchema))
	for _, i := range t.GlobalSecondaryIndexes {
		projected := slices.Sorted(slices.Values(i.Projection.NonKeyAttributes))
		lines = append(lines, fmt.Sprint("index ", *i.IndexName, keys(i.KeySchema), i.Projection.ProjectionType, projected))
	}
	sort.Strings(lines)
	return strings.Join(lines, "\n")
}

func keys(elements []types.KeySchemaElement) string {
	var b strings.Builder
	for _, e := range elements {
		fmt.Fprint(&b, " ", *e.AttributeName, e.KeyType)
	}
	return b.String()
}

func (t table) expire(ctx context.Context, client *dynamodb.Client, id, name string) error {
	if !t.TimeToLiveSpecification.Enabled {
		return nil
	}
	out, err := client.DescribeTimeToLive(ctx, &dynamodb.DescribeTimeToLiveInput{TableName: &name})
	if err == nil && out.TimeToLiveDescription != nil && out.TimeToLiveDescription.TimeToLiveStatus == types.TimeToLiveStatusEnabled {
		return nil
	}
	_, err = client.UpdateTimeToLive(ctx, &dynamodb.UpdateTimeToLiveInput{
		TableName: &name,
		TimeToLiveSpecification: &types.TimeToLiveSpecification{
			AttributeName: aws.String(t.TimeToLiveSpecification.AttributeName),
			Enabled:       aws.Bool(true),
		},
	})
	if err != nil {
		return fmt.Errorf("set the expiry of the table %s: %w", id, err)
	}
	return nil
}
