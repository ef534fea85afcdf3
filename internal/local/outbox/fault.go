package outbox

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
)

// Fault makes calls that send an email fail.
type Fault struct {
	// Status is the answer's: 400 is about the email's address, unless Error and Message say otherwise.
	Status int `json:"status"`
	// Error and Message are the answer's words; blank, those that Notify has for Status.
	Error   string `json:"error"`
	Message string `json:"message"`
	// Count is how many sends fail; 0 means all of them until the faults are cleared.
	Count int `json:"count"`
	// Address limits the fault to one recipient; empty, it is for all.
	Address string `json:"address"`
	// After says that the email is sent before the failure is returned, as if the acknowledgement was lost.
	After bool `json:"after"`

	endless bool
}

// SetFault adds a fault.
func (o *Outbox) SetFault(f Fault) {
	o.mu.Lock()
	defer o.mu.Unlock()
	f.endless = f.Count == 0
	o.faults = append(o.faults, f)
}

// ClearFaults ends every fault.
func (o *Outbox) ClearFaults() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.faults = nil
}

// fault returns the fault for a call that sends to address, or nil, and counts it.
func (o *Outbox) fault(address string) *Fault {
	o.mu.Lock()
	defer o.mu.Unlock()
	for i := range o.faults {
		f := o.faults[i]
		if f.Address != "" && !strings.EqualFold(f.Address, address) {
			continue
		}
		if !f.endless {
			if o.faults[i].Count--; o.faults[i].Count == 0 {
				o.faults = slices.Delete(o.faults, i, i+1)
			}
		}
		return &f
	}
	return nil
}

// refuse answers a call with the fault, in Notify's words.
func (f *Fault) refuse(w http.ResponseWriter) {
	kind, message := "Exception", "Internal server error"
	switch {
	case f.Message != "":
		kind, message = f.Error, f.Message
	case f.Status == http.StatusBadRequest:
		kind, message = "ValidationError", "email_address Not a valid email address"
	case f.Status == http.StatusForbidden:
		kind, message = "AuthError", "Invalid token: API key not found"
	case f.Status == http.StatusTooManyRequests:
		kind, message = "RateLimitError", "Exceeded rate limit for key type LIVE of 3000 requests per 60 seconds"
	}
	refuse(w, f.Status, kind, message)
}

// FaultHandler returns a handler that adds a fault (POST, a Fault as JSON) or clears all (DELETE).
func (o *Outbox) FaultHandler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /", func(w http.ResponseWriter, r *http.Request) {
		var f Fault
		if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<16)).Decode(&f); err != nil || f.Status < 400 || f.Status > 599 || f.Count < 0 {
			http.Error(w, `want {"status":500,"error":"","message":"","count":1,"address":"","after":false}`, http.StatusBadRequest)
			return
		}
		o.SetFault(f)
		w.WriteHeader(http.StatusNoContent)
	})
	mux.HandleFunc("DELETE /", func(w http.ResponseWriter, r *http.Request) {
		o.ClearFaults()
		w.WriteHeader(http.StatusNoContent)
	})
	return mux
}
