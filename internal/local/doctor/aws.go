package doctor

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

// The calls are written here and signed with the SDK, because the SDK's clients of these services would add minutes to
// the build for one or two calls each, and require another version of the SDK.

// query makes a call of the query protocol, and reads its XML answer.
func (d *Doctor) query(ctx context.Context, service, version, action string, arguments map[string]string, into any) error {
	form := url.Values{"Action": {action}, "Version": {version}}
	for name, value := range arguments {
		form.Set(name, value)
	}
	body, err := d.send(ctx, service, []byte(form.Encode()), map[string]string{"Content-Type": "application/x-www-form-urlencoded"})
	if err != nil {
		return fmt.Errorf("%s cannot be asked (%s): %w", service, action, err)
	}
	return xml.Unmarshal(body, into)
}

// json makes a call of the JSON protocol, and reads its answer.
func (d *Doctor) json(ctx context.Context, service, target string, argument, into any) error {
	text, err := json.Marshal(argument)
	if err != nil {
		return err
	}
	body, err := d.send(ctx, service, text, map[string]string{"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": target})
	if err != nil {
		return fmt.Errorf("%s cannot be asked (%s): %w", service, target, err)
	}
	return json.Unmarshal(body, into)
}

func (d *Doctor) send(ctx context.Context, service string, body []byte, header map[string]string) ([]byte, error) {
	base := fmt.Sprintf("https://%s.%s.amazonaws.com/", service, d.Config.Region)
	if d.Config.BaseEndpoint != nil {
		base = *d.Config.BaseEndpoint + "/"
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, base, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	for name, value := range header {
		r.Header.Set(name, value)
	}
	credentials, err := d.Config.Credentials.Retrieve(ctx)
	if err != nil {
		return nil, fmt.Errorf("there are no AWS credentials: %w", err)
	}
	sum := sha256.Sum256(body)
	if err := v4.NewSigner().SignHTTP(ctx, credentials, r, hex.EncodeToString(sum[:]), service, d.Config.Region, time.Now()); err != nil {
		return nil, err
	}
	return fetch(r)
}

// fetch sends a request and returns the body of a successful answer.
func fetch(r *http.Request) ([]byte, error) {
	client := http.Client{Timeout: 20 * time.Second}
	response, err := client.Do(r)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, 4<<20))
	if err != nil {
		return nil, err
	}
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %.300s", response.Status, bytes.TrimSpace(body))
	}
	return body, nil
}
