// Package running finds the local stack that runs in a folder, and invokes its functions.
package running

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"losttrn/internal/local/statefile"
)

// File is the name of the file with the addresses of a running local stack, in its data folder.
const File = "stack.json"

// FunctionErrorHeader marks the answer of an invocation as a function's error, as Lambda's own API does.
const FunctionErrorHeader = "X-Amz-Function-Error"

// ErrNone says that no local stack runs.
var ErrNone = errors.New("no local stack runs in this folder: start one with `make run`")

// Stack is the content of that file and of the page /_local/. The keys of its maps are short names: teachers,
// matchesDeadLetter.
type Stack struct {
	Ready      bool              `json:"ready"`
	Gateway    string            `json:"gateway"`
	Region     string            `json:"region"`
	Endpoints  map[string]string `json:"endpoints"` // dynamodb, sqs, s3, ssm, notify
	Tables     map[string]string `json:"tables"`
	Queues     map[string]string `json:"queues"` // addresses
	Buckets    map[string]string `json:"buckets"`
	Functions  []string          `json:"functions"`
	Schedules  []string          `json:"schedules"`
	Parameters map[string]string `json:"parameters"` // values by full names
	Logs       string            `json:"logs"`
	PID        int               `json:"pid"`
}

// answering is how long a running stack may take to answer.
const answering = 5 * time.Second

// Find returns the stack whose file is at path, or an error that wraps ErrNone if there is no such file, or nothing
// answers at its address, because a killed stack leaves its file behind.
func Find(ctx context.Context, path string) (Stack, error) {
	var s Stack
	if err := statefile.Read(path, &s); err != nil {
		return Stack{}, err
	}
	if s.Gateway == "" {
		return Stack{}, ErrNone
	}
	ctx, cancel := context.WithTimeout(ctx, answering)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.Gateway+"/_local/", nil)
	if err != nil {
		return Stack{}, fmt.Errorf("read %s: %w", path, err)
	}
	r.Header.Set("Accept", "application/json")
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return Stack{}, ErrNone
	}
	if err := response.Body.Close(); err != nil || response.StatusCode != http.StatusOK {
		return Stack{}, ErrNone
	}
	return s, nil
}

// Answer is what a function answered.
type Answer struct {
	Body   []byte
	Failed bool // Body is the function's error
}

// Invoke invokes a function once and waits for its answer. An error means that it was not invoked.
func (s Stack) Invoke(ctx context.Context, function string, event []byte) (Answer, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.Gateway+"/_local/functions/"+function+"/invocations", bytes.NewReader(event))
	if err != nil {
		return Answer{}, err
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return Answer{}, fmt.Errorf("invoke %s: %w", function, err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return Answer{}, fmt.Errorf("invoke %s: %w", function, err)
	}
	if response.StatusCode != http.StatusOK {
		return Answer{}, errors.New(string(bytes.TrimSpace(body)))
	}
	return Answer{body, response.Header.Get(FunctionErrorHeader) != ""}, nil
}
