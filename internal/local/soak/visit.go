package soak

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"time"
)

// kind is the purpose of a visit.
type kind string

// The kinds of visits.
const (
	found    kind = "found"                       // one person
	pair     kind = "two people of one mailbox"   // one after the other
	again    kind = "found, sent twice at once"   // with one key
	stranger kind = "no match"                    // and no more
	asking   kind = "no match, asks the helpdesk" // with a note
	invalid  kind = "invalid fields"              // a 422
	page     kind = "a page of the form"          // the start page
)

// shares are how many of a hundred visits are of each kind.
var shares = []struct {
	kind    kind
	percent int
}{{found, 45}, {pair, 10}, {again, 10}, {stranger, 10}, {asking, 10}, {invalid, 5}, {page, 10}}

// visit is one visitor's requests and their outcome.
type visit struct {
	number int
	at     time.Duration
	spike  bool
	kind   kind
	people []person
	// lookups are the ids that were acknowledged, in order.
	lookups []string
	wrong   error
}

func newVisit(number int, at time.Duration, spike bool, draw int) *visit {
	v := &visit{number: number, at: at, spike: spike}
	for _, share := range shares {
		if draw -= share.percent; draw < 0 {
			v.kind = share.kind
			break
		}
	}
	people := map[kind]int{found: 1, again: 1, pair: 2}[v.kind]
	for n := range people {
		v.people = append(v.people, person{number*2 + n})
	}
	return v
}

// person is one of the register's people, all told by their number.
type person struct{ n int }

func (p person) trn() string   { return fmt.Sprintf("%07d", 5_000_000+p.n) }
func (p person) email() string { return fmt.Sprintf("soak-%d@example.com", p.n) }
func (p person) barred() bool  { return p.n%7 == 3 }
func (p person) locked() bool  { return p.n%5 != 4 }
func (p person) born() string {
	return time.Date(1945, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, p.n%18_000).Format(time.DateOnly)
}
func (p person) nino() string { return fmt.Sprintf("QQ%06dC", p.n) }
func (p person) last() string { return "Cox" + letters(p.n) }
func (p person) fields() fields {
	return fields{"email": p.email(), "firstName": "Ann", "lastName": p.last(), "dateOfBirth": p.born(), "nationalInsuranceNumber": p.nino()}
}

func (p person) row() string {
	alert := ""
	if p.barred() {
		alert = "A1|Prohibition|2020-01-01|"
	}
	return strings.Join([]string{p.trn(), "Ann", p.last(), p.born(), p.nino(), "active", alert, fmt.Sprint(p.locked()), "2025-01-01"}, ",") + "\n"
}

func letters(n int) string {
	return strings.Map(func(r rune) rune { return r - '0' + 'a' }, fmt.Sprint(n))
}

type fields map[string]string

// make makes the visit.
func (v *visit) make(ctx context.Context, s *soak) {
	key := fmt.Sprintf("visit-%d", v.number)
	switch v.kind {
	case found:
		v.wrong = v.lookUp(ctx, s, v.people[0].fields(), key, "trn_sent")
	case pair:
		v.wrong = v.lookUp(ctx, s, v.people[0].fields(), key, "trn_sent")
		second := v.people[1].fields()
		second["email"] = v.people[0].email()
		v.wrong = errors.Join(v.wrong, v.lookUp(ctx, s, second, key+"-second", "trn_sent"))
	case again:
		twin := &visit{spike: v.spike}
		done := make(chan error)
		go func() { done <- twin.lookUp(ctx, s, v.people[0].fields(), key, "trn_sent") }()
		v.wrong = v.lookUp(ctx, s, v.people[0].fields(), key, "trn_sent")
		v.wrong = errors.Join(v.wrong, <-done)
		if v.wrong == nil && twin.lookups[0] != v.lookups[0] {
			v.wrong = fmt.Errorf("one key was two lookups: %s and %s", v.lookups[0], twin.lookups[0])
		}
	case stranger, asking:
		nobody := fields{"email": fmt.Sprintf("nobody-%d@example.com", v.number), "firstName": "No", "lastName": "Body" + letters(v.number), "dateOfBirth": "1931-02-03"}
		v.wrong = v.lookUp(ctx, s, nobody, key, "no_match")
		if v.kind == asking && v.wrong == nil {
			nobody["note"] = "I taught in Kent."
			_, v.wrong = s.request(ctx, v, http.MethodPost, "/v1/lookups/"+v.lookups[0]+"/helpdesk-requests", nobody, "", http.StatusAccepted)
		}
	case invalid:
		_, v.wrong = s.request(ctx, v, http.MethodPost, "/v1/lookups", fields{"email": "nobody", "dateOfBirth": "1931-02-30"}, key, http.StatusUnprocessableEntity)
	case page:
		_, v.wrong = s.request(ctx, v, http.MethodGet, "/", nil, "", http.StatusOK)
	}
}

