// Package receipt handles the delivery receipts of GOV.UK Notify, which say whether an email reached its mailbox.
//
// Notify calls POST /v1/notify-receipts with a bearer token that both sides know, when an email was delivered or has
// failed for good, and repeats the call for a while unless the answer is a 2xx. The receipt of an email with a TRN is
// recorded on its lookup; receipts of other emails are only counted.
package receipt

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"losttrn/internal/fault"
	"losttrn/internal/lookup"
	"losttrn/internal/message"
	"losttrn/internal/metric"
)

// Path is where Notify sends receipts to.
const Path = "/v1/notify-receipts"

// maxBody is the size of the largest receipt read, in bytes: Notify's are below a thousand.
const maxBody = 16 << 10

// Deliveries records the delivery of emails.
type Deliveries interface {
	// RecordDelivery records what became of the email with a lookup's TRN at a time of Notify's, unless a later time
	// is recorded or there is no such lookup.
	RecordDelivery(ctx context.Context, lookupID string, delivery message.Delivery, at time.Time) error
}

// Receiver handles receipts. It is safe for concurrent use.
type Receiver struct {
	// Tokens returns the tokens that Notify may send, separated by commas: the new one beside the old while they are
	// being changed.
	Tokens     func(context.Context) (string, error)
	Deliveries Deliveries
	Log        *slog.Logger
	Metrics    *metric.Recorder
}

// Handler returns the receiver's HTTP handler.
func (r *Receiver) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST "+Path, r.receive)
	return mux
}

// receipt is what Notify sends.
// https://docs.notifications.service.gov.uk/rest-api.html#delivery-receipts
type receipt struct {
	Reference   string           `json:"reference"`
	Status      message.Delivery `json:"status"`
	CreatedAt   string           `json:"created_at"`
	SentAt      string           `json:"sent_at"`
	CompletedAt string           `json:"completed_at"`
}

// at returns the last of Notify's times; it is false if there is none.
func (r receipt) at() (time.Time, bool) {
	for _, text := range []string{r.CompletedAt, r.SentAt, r.CreatedAt} {
		if at, err := time.Parse(time.RFC3339, text); err == nil {
			return at, true
		}
	}
	return time.Time{}, false
}

// final are the statuses that do not change any more.
var final = map[message.Delivery]bool{message.Delivered: true, message.PermanentFailure: true, message.TemporaryFailure: true,
	message.TechnicalFailure: true}

func (r *Receiver) receive(w http.ResponseWriter, q *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	answer := func(status int, code, lookupID string) {
		r.Log.InfoContext(q.Context(), "receipt", "status", status, "code", code, "lookupId", lookupID)
		w.WriteHeader(status)
	}
	allowed, err := r.allowed(q)
	if err != nil {
		answer(http.StatusServiceUnavailable, fault.Code(err), "")
		return
	}
	if !allowed {
		r.Metrics.Count("receiptsRefused", 1)
		answer(http.StatusForbidden, "wrong_token", "")
		return
	}
	var got receipt
	body, err := io.ReadAll(http.MaxBytesReader(w, q.Body, maxBody))
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		answer(http.StatusRequestEntityTooLarge, "too_large", "")
		return
	}
	at, timed := time.Time{}, false
	if err == nil {
		err = json.Unmarshal(body, &got)
		at, timed = got.at()
	}
	if err != nil || !timed {
		answer(http.StatusBadRequest, "unreadable", "")
		return
	}
	lookupID, kind, ours := message.ParseReference(got.Reference)
	if !ours || !final[got.Status] || kind != message.KindHelpdeskReport && !lookup.IsID(lookupID) {
		// Nothing would be better for a repeat, so it is taken: another service's, or a status that Notify has added.
		answer(http.StatusNoContent, "passed_over", "")
		return
	}
	if kind == message.KindTRN {
		if err := r.Deliveries.RecordDelivery(q.Context(), lookupID, got.Status, at); err != nil {
			answer(http.StatusServiceUnavailable, fault.Code(err), lookupID)
			return
		}
	}
	r.Metrics.Count("receipts", 1, metric.By("kind", string(kind)), metric.By("status", string(got.Status)))
	answer(http.StatusNoContent, string(got.Status), lookupID)
}

// allowed reports whether a request has one of the tokens. It compares digests in constant time, so that neither a
// token's length nor its beginning can be found out by timing.
func (r *Receiver) allowed(q *http.Request) (bool, error) {
	tokens, err := r.Tokens(q.Context())
	if err != nil {
		return false, err
	}
	given, isBearer := strings.CutPrefix(q.Header.Get("Authorization"), "Bearer ")
	digest := sha256.Sum256([]byte(given))
	match := 0
	for token := range strings.SplitSeq(tokens, ",") {
		if token = strings.TrimSpace(token); token != "" {
			want := sha256.Sum256([]byte(token))
			match |= subtle.ConstantTimeCompare(digest[:], want[:])
		}
	}
	return isBearer && match == 1, nil
}
