package notify

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"

	"losttrn/internal/fault"
)

// finalErrors are the answers of Notify that are about the one email and do not change in a retry. Any other 4xx is
// taken to be about the clock, key, service or template, which can be corrected while the email waits. Notify has many
// messages for those, and a new one must not lose an email. Notify's words are in its documentation, under "Error
// codes": https://docs.notifications.service.gov.uk/rest-api.html#send-an-email-error-codes
var finalErrors = []struct {
	status int
	kind   string // Notify's, in "error"
	begins string // its message begins so
}{
	{http.StatusBadRequest, "ValidationError", "email_address "},
	{http.StatusBadRequest, "BadRequestError", "Emails cannot be longer than "},
	{http.StatusRequestEntityTooLarge, "", ""},
}

// refusal returns the failure of a call that Notify refused, with the reason "notify_" and the status. It wraps
// fault.Throttled if there were too many calls, and otherwise fault.Unavailable, because a later retry may succeed.
func refusal(response *http.Response) error {
	kind := fault.Unavailable
	if response.StatusCode == http.StatusTooManyRequests {
		kind = fault.Throttled
	}
	return fault.New(kind, reason(response))
}

// refusedLetter returns the refusal of a letter. It wraps fault.Invalid if the fault is in this one letter.
func refusedLetter(response *http.Response) error {
	if isFinal(response) {
		return fault.New(fault.Invalid, reason(response))
	}
	return refusal(response)
}

func reason(response *http.Response) string { return fmt.Sprintf("notify_%d", response.StatusCode) }

// isFinal reports whether an answer is among finalErrors. It keeps nothing of the answer's body, which may quote the
// email.
func isFinal(response *http.Response) bool {
	var answer struct {
		Errors []struct{ Error, Message string }
	}
	// A body that is not JSON comes from a proxy and not from Notify; then only the status counts.
	_ = json.NewDecoder(io.LimitReader(response.Body, maxAnswer)).Decode(&answer)
	for _, f := range finalErrors {
		if f.status != response.StatusCode {
			continue
		}
		if f.kind == "" {
			return true
		}
		for _, e := range answer.Errors {
			if e.Error == f.kind && strings.HasPrefix(e.Message, f.begins) {
				return true
			}
		}
	}
	return false
}