// lookUp makes a lookup that must have an outcome, and keeps its id.
func (v *visit) lookUp(ctx context.Context, s *soak, f fields, key, outcome string) error {
	body, err := s.request(ctx, v, http.MethodPost, "/v1/lookups", f, key, http.StatusOK)
	if err != nil {
		return err
	}
	var answer struct{ LookupID, Outcome string }
	if err := json.Unmarshal(body, &answer); err != nil {
		return err
	}
	if answer.Outcome != outcome {
		return fmt.Errorf("%s, want %s", answer.Outcome, outcome)
	}
	v.lookups = append(v.lookups, answer.LookupID)
	return nil
}

// sample is an answer, or none.
type sample struct {
	at, took time.Duration
	spike    bool
	class    string
}

// longestPause is the most that a visitor who was told to try again waits before doing so.
const longestPause = 16 * time.Second

// request makes a request until it is answered otherwise than "try again", as the API asks of its callers: each pause is
// about twice as long as the one before.
func (s *soak) request(ctx context.Context, v *visit, method, path string, f fields, key string, want int) ([]byte, error) {
	pause := time.NewTimer(0)
	<-pause.C
	wait := time.Second
	for deadline := time.Now().Add(settleLimit); ; wait = min(2*wait, longestPause) {
		status, body, err := s.once(ctx, v, method, path, f, key)
		if err == nil && status < 500 && status != http.StatusTooManyRequests {
			if status != want {
				return nil, fmt.Errorf("%s %s answered %d, want %d: %s", method, path, status, want, body)
			}
			return body, nil
		}
		if time.Now().After(deadline) {
			return nil, errors.Join(fmt.Errorf("%s %s: not within %s: %d", method, path, settleLimit, status), err)
		}
		pause.Reset(wait/2 + rand.N(wait))
		select {
		case <-pause.C:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// once makes one attempt and keeps how it was answered.
func (s *soak) once(ctx context.Context, v *visit, method, path string, f fields, key string) (int, []byte, error) {
	text, err := json.Marshal(f)
	if err != nil {
		return 0, nil, err
	}
	r, err := http.NewRequestWithContext(ctx, method, s.stack.Gateway+path, strings.NewReader(string(text)))
	if err != nil {
		return 0, nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	if key != "" {
		r.Header.Set("Idempotency-Key", key)
	}
	s.sent.Add(1)
	began := time.Now()
	response, err := s.client.Do(r)
	status, body := 0, []byte(nil)
	if err == nil {
		status = response.StatusCode
		body, err = io.ReadAll(response.Body)
		err = errors.Join(err, response.Body.Close())
	}
	a := sample{at: began.Sub(s.began), took: time.Since(began), spike: v.spike, class: fmt.Sprint(status)}
	if err != nil {
		a.class = "no answer"
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answers = append(s.answers, a)
	return status, body, err
}
