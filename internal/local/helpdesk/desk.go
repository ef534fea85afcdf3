package helpdesk

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"losttrn/internal/attribute"
	"losttrn/internal/teacher"
)

// Database is the calls of DynamoDB that a Desk makes. *dynamodb.Client implements it.
type Database interface {
	GetItem(context.Context, *dynamodb.GetItemInput, ...func(*dynamodb.Options)) (*dynamodb.GetItemOutput, error)
	Query(context.Context, *dynamodb.QueryInput, ...func(*dynamodb.Options)) (*dynamodb.QueryOutput, error)
	UpdateItem(context.Context, *dynamodb.UpdateItemInput, ...func(*dynamodb.Options)) (*dynamodb.UpdateItemOutput, error)
	DeleteItem(context.Context, *dynamodb.DeleteItemInput, ...func(*dynamodb.Options)) (*dynamodb.DeleteItemOutput, error)
	// For RestoreClaims alone.
	PutItem(context.Context, *dynamodb.PutItemInput, ...func(*dynamodb.Options)) (*dynamodb.PutItemOutput, error)
	Scan(context.Context, *dynamodb.ScanInput, ...func(*dynamodb.Options)) (*dynamodb.ScanOutput, error)
}

// Messages is the calls of SQS that a Desk makes. *sqs.Client implements it.
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
	// By is the person who works at the desk, who is recorded with each change.
	By    string
	Clock func() time.Time
	// Copies are further places that hold what was sent or reported, such as a folder of the local stack. There may
	// be none.
	Copies []Copies
}

// Subject is what a command is about: an email address, a TRN, or a reference or lookup id.
type Subject struct {
	Email     teacher.Email
	TRN       teacher.TRN
	Reference string // as lookup.Reference writes it
	LookupID  string
}

// Held holds the items of the tables about a subject.
type Held struct {
	Mailboxes []attribute.Item          // of the emails table
	Lookups   []attribute.Item          // oldest first
	Requests  map[string]attribute.Item // by lookup id
	Others    []attribute.Item          // of a reference: other requests of the mailbox that asked
	Teachers  []attribute.Item          // the subject's own record
}

// Change is the effect of a command, to be confirmed.
type Change struct {
	// Will lists what Do will do, a sentence each.
	Will []string
	// Do makes the change, and returns sentences about what was done, also if it fails half-way.
	Do func(context.Context) ([]string, error)
}
