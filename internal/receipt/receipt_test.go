package receipt_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"losttrn/internal/fault"
	"losttrn/internal/message"
	"losttrn/internal/metric"
	"losttrn/internal/receipt"
)

const (
	lookupID = "11111111-1111-4111-8111-111111111111"
	token    = "a-token-of-some-length"
)

// rig is a receiver with a record in memory.
type rig struct {
	recorded []string
	err      error // of recording
	tokens   string
	tokenErr error
	log      bytes.Buffer
}

func (r *rig) RecordDelivery(_ context.Context, lookupID string, delivery message.Delivery, at time.Time) error {
	if r.err == nil {
		r.recorded = append(r.recorded, lookupID+" "+string(delivery)+" "+at.Format(time.RFC3339Nano))
	}
	return r.err
}

// call sends a receipt, and returns the status of the answer.
func (r *rig) call(method, path, authorization, body string) int {
	receiver := &receipt.Receiver{
		Tokens:     func(context.Context) (string, error) { return r.tokens, r.tokenErr },
		Deliveries: r, Log: slog.New(slog.NewJSONHandler(&r.log, nil)), Metrics: metric.New(&r.log, "test", "receipts", time.Now),
	}
	q := httptest.NewRequest(method, path, strings.NewReader(body))
	if authorization != "" {
		q.Header.Set("Authorization", authorization)
	}
	w := httptest.NewRecorder()
	receiver.Handler().ServeHTTP(w, q)
	return w.Code
}

// body is a receipt as Notify sends it.
func body(reference, status string) string {
	return `{"id":"740e5834-3a29-46b4-9a6f-16142fde533a","reference":"` + reference + `","to":"canary@example.com","status":"` + status + `",` +
		`"created_at":"2026-05-01T09:00:00.000000Z","completed_at":"2026-05-01T09:00:04.123456Z","sent_at":"2026-05-01T09:00:01.000000Z",` +
		`"notification_type":"email","template_id":"00000000-0000-4000-8000-000000000001","template_version":1,"later":{"x":1}}`
}

func TestReceipts(t *testing.T) {
	recorded := func(status string) []string {
		return []string{lookupID + " " + status + " 2026-05-01T09:00:04.123456Z"}
	}
	for name, test := range map[string]struct {
		body string
		want int
		kept []string
	}{
		"delivered":         {body(lookupID+"-trn", "delivered"), 204, recorded("delivered")},
		"bounced":           {body(lookupID+"-trn", "permanent-failure"), 204, recorded("permanent-failure")},
		"given up":          {body(lookupID+"-trn", "temporary-failure"), 204, recorded("temporary-failure")},
		"technical failure": {body(lookupID+"-trn", "technical-failure"), 204, recorded("technical-failure")},
		"not completed": {`{"reference":"` + lookupID + `-trn","status":"delivered","completed_at":null,"sent_at":"2026-05-01T09:00:01Z"}`, 204,
			[]string{lookupID + " delivered 2026-05-01T09:00:01Z"}},
		"on its way":       {body(lookupID+"-trn", "sending"), 204, nil},
		"new status":       {body(lookupID+"-trn", "eaten"), 204, nil},
		"another kind":     {body(lookupID+"-unlocked", "permanent-failure"), 204, nil},
		"a ticket":         {body(lookupID+"-helpdesk_ticket", "permanent-failure"), 204, nil},
		"a report":         {body("2026-05-01-helpdesk_report", "delivered"), 204, nil},
		"another service":  {body("order-7", "delivered"), 204, nil},
		"not a lookup":     {body("canary-trn", "delivered"), 204, nil},
		"no reference":     {`{"reference":null,"status":"delivered","completed_at":"2026-05-01T09:00:01Z"}`, 204, nil},
		"no time":          {`{"reference":"` + lookupID + `-trn","status":"delivered"}`, 400, nil},
		"no JSON":          {"reference=x", 400, nil},
		"cut":              {body(lookupID+"-trn", "delivered")[:80], 400, nil},
		"a list":           {"[" + body(lookupID+"-trn", "delivered") + "]", 400, nil},
		"nothing":          {"", 400, nil},
		"far too much":     {`{"reference":"` + strings.Repeat("x", 20_000) + `"}`, 413, nil},
		"status no string": {`{"reference":"` + lookupID + `-trn","status":7,"completed_at":"2026-05-01T09:00:01Z"}`, 400, nil},
	} {
		t.Run(name, func(t *testing.T) {
			r := &rig{tokens: token}
			if got := r.call(http.MethodPost, receipt.Path, "Bearer "+token, test.body); got != test.want {
				t.Errorf("answered %d, want %d", got, test.want)
			}
			if diff := cmp.Diff(test.kept, r.recorded); diff != "" {
				t.Errorf("recorded (-want +got):\n%s", diff)
			}
			if strings.Contains(r.log.String(), "canary") || strings.Contains(r.log.String(), token) {
				t.Errorf("the log holds what was sent:\n%s", r.log.String())
			}
		})
	}
}

