// Package bucket reads and writes objects of S3 for the reports: whole exports as a dataset.Source, files, and small
// documents with conditional writes.
package bucket

import (
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// answerTimeout is how long S3 may take to begin an answer. The whole answer has no time-out, because a data file may
// be large; a body that stalls is noticed by its reader.
const answerTimeout = 10 * time.Second

// NewClient returns a client for an endpoint, AWS's own if it is empty. It takes region, credentials and retries from
// the configuration.
func NewClient(config aws.Config, endpoint string) *s3.Client {
	return s3.NewFromConfig(config, func(o *s3.Options) {
		o.HTTPClient = awshttp.NewBuildableClient().WithTransportOptions(func(t *http.Transport) {
			t.ResponseHeaderTimeout = answerTimeout
			t.MaxIdleConnsPerHost = 8
			// Objects are read as they are stored: a transport that unpacks gzip would change the checksum.
			t.DisableCompression = true
		})
		if endpoint != "" {
			o.BaseEndpoint = aws.String(endpoint)
			o.UsePathStyle = true
		}
	})
}
