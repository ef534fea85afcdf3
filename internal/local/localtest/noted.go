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

// Noted is an HTTP client that records each call by its Label. It is safe for concurrent use.
type Noted struct {
	next  aws.HTTPClient
	names map[string]string

	mu         sync.Mutex
	calls      []string
	attributes map[string][]string
}

// Note returns a Noted for calls to the servers.
func Note(s *local.Servers, next aws.HTTPClient) *Noted {
	return &Noted{next: next, names: ShortNames(s), attributes: map[string][]string{}}
}

// ShortNames returns the short names of the servers' tables and queues, by their names and addresses.
func ShortNames(s *local.Servers) map[string]string {
	names := map[string]string{}
	for _, named := range []map[string]string{s.Tables, s.Queues} {
		for short, name := range named {
			names[name] = short
		}
	}
	return names
}

// call holds the members of a request that say what it is made to.
type call struct {
	TableName, IndexName, QueueUrl string
	RequestItems                   map[string]json.RawMessage // of a batch
	ExpressionAttributeNames       map[string]string
}

// Label returns the label of a request with a body: its operation and the short name of its table, index or queue, such
// as "Query lookups/index/byReference" or "SendMessage matches".
func Label(names map[string]string, r *http.Request, body []byte) (string, error) {
	label, _, err := labelled(names, r, body)
	return label, err
}

func labelled(names map[string]string, r *http.Request, body []byte) (string, call, error) {
	var c call
	if err := json.Unmarshal(body, &c); err != nil {
		return "", c, err
	}
	for table := range c.RequestItems {
		c.TableName = table
	}
	_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	place := strings.TrimSuffix(names[c.TableName+c.QueueUrl]+"/index/"+c.IndexName, "/index/")
	return strings.TrimSuffix(operation+" "+place, " "), c, nil
}

// Do passes a call on.
func (n *Noted) Do(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	label, c, err := labelled(n.names, r, body)
	if err != nil {
		return nil, err
	}
	n.mu.Lock()
	n.calls = append(n.calls, label)
	for _, name := range c.ExpressionAttributeNames {
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
