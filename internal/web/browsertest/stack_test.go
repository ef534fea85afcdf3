//go:build browser

package browsertest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"losttrn/internal/local/sample"
	"losttrn/internal/local/stack"
	"losttrn/internal/local/waiting"
)

// email is one of the local outbox.
type email struct{ To, Subject, Body string }

// TestFromTheFormToTheOutbox takes each of the people whom the local stack suggests, and somebody whom nobody knows,
// from the start page to the email, through the functions as they deploy.
func TestFromTheFormToTheOutbox(t *testing.T) {
	running, err := stack.Start(t.Context(), stack.Options{Dir: t.TempDir(), Sample: true,
		Report: func(err error) { fmt.Fprintln(t.Output(), err) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(running.Stop)
	origin := running.Gateway

	for _, w := range []window{desktop, noScript} {
		for _, known := range sample.People()[:3] {
			t.Run(w.name+" "+string(known.Kind), func(t *testing.T) {
				p := openAt(t, w, origin)
				address := fmt.Sprintf("%s.%s@example.com", w.name, known.Kind)
				p.answerAll(ask(known, address))
				p.pressContinue()
				p.at("/trn-found", "We've found your TRN")
				p.do(chromedp.Reload())
				p.at("/trn-found", "We've found your TRN")
				wanted := []string{"Your teacher reference number"}
				if known.Kind == sample.Locked && w == desktop { // who is unlocked once stays so
					wanted = append(wanted, "Your Teacher Self-Service Portal account is unlocked")
				}
				for i, subject := range wanted {
					got := awaitEmail(t, origin, address, subject, len(wanted))
					if i == 0 && !strings.Contains(got.Body, known.TRN) {
						t.Errorf("the email does not hold the TRN: %s", got.Body)
					}
				}
			})
		}
		t.Run(w.name+" unknown", func(t *testing.T) {
			p := openAt(t, w, origin)
			a := unknown
			a.email = w.name + ".nobody@example.com"
			p.answerAll(a)
			p.pressContinue()
			p.at("/no-match", "We could not find your TRN")
			p.pressContinue()
			p.at("/helpdesk-request", "We've received your request")
			awaitEmail(t, origin, a.email, "We've received your request", 1)
		})
	}
}

func ask(known sample.Person, address string) answers {
	year, rest, _ := strings.Cut(known.DateOfBirth, "-")
	month, day, _ := strings.Cut(rest, "-")
	return answers{email: address, first: known.FirstName, last: known.LastName, day: day, month: month, year: year,
		nino: known.NINO}
}

// awaitEmail is the email with a subject to an address, once there are as many to it as there should be.
func awaitEmail(t *testing.T, origin, address, subject string, count int) (found email) {
	t.Helper()
	waiting.Until(t, fmt.Sprintf("%q and as many emails to %s as there should be, %d", subject, address, count), func() bool {
		n := 0
		for _, e := range outbox(t, origin) {
			if e.To == address {
				n++
				if e.Subject == subject {
					found = e
				}
			}
		}
		return n == count && found.Subject == subject
	})
	return found
}

func outbox(t *testing.T, origin string) []email {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, origin+"/_local/outbox", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept", "application/json")
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var all []email
	if err := json.NewDecoder(response.Body).Decode(&all); err != nil {
		t.Fatal(err)
	}
	return all
}
