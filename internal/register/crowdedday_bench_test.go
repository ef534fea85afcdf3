package register_test

import (
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"losttrn/internal/attribute"
	"losttrn/internal/local/localtest"
	"losttrn/internal/matching"
	"losttrn/internal/register"
)

// BenchmarkBirthday reads and decides a lookup of somebody who is said to be born on a day with 20,000 others, as on the
// first of January where birthdays were not known, and of somebody born on a day with 20.
func BenchmarkBirthday(b *testing.B) {
	servers := localtest.Servers(b)
	db := servers.DynamoDBClient()
	for _, day := range []struct {
		name, date string
		people     int
	}{{"20", "1980-05-17", 20}, {"20000", "1980-01-01", 20000}} {
		putBornOn(b, db, servers.Tables["teachers"], day.date, day.people)
		b.Run(day.name, func(b *testing.B) {
			store := register.NewStore(db, servers.Tables["teachers"])
			p := person(b, "dateOfBirth", day.date, "provider", "Example University 7")
			p.First, p.Last = "Anna", "Example5"
			for b.Loop() {
				found, err := store.Candidates(b.Context(), p)
				if err != nil {
					b.Fatal(err)
				}
				d := found.Settle(matching.Decide(p, found.Records))
				if found.Crowded != (day.people > 15000) || found.Crowded != (d.Outcome == matching.Crowded) {
					b.Fatalf("%s of %d records, crowded: %v", d.Outcome, len(found.Records), found.Crowded)
				}
				b.ReportMetric(float64(len(found.Records)), "records")
			}
			b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms/lookup")
		})
	}
}

// putBornOn writes so many people who are born on a day, as much to each as a record has.
func putBornOn(b *testing.B, db *dynamodb.Client, table, date string, people int) {
	b.Helper()
	var batch []types.WriteRequest
	for i := range people {
		item := texts("trn", fmt.Sprintf("%s%05d", date[5:7], i), "dateOfBirth", date, "firstName", "Anna", "middleName", "Louise",
			"lastName", fmt.Sprintf("Example%d", i), "nationalInsuranceNumber", fmt.Sprintf("QQ%06dC", i), "ninoKey", fmt.Sprintf("QQ%06d", i),
			"emailKey", fmt.Sprintf("anna.example%d.of.%s@example.com", i, date))
		item["trainingProviders"] = list(attribute.Item{"name": attribute.String(fmt.Sprintf("Example University %d", i%160)), "ukprn": attribute.String("10007001")})
		batch = append(batch, types.WriteRequest{PutRequest: &types.PutRequest{Item: item}})
		if len(batch) < 25 && i < people-1 {
			continue
		}
		out, err := db.BatchWriteItem(b.Context(), &dynamodb.BatchWriteItemInput{RequestItems: map[string][]types.WriteRequest{table: batch}})
		if err != nil || len(out.UnprocessedItems) > 0 {
			b.Fatalf("%d not written, %v", len(out.UnprocessedItems[table]), err)
		}
		batch = batch[:0]
	}
	out, err := db.Query(b.Context(), &dynamodb.QueryInput{TableName: aws.String(table), IndexName: aws.String("byDateOfBirth"), Limit: aws.Int32(1),
		KeyConditionExpression: aws.String("dateOfBirth = :day"), ExpressionAttributeValues: attribute.Item{":day": attribute.String(date)}})
	if err != nil || len(out.Items) == 0 {
		b.Fatalf("nobody born on %s: %v", date, err)
	}
}
