package outbox

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"
)

// Receipts configures delivery receipts. The zero value sends none.
type Receipts struct {
	// URL is the callback's address.
	URL string
	// Token returns the callback's bearer token.
	Token func() (string, error)
	// Report is called with a receipt that could not be delivered.
	Report func(error)
}

// The attempts at a receipt and the pause between them. Notify tries for longer.
const (
	receiptAttempts = 10
	receiptPause    = 500 * time.Millisecond
	receiptTimeout  = 10 * time.Second
	receiptsAtOnce  = 10
)

// SendReceipts sends a receipt for every email that is sent from now on, until the outbox is closed.
func (o *Outbox) SendReceipts(r Receipts) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.receipts = r
}

// status returns the delivery status of an email. An address that begins with "bounce" fails permanently.
func status(e Email) string {
	if strings.HasPrefix(strings.ToLower(e.To), "bounce") {
		return "permanent-failure"
	}
	return "delivered"
}

// receipt sends the receipt of an email, in the background.
func (o *Outbox) receipt(e Email) {
	o.mu.Lock()
	r := o.receipts
	o.mu.Unlock()
	if r.URL == "" {
		return
	}
	o.sending.Go(func() {
		var err error
		for attempt := range receiptAttempts {
			if attempt > 0 {
				select {
				case <-o.closed.Done():
					return
				case <-time.After(receiptPause):
				}
			}
			if err = o.post(r, e); err == nil {
				return
			}
		}
		if r.Report != nil && o.closed.Err() == nil {
			r.Report(fmt.Errorf("the receipt of an email was not delivered: %w", err))
		}
	})
}

// post makes one attempt to deliver a receipt, after it has waited for its turn.
func (o *Outbox) post(r Receipts, e Email) error {
	select {
	case o.posts <- struct{}{}:
		defer func() { <-o.posts }()
	case <-o.closed.Done():
		return o.closed.Err()
	}
	token, err := r.Token()
	if err != nil {
		return err
	}
	at := e.SentAt.UTC().Format("2006-01-02T15:04:05.000000Z")
	body, err := json.Marshal(map[string]any{
		"id": e.ID, "reference": e.Reference, "to": e.To, "status": status(e), "created_at": at, "sent_at": at,
		"completed_at": o.now().UTC().Format("2006-01-02T15:04:05.000000Z"), "notification_type": "email",
		"template_id": e.TemplateID, "template_version": 1,
	})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(o.closed, receiptTimeout)
	defer cancel()
	q, err := http.NewRequestWithContext(ctx, http.MethodPost, r.URL, bytes.NewReader(body))
	if err != nil {
		return err
	}
	q.Header.Set("Content-Type", "application/json")
	q.Header.Set("Authorization", "Bearer "+token)
	response, err := http.DefaultClient.Do(q)
	if err != nil {
		return err
	}
	_ = response.Body.Close()
	if response.StatusCode < 200 || response.StatusCode > 299 {
		return fmt.Errorf("answered %s", response.Status)
	}
	return nil
}

var (
	linkTarget = regexp.MustCompile(`\[([^\]]*)\]\([^)]*\)`)
	address    = regexp.MustCompile(`(?i)\b(https?://|www\.)\S*`)
)

// sanitise removes links from a value, as Notify does for the values named in sanitise_content_for. Notify escapes
// markup as well; here it shows as the characters that it is made of.
func sanitise(value string) string {
	return address.ReplaceAllString(linkTarget.ReplaceAllString(value, "$1"), "")
}
