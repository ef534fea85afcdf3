package limits

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"losttrn/internal/attribute"
	"losttrn/internal/cloud"
	"losttrn/internal/lookup"
	"losttrn/internal/parallel"
	"losttrn/internal/teacher"
)

// window is how long a count lasts, and kept how long its item is kept.
const (
	window = time.Hour
	kept   = 24 * time.Hour
)

// hour is a count of requests and how many are let through.
type hour struct {
	limit lookup.Limit
	entry string
	most  int
}

// Admit counts a request against each limit concurrently. If one of them is reached, it returns a *lookup.LimitError
// and takes back what was counted against the others. A value that the form has not asked for yet is not counted.
func (s *Store) Admit(ctx context.Context, source string, email teacher.EmailKey) error {
	secret, err := s.secret(ctx)
	if err != nil {
		return err
	}
	now := s.clock()
	start := now.Truncate(window)
	var hours []hour
	add := func(limit lookup.Limit, value string, most int) {
		if value != "" {
			hours = append(hours, hour{limit, digest(secret, string(limit), value, strconv.FormatInt(start.Unix(), 10)), most})
		}
	}
	add(lookup.LimitAddress, network(source), s.limits.Address)
	add(lookup.LimitEmail, email.Text(), s.limits.Email)

	counted := make([]bool, len(hours))
	counts := parallel.All() // each must be known, to take back what was counted if another refuses
	for i, h := range hours {
		counts.Go(func() (err error) {
			counted[i], err = s.count(ctx, h, start)
			return err
		})
	}
	if err := counts.Wait(); err != nil {
		return err
	}
	var refusal *lookup.LimitError
	for i := range hours {
		if !counted[i] && refusal == nil {
			refusal = &lookup.LimitError{Limit: hours[i].limit, RetryAfter: start.Add(window).Sub(now)}
		}
	}
	if refusal == nil {
		return nil
	}
	for i, h := range hours {
		if counted[i] {
			if err := s.takeBack(ctx, h); err != nil {
				return err
			}
		}
	}
	return refusal
}

// count counts a request unless its limit is reached; it reports whether it did.
func (s *Store) count(ctx context.Context, h hour, start time.Time) (bool, error) {
	_, err := s.client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName:                aws.String(s.table),
		Key:                      attribute.Item{"entry": attribute.String(h.entry)},
		UpdateExpression:         aws.String("ADD #count :one SET #expiresAt = :expiresAt"),
		ConditionExpression:      aws.String("attribute_not_exists(#count) OR #count < :most"),
		ExpressionAttributeNames: map[string]string{"#count": "count", "#expiresAt": "expiresAt"},
		ExpressionAttributeValues: attribute.Item{":one": attribute.Number(1), ":most": attribute.Number(int64(h.most)),
			":expiresAt": attribute.Epoch(start.Add(kept))},
	})
	var reached *types.ConditionalCheckFailedException
	if errors.As(err, &reached) {
		return false, nil
	}
	return err == nil, cloud.Failure("count against limits", err)
}

func (s *Store) takeBack(ctx context.Context, h hour) error {
	_, err := s.client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName:                 aws.String(s.table),
		Key:                       attribute.Item{"entry": attribute.String(h.entry)},
		UpdateExpression:          aws.String("ADD #count :back"),
		ExpressionAttributeNames:  map[string]string{"#count": "count"},
		ExpressionAttributeValues: attribute.Item{":back": attribute.Number(-1)},
	})
	return cloud.Failure("take back a count", err)
}