// TestOnlyNotifyIsHeard: without one of the tokens nothing is recorded, and an unset token lets nobody in.
func TestOnlyNotifyIsHeard(t *testing.T) {
	for name, test := range map[string]struct {
		tokens, authorization string
		want                  int
	}{
		"the token":             {token, "Bearer " + token, 204},
		"the old of two":        {token + ", another-token", "Bearer " + token, 204},
		"the new of two":        {token + ", another-token", "Bearer another-token", 204},
		"none":                  {token, "", 403},
		"another":               {token, "Bearer another-token", 403},
		"the beginning":         {token, "Bearer " + token[:10], 403},
		"longer":                {token, "Bearer " + token + "x", 403},
		"without its scheme":    {token, token, 403},
		"another scheme":        {token, "Basic " + token, 403},
		"empty":                 {token, "Bearer ", 403},
		"both in one":           {token + ",another-token", "Bearer " + token + ",another-token", 403},
		"no token is set":       {"", "Bearer ", 403},
		"blank tokens are set":  {" , ,", "Bearer ", 403},
		"blank beside a token":  {token + ",", "Bearer ", 403},
		"no token and no given": {"", "", 403},
	} {
		t.Run(name, func(t *testing.T) {
			r := &rig{tokens: test.tokens}
			if got := r.call(http.MethodPost, receipt.Path, test.authorization, body(lookupID+"-trn", "delivered")); got != test.want {
				t.Errorf("answered %d, want %d", got, test.want)
			}
			if (len(r.recorded) > 0) != (test.want == 204) {
				t.Errorf("recorded %v", r.recorded)
			}
		})
	}
}

// TestNotifyCallsAgain: what failed on our side is answered so that Notify sends the receipt again.
func TestNotifyCallsAgain(t *testing.T) {
	r := &rig{tokens: token, err: fault.Throttled}
	send := func() int {
		return r.call(http.MethodPost, receipt.Path, "Bearer "+token, body(lookupID+"-trn", "delivered"))
	}
	if got := send(); got != http.StatusServiceUnavailable {
		t.Errorf("the table is down: answered %d", got)
	}
	r.err, r.tokenErr = nil, fault.Unavailable
	if got := send(); got != http.StatusServiceUnavailable || len(r.recorded) > 0 {
		t.Errorf("the token cannot be read: answered %d, recorded %v", got, r.recorded)
	}
	r.tokenErr = nil
	if got := send(); got != http.StatusNoContent || len(r.recorded) != 1 {
		t.Errorf("all is well again: answered %d, recorded %v", got, r.recorded)
	}
}

func TestOtherPathsAndMethods(t *testing.T) {
	r := &rig{tokens: token}
	if got := r.call(http.MethodGet, receipt.Path, "Bearer "+token, ""); got != http.StatusMethodNotAllowed {
		t.Errorf("GET: %d", got)
	}
	if got := r.call(http.MethodPost, "/v1/lookups", "Bearer "+token, body(lookupID+"-trn", "delivered")); got != http.StatusNotFound {
		t.Errorf("another path: %d", got)
	}
}
