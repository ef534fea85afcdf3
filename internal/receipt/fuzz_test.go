package receipt_test

import (
	"net/http"
	"slices"
	"testing"

	"losttrn/internal/receipt"
)

// FuzzReceipt sends any body with the right token. It is taken, passed over or refused, and records one delivery at the
// most; with a wrong token it does nothing.
func FuzzReceipt(f *testing.F) {
	f.Add(body(lookupID+"-trn", "delivered"))
	f.Add(body(lookupID+"-helpdesk_ticket", "permanent-failure"))
	f.Add(`{"reference":null,"status":7}`)
	f.Add(`{"completed_at":"9999-99-99T99:99:99Z"`)
	f.Fuzz(func(t *testing.T, text string) {
		r := &rig{tokens: token}
		got := r.call(http.MethodPost, receipt.Path, "Bearer "+token, text)
		if !slices.Contains([]int{http.StatusNoContent, http.StatusBadRequest, http.StatusRequestEntityTooLarge}, got) || len(r.recorded) > 1 ||
			got != http.StatusNoContent && len(r.recorded) > 0 {
			t.Errorf("answered %d and recorded %v", got, r.recorded)
		}
		stranger := &rig{tokens: token}
		if got := stranger.call(http.MethodPost, receipt.Path, "Bearer "+text, text); got != http.StatusForbidden && text != token || len(stranger.recorded) > 0 {
			t.Errorf("a stranger was answered %d, recorded %v", got, stranger.recorded)
		}
	})
}
