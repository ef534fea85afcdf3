package api_test

import (
	"net/http"
	"slices"
	"testing"
)

// FuzzBody posts any body as JSON. Whatever it holds, the answer is one that the OpenAPI document knows, and the use case
// is asked once if it was taken, and otherwise not at all.
func FuzzBody(f *testing.F) {
	f.Add(details(nil))
	f.Add(details(m{"nationalInsuranceNumber": "QQ 12 34 56 C", "trn": "RP99/12345", "trainingProvider": nil, "x": 1}))
	f.Add("\ufeff{}")
	f.Add(`{"email":"a@b.example","email":"\ud83d"}`)
	f.Add(`[[[`)
	statuses := []int{http.StatusOK, http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusUnprocessableEntity}
	f.Fuzz(func(t *testing.T, body string) {
		c := newCaller(t)
		a := c.call(http.MethodPost, lookupsPath, map[string]string{"content-type": "application/json"}, body)
		if !slices.Contains(statuses, a.status) {
			t.Errorf("answered %d %s", a.status, a.body)
		}
		if taken := a.status == http.StatusOK; taken != (c.service.called() == 1) || c.service.called() > 1 {
			t.Errorf("answered %d, and the use case was asked %d times", a.status, c.service.called())
		}
	})
}
