package localtest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"

	"losttrn/internal/local"
)

// Noted is an HTTP client that records each call by its operation and the short name of its table, index or queue:
// "Query lookups/index/byReference". It is safe for concurrent use.
type Noted struct {
	next  aws.HTTPClient
	names map[string]string

	mu         sync.Mutex
	calls      []string
	attributes map[string][]string
}

// Note returns a Noted for calls to the servers.
func Note(s *local.Servers, next aws.HTTPClient) *Noted {
	n := &Noted{next: next, names: map[string]string{}, attributes: map[string][]string{}}
	for _, named := range []map[string]string{s.Tables, s.Queues} {
		for short, name := range named {
			n.names[name] = short
		}
	}
	return n
}

// Do passes a call on.
func (n *Noted) Do(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	var call struct {
		TableName, IndexName, QueueUrl string
		ExpressionAttributeNames       map[string]string
	}
	if err := json.Unmarshal(body, &call); err != nil {
		return nil, err
	}
	_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	place := strings.TrimSuffix(n.names[call.TableName+call.QueueUrl]+"/index/"+call.IndexName, "/index/")
	n.mu.Lock()
	label := operation + " " + place
	n.calls = append(n.calls, label)
	for _, name := range call.ExpressionAttributeNames {
		n.attributes[label] = append(n.attributes[label], name)
	}
	n.mu.Unlock()
	r.Body = io.NopCloser(bytes.NewReader(body))
	return n.next.Do(r)
}

// Take returns the calls since the last time, sorted.
func (n *Noted) Take() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	calls := n.calls
	n.calls = nil
	slices.Sort(calls)
	return calls
}

// Attributes returns those that calls of a label named in their expressions.
func (n *Noted) Attributes(label string) []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.attributes[label])
}
