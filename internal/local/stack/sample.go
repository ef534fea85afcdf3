package stack

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"losttrn/internal/load"
	"losttrn/internal/local/sample"
	"losttrn/internal/local/statefile"
	"losttrn/internal/register"
)

// teachers is the short name of the table that the register is loaded into.
const teachers = "teachers"

// loadSample loads the sample register from its CSV, unless the table has teachers already.
func (s *Stack) loadSample(ctx context.Context) error {
	table, ok := s.Servers.Tables[teachers]
	if !ok {
		return nil
	}
	client := s.DynamoDBClient()
	// An interrupted load is started again.
	out, err := client.Scan(ctx, &dynamodb.ScanInput{TableName: &table, Limit: aws.Int32(1)})
	if err != nil {
		return fmt.Errorf("look for teachers: %w", err)
	}
	if out.Count > 0 && s.sampleLoaded() {
		return nil
	}
	s.o.Progress(fmt.Sprintf("Loading the sample register of %d teachers…", sample.Default.Count))
	read, write := io.Pipe()
	go func() { write.CloseWithError(sample.Write(write, sample.Default)) }()
	defer read.Close()
	summary, err := load.Run(ctx, load.Options{Reader: read, Records: register.NewRecords(client, table)})
	if err != nil {
		return fmt.Errorf("load the sample register: %w", err)
	}
	if summary.Rejected > 0 {
		return fmt.Errorf("load the sample register: %d rows were rejected", summary.Rejected)
	}
	return s.markSample()
}

// sampleMark is the file that marks a complete load of the sample.
const sampleMark = "sample-loaded"

func (s *Stack) sampleLoaded() bool {
	_, err := os.Stat(filepath.Join(s.o.Dir, sampleMark))
	return err == nil
}

func (s *Stack) markSample() error {
	return statefile.WriteBytes(filepath.Join(s.o.Dir, sampleMark), nil)
}

// Unlocked reports whether the service has unlocked the account of a teacher.
func (s *Stack) Unlocked(ctx context.Context, trn string) (bool, error) {
	out, err := s.DynamoDBClient().GetItem(ctx, &dynamodb.GetItemInput{
		TableName: aws.String(s.Tables[teachers]),
		Key:       map[string]types.AttributeValue{"trn": &types.AttributeValueMemberS{Value: trn}},
	})
	if err != nil {
		return false, fmt.Errorf("look up a teacher: %w", err)
	}
	_, unlocked := out.Item["unlockedBy"]
	return unlocked, nil
}
