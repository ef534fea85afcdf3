package calls

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
)

// Recorder records every distinct call that passes, and counts all of them. It is safe for concurrent use.
type Recorder struct {
	mu    sync.Mutex
	calls map[string]Call
	use   Use
	wrong []error
}

// NewRecorder returns an empty recorder.
func NewRecorder() *Recorder {
	return &Recorder{calls: map[string]Call{}, use: Use{Requests: map[string]int{}, Read: map[string]float64{}, Written: map[string]float64{}}}
}

// Between passes a function's requests on to the server at target, and records those of AWS.
func (r *Recorder) Between(function, target string) (http.Handler, error) {
	to, err := url.Parse(target)
	if err != nil {
		return nil, fmt.Errorf("calls: %w", err)
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 32 // of a function's calls side by side
	proxy := &httputil.ReverseProxy{
		Transport: transport,
		// Responses are passed on unchanged, because they may be streamed.
		Rewrite:        func(p *httputil.ProxyRequest) { p.SetURL(to) },
		ModifyResponse: r.measure,
		ErrorHandler:   answerFailure,
		FlushInterval:  -1,
	}
	return http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		if !ofAWS(request) {
			proxy.ServeHTTP(w, request)
			return
		}
		body, err := read(request)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		r.add(function, request, body)
		askForUnits(request, body)
		proxy.ServeHTTP(w, request)
	}), nil
}

// ofAWS reports whether a request is a call of AWS, which are all signed; GOV.UK Notify's need no right of AWS.
func ofAWS(request *http.Request) bool {
	return !strings.HasPrefix(request.Header.Get("Authorization"), "Bearer ")
}

// answerFailure responds with the reason why a server did not answer, unless the caller has disconnected.
func answerFailure(w http.ResponseWriter, request *http.Request, err error) {
	if request.Context().Err() == nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
	}
}

// read returns the body of a call of the JSON protocols, and restores it to be read again. Bodies of S3 are not read.
func read(request *http.Request) ([]byte, error) {
	if request.Header.Get("X-Amz-Target") == "" {
		return nil, nil
	}
	body, err := io.ReadAll(request.Body)
	request.Body = io.NopCloser(bytes.NewReader(body))
	return body, err
}

func (r *Recorder) add(function string, request *http.Request, body []byte) {
	made, err := Of(request, body)
	r.mu.Lock()
	defer r.mu.Unlock()
	if err != nil {
		r.wrong = append(r.wrong, err)
	}
	service, _, _ := strings.Cut(request.Header.Get("X-Amz-Target"), "_")
	r.use.Requests[cmp.Or(strings.TrimPrefix(strings.SplitN(service, ".", 2)[0], "Amazon"), "S3")]++
	for _, c := range made {
		c.Function = function
		r.calls[c.String()] = c
	}
}

// Calls returns what was recorded, sorted, or an error for requests that could not be read.
func (r *Recorder) Calls() ([]Call, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.wrong) > 0 {
		return nil, r.wrong[0]
	}
	var all []Call
	for _, c := range r.calls {
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b Call) int { return strings.Compare(a.String(), b.String()) })
	return all, nil
}

// WriteFile writes what was recorded to a file, for ReadFile.
func (r *Recorder) WriteFile(path string) error {
	all, err := r.Calls()
	if err != nil {
		return err
	}
	text, err := json.MarshalIndent(all, "", " ")
	if err != nil {
		return fmt.Errorf("calls: %w", err)
	}
	return os.WriteFile(path, append(text, '\n'), 0o644)
}

// ReadFile reads calls that a recorder wrote.
func ReadFile(path string) ([]Call, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("calls: %w", err)
	}
	var all []Call
	if err := json.Unmarshal(text, &all); err != nil {
		return nil, fmt.Errorf("calls: %s: %w", path, err)
	}
	return all, nil
}
