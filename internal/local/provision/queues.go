package provision

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"losttrn/internal/local/template"
)

// queue is what the local stack reads of AWS::SQS::Queue.
type queue struct {
	QueueName                     string
	FifoQueue                     template.Flag
	ContentBasedDeduplication     template.Flag
	DeduplicationScope            string
	FifoThroughputLimit           string
	DelaySeconds                  template.Text
	MaximumMessageSize            template.Text
	MessageRetentionPeriod        template.Text
	ReceiveMessageWaitTimeSeconds template.Text
	VisibilityTimeout             template.Text
	RedrivePolicy                 *struct {
		DeadLetterTargetArn string          `json:"deadLetterTargetArn"`
		MaxReceiveCount     template.Number `json:"maxReceiveCount"`
	}
	// Encryption and labels have no effect locally.
	SqsManagedSseEnabled, KmsMasterKeyId, KmsDataKeyReusePeriodSeconds, Tags, RedriveAllowPolicy any
}

// Queue creates a queue under name, unless it is there, and returns its address.
func Queue(ctx context.Context, client *sqs.Client, r template.Resource, name string) (url string, err error) {
	var q queue
	if err := r.Decode(&q); err != nil {
		return "", err
	}
	attributes, err := q.attributes()
	if err != nil {
		return "", fmt.Errorf("%s: %w", r.ID, err)
	}
	out, err := client.CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: &name, Attributes: attributes})
	if _, exists := errors.AsType[*types.QueueNameExists](err); exists {
		// The queue was stored by an earlier run, and the template has changed since. A queue is identified by its name
		// alone, and the server refuses changes of attributes that it does not implement.
		changed := maps.Clone(attributes)
		delete(changed, "DeduplicationScope")
		delete(changed, "FifoThroughputLimit")
		if _, err := client.SetQueueAttributes(ctx, &sqs.SetQueueAttributesInput{QueueUrl: &name, Attributes: changed}); err != nil {
			return "", fmt.Errorf("change the queue %s: %w", r.ID, err)
		}
		out, err = client.CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: &name, Attributes: attributes})
	}
	if err != nil {
		return "", fmt.Errorf("create the queue %s: %w", r.ID, err)
	}
	return *out.QueueUrl, nil
}

func (q queue) attributes() (map[string]string, error) {
	attributes := map[string]string{}
	set := func(name string, value string) {
		if value != "" {
			attributes[name] = value
		}
	}
	set("DeduplicationScope", q.DeduplicationScope)
	set("FifoThroughputLimit", q.FifoThroughputLimit)
	set("DelaySeconds", string(q.DelaySeconds))
	set("MaximumMessageSize", string(q.MaximumMessageSize))
	set("MessageRetentionPeriod", string(q.MessageRetentionPeriod))
	set("ReceiveMessageWaitTimeSeconds", string(q.ReceiveMessageWaitTimeSeconds))
	set("VisibilityTimeout", string(q.VisibilityTimeout))
	if q.FifoQueue {
		attributes["FifoQueue"] = "true"
		attributes["ContentBasedDeduplication"] = strconv.FormatBool(bool(q.ContentBasedDeduplication))
	}
	if q.RedrivePolicy != nil {
		policy, err := json.Marshal(map[string]any{
			"deadLetterTargetArn": q.RedrivePolicy.DeadLetterTargetArn,
			"maxReceiveCount":     int(q.RedrivePolicy.MaxReceiveCount),
		})
		if err != nil {
			return nil, err
		}
		attributes["RedrivePolicy"] = string(policy)
	}
	return attributes, nil
}
