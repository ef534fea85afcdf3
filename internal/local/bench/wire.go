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

// wire is a proxy between a process and the servers that counts the calls, to check that a floor makes the same calls
// as its function.
type wire struct {
	mu          sync.Mutex
	calls       map[string]int // by operation
	tried       int            // entries read at once
	body        string         // the message that was sent last
	environment map[string]string
}

func (w *workbench) watched() (*wire, error) {
	x := &wire{calls: map[string]int{}, environment: map[string]string{}}
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

func (x *wire) add(target string, body []byte) {
	_, operation, _ := strings.Cut(target, ".")
	x.mu.Lock()
	defer x.mu.Unlock()
	x.calls[operation]++
	var in struct {
		MessageBody  string
		RequestItems map[string]struct{ Keys []json.RawMessage }
	}
	if json.Unmarshal(body, &in) != nil {
		return
	}
	if in.MessageBody != "" {
		x.body = in.MessageBody
	}
	for _, of := range in.RequestItems {
		x.tried = max(x.tried, len(of.Keys))
	}
}

// reset forgets what was called.
func (x *wire) reset() {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.calls = map[string]int{}
}

// String lists the operations with how often each was called.
func (x *wire) String() string {
	x.mu.Lock()
	defer x.mu.Unlock()
	var parts []string
	for _, operation := range slices.Sorted(maps.Keys(x.calls)) {
		parts = append(parts, fmt.Sprintf("%d %s", x.calls[operation], operation))
	}
	return strings.Join(parts, ", ")
}
