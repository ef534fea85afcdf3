package register_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"losttrn/internal/attribute"
	"losttrn/internal/register"
)

// metered is a table that takes a write at once, for so many units.
type metered struct {
	register.RecordsClient
	units float64
}

func (m metered) UpdateItem(context.Context, *dynamodb.UpdateItemInput, ...func(*dynamodb.Options)) (*dynamodb.UpdateItemOutput, error) {
	return &dynamodb.UpdateItemOutput{ConsumedCapacity: &types.ConsumedCapacity{CapacityUnits: aws.Float64(m.units)}}, nil
}

// TestALoadKeepsItsPace: eight writers side by side take no more units a second than the pace, after the first burst.
func TestALoadKeepsItsPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const pace, writers, writes, units = 2_000, 8, 2_500, 4
		records := register.NewRecords(metered{units: units}, "teachers")
		records.Pace(pace)
		start := time.Now()
		done := make(chan error)
		for range writers {
			go func() {
				for range writes {
					written, _, err := records.Write(t.Context(), person(t, "trn", "0000001").TRN, []register.Change{{Name: "lastName", Value: attribute.String("x")}}, nil)
					if !written || err != nil {
						done <- err
						return
					}
				}
				done <- nil
			}()
		}
		for range writers {
			if err := <-done; err != nil {
				t.Fatal(err)
			}
		}
		took, all := time.Since(start).Seconds(), float64(writers*writes*units)
		if _, wrote := records.Units(); wrote != all {
			t.Errorf("%v units were counted, want %v", wrote, all)
		}
		if rate := (all - pace) / took; rate > pace*1.01 || rate < pace*0.95 {
			t.Errorf("%.0f units a second, want %d", rate, pace)
		}
	})
}
