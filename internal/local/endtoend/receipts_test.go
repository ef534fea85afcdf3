package endtoend_test

import (
	"net/http"
	"strings"
	"testing"

	"losttrn/internal/attribute"
	"losttrn/internal/local/waiting"
)

// TestDeliveryReceipts: what Notify says of an email with a TRN is on its lookup. A bounced one changes nothing else.
func TestDeliveryReceipts(t *testing.T) {
	w := common
	p := w.newPerson(t, nil)
	for address, want := range map[string]string{p.email: "delivered", "bounce-" + p.email: "permanent-failure"} {
		id := w.lookUp(t, p.fields(address), "trn_sent")
		waiting.Until(t, "the receipt for "+want+" is recorded", func() bool {
			return attribute.Text(w.item(t, "lookups", "lookupId", id), "trnDelivery") == want
		})
		w.decided(t, id)
		if item := w.item(t, "lookups", "lookupId", id); attribute.Text(item, "trn") != p.trn || attribute.Text(item, "trnDeliveryAt") == "" {
			t.Errorf("%s: trn %q at %q", want, attribute.Text(item, "trn"), attribute.Text(item, "trnDeliveryAt"))
		}
	}
	a := w.send(t, http.MethodPost, "/v1/notify-receipts", strings.NewReader(`{}`), map[string]string{"Authorization": "Bearer guess", "Content-Type": "application/json"})
	if a.status != http.StatusForbidden {
		t.Errorf("a stranger's receipt is answered %d", a.status)
	}
}
