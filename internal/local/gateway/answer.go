package gateway

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// answer is what a function returned, in the form of payload 2.0.
type answer struct {
	status  int
	headers map[string]string
	cookies []string
	body    []byte
}

// readAnswer reads a function's answer. One without a status code is the body of
// a 200, as API Gateway infers it.
func readAnswer(payload []byte) (answer, error) {
	var probe struct {
		StatusCode json.RawMessage `json:"statusCode"`
	}
	if json.Unmarshal(payload, &probe) != nil || probe.StatusCode == nil {
		return inferred(payload)
	}
	var a struct {
		StatusCode      json.RawMessage
		Headers         map[string]any
		Cookies         []string
		Body            *string
		IsBase64Encoded bool
	}
	if err := json.Unmarshal(payload, &a); err != nil {
		return answer{}, fmt.Errorf("read the function's answer: %w", err)
	}
	status, err := strconv.Atoi(strings.Trim(string(a.StatusCode), `"`))
	if err != nil || status < 100 || status > 599 {
		return answer{}, errors.New("the function's answer has no status code that HTTP knows")
	}
	out := answer{status: status, cookies: a.Cookies, headers: make(map[string]string, len(a.Headers))}
	for name, value := range a.Headers {
		switch value.(type) {
		case string, float64, bool:
			out.headers[name] = fmt.Sprint(value)
		default:
			return answer{}, fmt.Errorf("the function's answer has a header %s that is not a text", name)
		}
	}
	if a.Body != nil {
		out.body = []byte(*a.Body)
		if a.IsBase64Encoded {
			if out.body, err = base64.StdEncoding.DecodeString(*a.Body); err != nil {
				return answer{}, errors.New("the function's answer says that its body is base64, and it is not")
			}
		}
	}
	return out, nil
}

// inferred treats any JSON value without a status code as the body itself.
func inferred(payload []byte) (answer, error) {
	payload = bytes.TrimSpace(payload)
	if !json.Valid(payload) {
		return answer{}, errors.New("the function's answer is not JSON")
	}
	var text string
	if json.Unmarshal(payload, &text) == nil {
		payload = []byte(text)
	}
	return answer{status: http.StatusOK, headers: map[string]string{"content-type": "application/json"}, body: payload}, nil
}

// write sends the answer. API Gateway's defaults hold: a body without a type is
// text/plain when a status code was given.
func (a answer) write(w http.ResponseWriter, requestID string) {
	h := w.Header()
	for _, name := range headerNames(a.headers) {
		h.Set(name, a.headers[name])
	}
	for _, cookie := range a.cookies {
		h.Add("Set-Cookie", cookie)
	}
	if h.Get("Content-Type") == "" {
		h.Set("Content-Type", "text/plain; charset=utf-8")
	}
	h.Set("Apigw-Requestid", requestID)
	h.Set("Content-Length", strconv.Itoa(len(a.body)))
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body)
}
