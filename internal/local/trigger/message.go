package trigger

import "github.com/aws/aws-sdk-go-v2/service/sqs/types"

// batchEvent is an SQS event as Lambda makes it.
// https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
type batchEvent struct {
	Records []record `json:"Records"`
}

type record struct {
	MessageID              string                     `json:"messageId"`
	ReceiptHandle          string                     `json:"receiptHandle"`
	Body                   string                     `json:"body"`
	Attributes             map[string]string          `json:"attributes"`
	MessageAttributes      map[string]recordAttribute `json:"messageAttributes"`
	MD5OfMessageAttributes *string                    `json:"md5OfMessageAttributes,omitempty"`
	MD5OfBody              string                     `json:"md5OfBody"`
	EventSource            string                     `json:"eventSource"`
	EventSourceARN         string                     `json:"eventSourceARN"`
	AWSRegion              string                     `json:"awsRegion"`
}

type recordAttribute struct {
	StringValue      *string  `json:"stringValue,omitempty"`
	BinaryValue      []byte   `json:"binaryValue,omitempty"`
	StringListValues []string `json:"stringListValues"`
	BinaryListValues [][]byte `json:"binaryListValues"`
	DataType         string   `json:"dataType"`
}

func (q *Queue) event(messages []types.Message) batchEvent {
	e := batchEvent{Records: make([]record, 0, len(messages))}
	for _, m := range messages {
		r := record{
			MessageID:              value(m.MessageId),
			ReceiptHandle:          value(m.ReceiptHandle),
			Body:                   value(m.Body),
			Attributes:             m.Attributes,
			MessageAttributes:      map[string]recordAttribute{},
			MD5OfMessageAttributes: m.MD5OfMessageAttributes,
			MD5OfBody:              value(m.MD5OfBody),
			EventSource:            "aws:sqs",
			EventSourceARN:         q.o.QueueARN,
			AWSRegion:              q.o.Region,
		}
		for name, a := range m.MessageAttributes {
			r.MessageAttributes[name] = recordAttribute{
				StringValue:      a.StringValue,
				BinaryValue:      a.BinaryValue,
				StringListValues: []string{},
				BinaryListValues: [][]byte{},
				DataType:         value(a.DataType),
			}
		}
		e.Records = append(e.Records, r)
	}
	return e
}

func value(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
