package register

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"losttrn/internal/attribute"
	"losttrn/internal/cloud"
	"losttrn/internal/fault"
	"losttrn/internal/teacher"
)

// Owner returns the address on the record of a TRN, or an error that wraps fault.NotFound if there is no such record, or
// no address on it that mail can go to. It reads nothing else of the record.
func (s *Store) Owner(ctx context.Context, trn teacher.TRN) (teacher.Email, error) {
	out, err := s.client.GetItem(ctx, &dynamodb.GetItemInput{
		TableName:                aws.String(s.table),
		Key:                      key(trn),
		ProjectionExpression:     aws.String("#email"),
		ExpressionAttributeNames: map[string]string{"#email": "email"},
	})
	if err != nil {
		return teacher.Email{}, cloud.Failure("get address", err)
	}
	email, err := teacher.ParseEmail(attribute.Text(out.Item, "email"))
	if err != nil {
		return teacher.Email{}, fault.New(fault.NotFound, "no_address_on_record")
	}
	return email, nil
}
