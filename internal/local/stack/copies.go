package stack

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"losttrn/internal/local/helpdesk"
	"losttrn/internal/local/outbox"
	"losttrn/internal/local/story"
)

// about returns predicates that report whether an email of the outbox, and the fields given for a lookup, are about a
// trace.
func about(trace helpdesk.Trace) (email func(outbox.Email) bool, given func(story.Given) bool) {
	return func(e outbox.Email) bool {
			return trace.Mentioned(e.To + "\n" + e.Reference + "\n" + e.Subject + "\n" + e.Body)
		}, func(g story.Given) bool {
			return trace.Mentioned(g.LookupID + "\n" + strings.Join(slices.Collect(maps.Values(g.Fields)), "\n"))
		}
}

func readTrace(w http.ResponseWriter, r *http.Request) (trace helpdesk.Trace, ok bool) {
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(&trace); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return trace, false
	}
	return trace, true
}

// held responds to a helpdesk.Trace with the emails of the outbox and the requests about it.
func (s *Stack) held(requests *story.Requests) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		trace, ok := readTrace(w, r)
		if !ok {
			return
		}
		isEmail, isGiven := about(trace)
		emails := slices.DeleteFunc(s.outbox.Emails(), func(e outbox.Email) bool { return !isEmail(e) })
		w.Header().Set("Content-Type", "application/json")
		if err := json.NewEncoder(w).Encode(map[string]any{"outbox": emails, "given": requests.Matching(isGiven)}); err != nil {
			s.o.Report(fmt.Errorf("answer what is held: %w", err))
		}
	}
}

// forget deletes the emails of the outbox and the requests about a helpdesk.Trace, and responds with their numbers.
func (s *Stack) forget(requests *story.Requests) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		trace, ok := readTrace(w, r)
		if !ok {
			return
		}
		isEmail, isGiven := about(trace)
		emails, err := s.outbox.Forget(isEmail)
		given := 0
		if err == nil {
			given, err = requests.Forget(isGiven)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		fmt.Fprintf(w, "Deleted from the local stack: %s of the outbox, and what was given for %s.\n", helpdesk.Count(emails, "email"), helpdesk.Count(given, "lookup"))
	}
}
