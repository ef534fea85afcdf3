package register

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"losttrn/internal/attribute"
	"losttrn/internal/cloud"
	"losttrn/internal/matching"
	"losttrn/internal/parallel"
	"losttrn/internal/teacher"
)

// Client are the calls of DynamoDB that the store makes.
type Client interface {
	GetItem(context.Context, *dynamodb.GetItemInput, ...func(*dynamodb.Options)) (*dynamodb.GetItemOutput, error)
	Query(context.Context, *dynamodb.QueryInput, ...func(*dynamodb.Options)) (*dynamodb.QueryOutput, error)
}

// Store is the `teachers` table.
type Store struct {
	client Client
	table  string
}

// NewStore returns the store in the table of that name.
func NewStore(client Client, table string) *Store { return &Store{client, table} }

// maxPages is how many pages of an index are read, of a megabyte each, which is some 14,000 people with one date of
// birth.
const maxPages = 4

// Candidates reads the records that share the NINO, email or TRN of a person, by key and side by side, and those that
// share the date of birth if that can decide. A record may come more than once. If the person's TRN was merged into a
// record not found by then, that one is read as well.
func (s *Store) Candidates(ctx context.Context, p matching.Person) (matching.Candidates, error) {
	var all matching.Candidates
	found := make([][]teacher.Record, len(indexes))
	crowded := make([]bool, len(indexes))
	var byTRN []teacher.Record
	reads, readCtx := parallel.UntilFailure(ctx)
	for i, index := range indexes {
		if value := index.value(&p); value != "" {
			reads.Go(func() (err error) {
				found[i], crowded[i], err = s.query(readCtx, index.name, index.attribute, value)
				return err
			})
		}
	}
	if !p.TRN.IsZero() && !p.TRN.MadeUp() {
		reads.Go(func() (err error) {
			byTRN, err = s.get(readCtx, p.TRN)
			return err
		})
	}
	if err := reads.Wait(); err != nil {
		return matching.Candidates{}, err
	}
	for i, records := range found {
		all.Records = append(all.Records, records...)
		all.Crowded = all.Crowded || crowded[i]
	}
	all.Records = append(all.Records, byTRN...)
	var err error
	all.Records, err = s.withSurvivor(ctx, all.Records, byTRN)
	return all, err
}

// maxMerges bounds how far a chain of merges is followed.
const maxMerges = 3

// withSurvivor adds the record that the person's TRN was merged into, unless it is there, and so on if that was
// merged as well.
func (s *Store) withSurvivor(ctx context.Context, records, byTRN []teacher.Record) ([]teacher.Record, error) {
	for range maxMerges {
		if len(byTRN) == 0 || byTRN[0].Status != teacher.Merged || byTRN[0].MergedInto.IsZero() ||
			contains(records, byTRN[0].MergedInto) {
			break
		}
		var err error
		if byTRN, err = s.get(ctx, byTRN[0].MergedInto); err != nil {
			return nil, err
		}
		records = append(records, byTRN...)
	}
	return records, nil
}

func contains(records []teacher.Record, trn teacher.TRN) bool {
	for i := range records {
		if records[i].TRN == trn {
			return true
		}
	}
	return false
}

// query returns the items with a value in an index, and reports whether there are more than maxPages hold.
func (s *Store) query(ctx context.Context, index, name, value string) (records []teacher.Record, more bool, err error) {
	in := &dynamodb.QueryInput{
		TableName:                 aws.String(s.table),
		IndexName:                 aws.String(index),
		KeyConditionExpression:    aws.String("#key = :value"),
		ExpressionAttributeNames:  map[string]string{"#key": name},
		ExpressionAttributeValues: attribute.Item{":value": attribute.String(value)},
	}
	for range maxPages {
		out, err := s.client.Query(ctx, in)
		if err != nil {
			return nil, false, cloud.Failure("query "+index, err)
		}
		for _, item := range out.Items {
			r, err := record(item)
			if err != nil {
				return nil, false, err
			}
			records = append(records, r)
		}
		if len(out.LastEvaluatedKey) == 0 {
			return records, false, nil
		}
		in.ExclusiveStartKey = out.LastEvaluatedKey
	}
	return records, true, nil
}

func (s *Store) get(ctx context.Context, trn teacher.TRN) ([]teacher.Record, error) {
	names := map[string]string{}
	projection := ""
	for i, name := range matchingAttributes {
		placeholder := "#" + string(rune('a'+i))
		names[placeholder] = name
		if i > 0 {
			projection += ", "
		}
		projection += placeholder
	}
	out, err := s.client.GetItem(ctx, &dynamodb.GetItemInput{
		TableName:                aws.String(s.table),
		Key:                      key(trn),
		ProjectionExpression:     aws.String(projection),
		ExpressionAttributeNames: names,
	})
	if err != nil {
		return nil, cloud.Failure("get teacher", err)
	}
	if len(out.Item) == 0 {
		return nil, nil
	}
	r, err := record(out.Item)
	if err != nil {
		return nil, err
	}
	return []teacher.Record{r}, nil
}
