package bench

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync"
)

// wire is a proxy between a process and the servers that records the calls, to check that a floor makes the same calls
// as its function.
type wire struct {
	record
	environment map[string]string
}

func (w *workbench) watched() (*wire, error) {
	x := &wire{environment: map[string]string{}}
	for variable, target := range map[string]string{"AWS_ENDPOINT_URL_DYNAMODB": w.servers.DynamoDB, "AWS_ENDPOINT_URL_SQS": w.servers.SQS} {
		to, err := url.Parse(target)
		if err != nil {
			return nil, err
		}
		proxy := httputil.NewSingleHostReverseProxy(to)
		address, err := w.serve(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			body, err := io.ReadAll(r.Body)
			if err != nil {
				http.Error(rw, err.Error(), http.StatusBadGateway)
				return
			}
			x.add(r.Header.Get("X-Amz-Target"), body)
			r.Body = io.NopCloser(bytes.NewReader(body))
			proxy.ServeHTTP(rw, r)
		}))
		if err != nil {
			return nil, err
		}
		x.environment[variable] = address
	}
	return x, nil
}

// record is what was called. It is safe for concurrent use.
type record struct {
	mu    sync.Mutex
	calls map[string]int // by operation
	tried []string       // the entries of what was tried that were read
	body  string         // the message that was sent last
}

func (r *record) add(target string, body []byte) {
	_, operation, _ := strings.Cut(target, ".")
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.calls == nil {
		r.calls = map[string]int{}
	}
	r.calls[operation]++
	var in struct {
		MessageBody  string
		RequestItems map[string]struct {
			Keys []struct{ Entry struct{ S string } }
		}
	}
	if json.Unmarshal(body, &in) != nil {
		return
	}
	if in.MessageBody != "" {
		r.body = in.MessageBody
	}
	for _, of := range in.RequestItems {
		for _, key := range of.Keys {
			r.tried = append(r.tried, key.Entry.S)
		}
	}
}

// reset forgets what was called.
func (r *record) reset() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.calls, r.tried, r.body = nil, nil, ""
}

// String lists the operations with how often each was called, and how many entries were read.
func (r *record) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var parts []string
	for _, operation := range slices.Sorted(maps.Keys(r.calls)) {
		part := fmt.Sprintf("%d %s", r.calls[operation], operation)
		if operation == "BatchGetItem" {
			part += fmt.Sprintf(" of %d entries", len(r.tried))
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, ", ")
}
