package helpdesk

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"losttrn/internal/attribute"
	"losttrn/internal/teacher"
)

// Database are the calls of DynamoDB that a Desk makes. *dynamodb.Client implements it.
type Database interface {
	GetItem(context.Context, *dynamodb.GetItemInput, ...func(*dynamodb.Options)) (*dynamodb.GetItemOutput, error)
	Query(context.Context, *dynamodb.QueryInput, ...func(*dynamodb.Options)) (*dynamodb.QueryOutput, error)
	UpdateItem(context.Context, *dynamodb.UpdateItemInput, ...func(*dynamodb.Options)) (*dynamodb.UpdateItemOutput, error)
	DeleteItem(context.Context, *dynamodb.DeleteItemInput, ...func(*dynamodb.Options)) (*dynamodb.DeleteItemOutput, error)
	// For RestoreClaims alone.
	PutItem(context.Context, *dynamodb.PutItemInput, ...func(*dynamodb.Options)) (*dynamodb.PutItemOutput, error)
	Scan(context.Context, *dynamodb.ScanInput, ...func(*dynamodb.Options)) (*dynamodb.ScanOutput, error)
}

// Messages are the calls of SQS that a Desk makes. *sqs.Client implements it.
type Messages interface {
	SendMessage(context.Context, *sqs.SendMessageInput, ...func(*sqs.Options)) (*sqs.SendMessageOutput, error)
	ReceiveMessage(context.Context, *sqs.ReceiveMessageInput, ...func(*sqs.Options)) (*sqs.ReceiveMessageOutput, error)
	DeleteMessage(context.Context, *sqs.DeleteMessageInput, ...func(*sqs.Options)) (*sqs.DeleteMessageOutput, error)
	ChangeMessageVisibility(context.Context, *sqs.ChangeMessageVisibilityInput, ...func(*sqs.Options)) (*sqs.ChangeMessageVisibilityOutput, error)
	GetQueueAttributes(context.Context, *sqs.GetQueueAttributesInput, ...func(*sqs.Options)) (*sqs.GetQueueAttributesOutput, error)
}

// Tables are the names of the tables.
type Tables struct{ Teachers, Emails, Lookups, HelpdeskRequests string }

// Queues are the URLs of the queues.
type Queues struct{ Matches, MatchesDeadLetter, Emails, EmailsDeadLetter string }

// Desk reads and changes what the service holds about people.
type Desk struct {
	Database Database
	Messages Messages
	Tables   Tables
	Queues   Queues
	// By is who works at the desk: it is recorded with each change.
	By    string
	Clock func() time.Time
	// Copies are further places that hold what was sent or reported, such as a folder of the local stack. There may
	// be none.
	Copies []Copies
}

// Subject is what a command is about: one of an email address, a TRN, and a reference or lookup id.
type Subject struct {
	Email     teacher.Email
	TRN       teacher.TRN
	Reference string // as lookup.Reference writes it
	LookupID  string
}

// Held is what the tables hold about a subject.
type Held struct {
	Mailboxes []attribute.Item          // of the emails table
	Lookups   []attribute.Item          // oldest first
	Requests  map[string]attribute.Item // by lookup id
	Others    []attribute.Item          // of a reference: other requests of the mailbox that asked
	Teachers  []attribute.Item          // the subject's own record
}

// Change is what a command does once it is confirmed.
type Change struct {
	// Will says, a sentence each, what Do does.
	Will []string
	// Do makes the change, and says what was done. If it fails, what it says was done all the same.
	Do func(context.Context) ([]string, error)
}
