package notify

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"losttrn/internal/fault"
	"losttrn/internal/message"
)

const (
	// callTimeout bounds a call, answer included. An email takes two calls, well within the function's 30 seconds.
	callTimeout = 5 * time.Second
	// connectTimeout bounds connecting; the rest of callTimeout is left for the answer.
	connectTimeout = 2 * time.Second
	// maxAnswer bounds how much of an answer is read, in bytes: many times that of a few notifications.
	maxAnswer = 1 << 20
)

// KeySource returns the current API key. *cloud.Parameter implements it.
type KeySource interface {
	Value(ctx context.Context) (string, error)
}

// Client calls GOV.UK Notify. It is safe for concurrent use.
//
// Its errors wrap fault.Invalid only if the fault is in the one email, and fault.Throttled or fault.Unavailable if
// sending may succeed later, when Notify, the key or the templates work again. The reason is "notify_" and the status.
// No error quotes an answer's body.
type Client struct {
	base        string
	key         KeySource
	templateIDs map[message.Kind]string
	http        *http.Client
	clock       func() time.Time
}

// NewClient returns a client of the API at an origin, such as "https://api.notifications.service.gov.uk", with the
// template id of each kind of email.
func NewClient(origin string, key KeySource, templateIDs map[message.Kind]string, clock func() time.Time) *Client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.DialContext = (&net.Dialer{Timeout: connectTimeout}).DialContext
	transport.MaxIdleConnsPerHost = 10 // the groups of a batch
	return &Client{
		base: strings.TrimSuffix(origin, "/"), key: key, templateIDs: templateIDs, clock: clock,
		http: &http.Client{
			Transport: transport, Timeout: callTimeout,
			// Notify never redirects. The email must not follow what does.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
}

type sendJSON struct {
	EmailAddress       string            `json:"email_address"`
	TemplateID         string            `json:"template_id"`
	Personalisation    map[string]string `json:"personalisation"`
	Reference          string            `json:"reference"`
	SanitiseContentFor []string          `json:"sanitise_content_for,omitempty"`
}

// Send sends a letter under its reference. After fault.Unavailable, Notify may have accepted it nevertheless.
func (c *Client) Send(ctx context.Context, letter Letter) error {
	body, err := json.Marshal(sendJSON{
		EmailAddress:       letter.To,
		TemplateID:         c.templateIDs[letter.Kind],
		Personalisation:    letter.Values,
		Reference:          letter.Reference,
		SanitiseContentFor: letter.Typed,
	})
	if err != nil {
		return fmt.Errorf("send email: %w", err)
	}
	response, err := c.call(ctx, http.MethodPost, "/v2/notifications/email", body)
	if err != nil {
		return fmt.Errorf("send email: %w", err)
	}
	defer drain(response)
	if response.StatusCode != http.StatusCreated {
		return fmt.Errorf("send email: %w", refusedLetter(response))
	}
	return nil
}

// FindByReference reports whether Notify has accepted an email with that reference, whatever became of it, and when:
// the zero time if Notify does not say.
func (c *Client) FindByReference(ctx context.Context, reference string) (taken time.Time, found bool, err error) {
	query := url.Values{"reference": {reference}, "template_type": {"email"}}
	response, err := c.call(ctx, http.MethodGet, "/v2/notifications?"+query.Encode(), nil)
	if err != nil {
		return time.Time{}, false, fmt.Errorf("find email: %w", err)
	}
	defer drain(response)
	if response.StatusCode != http.StatusOK {
		return time.Time{}, false, fmt.Errorf("find email: %w", refusal(response))
	}
	var list struct {
		Notifications []struct {
			Reference string `json:"reference"`
			CreatedAt string `json:"created_at"`
		} `json:"notifications"`
	}
	if json.NewDecoder(io.LimitReader(response.Body, maxAnswer)).Decode(&list) != nil || list.Notifications == nil {
		return time.Time{}, false, fmt.Errorf("find email: %w", fault.New(fault.Unavailable, "notify_unreadable"))
	}
	for _, notification := range list.Notifications {
		if notification.Reference == reference {
			at, _ := time.Parse(time.RFC3339, notification.CreatedAt)
			return at, true, nil
		}
	}
	return time.Time{}, false, nil
}

// Prime opens a connection to Notify ahead of the first email.
func (c *Client) Prime(ctx context.Context) error {
	_, _, err := c.FindByReference(ctx, "prime")
	return err
}

func (c *Client) call(ctx context.Context, method, path string, body []byte) (*http.Response, error) {
	text, err := c.key.Value(ctx)
	if err != nil {
		return nil, err
	}
	key, err := ParseKey(strings.TrimSpace(text))
	if err != nil {
		// The fault is not in the email: it waits until the key is corrected.
		return nil, fault.New(fault.Unavailable, "notify_key_unreadable")
	}
	token, err := key.token(c.clock())
	if err != nil {
		return nil, fmt.Errorf("sign: %w", err)
	}
	request, err := http.NewRequestWithContext(ctx, method, c.base+path, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("make request: %w", err)
	}
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Accept", "application/json")
	request.Header.Set("User-Agent", "find-a-lost-trn")
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	response, err := c.http.Do(request)
	if err != nil {
		return nil, unanswered(err)
	}
	return response, nil
}

// unanswered returns the failure of a call without an answer. It leaves out the URL that net/http puts in front.
func unanswered(err error) error {
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		err = wrapped.Err
	}
	return fmt.Errorf("%w: %w", fault.New(fault.Unavailable, "notify_unanswered"), err)
}

// drain reads the rest of an answer, so that its connection can be reused, and closes it.
func drain(response *http.Response) {
	_, _ = io.Copy(io.Discard, io.LimitReader(response.Body, maxAnswer))
	_ = response.Body.Close()
}
