package web_test

import (
	"net/http"
	"sync"
	"testing"
)

// Each is a way in which one submission reaches the service more than once.
func TestOneSubmissionIsOneLookup(t *testing.T) {
	for name, again := range map[string]func(t *testing.T, c, before *client){
		"reload of the result": func(_ *testing.T, c, _ *client) {
			c.get("/trn-found").is(http.StatusOK, "We've found your TRN")
			c.get("/trn-found").is(http.StatusOK, "We've found your TRN")
		},
		"back and Continue again": func(_ *testing.T, c, _ *client) {
			c.get("/check-answers").is(http.StatusOK, "Check your answers")
			c.post("/check-answers").leadsTo("/trn-found")
		},
		"back to a question, the same answer, Continue": func(_ *testing.T, c, _ *client) {
			c.post("/email", amara.Fields("/email")...).leadsTo("/check-answers")
			c.post("/check-answers").leadsTo("/trn-found")
		},
		"replay with the cookie of before": func(_ *testing.T, _, before *client) {
			before.post("/check-answers").leadsTo("/trn-found")
			before.post("/check-answers").leadsTo("/trn-found")
		},
		"another tab": func(_ *testing.T, c, before *client) {
			other := before.copied()
			other.get("/check-answers")
			other.post("/check-answers").leadsTo("/trn-found")
			c.get("/trn-found").is(http.StatusOK, "We've found your TRN")
		},
		"double click": func(_ *testing.T, _, before *client) {
			var both sync.WaitGroup
			for range 2 {
				both.Go(func() { before.copied().post("/check-answers").leadsTo("/trn-found") })
			}
			both.Wait()
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := newClient(t)
			c.answerAll(amara)
			before := c.copied()
			c.post("/check-answers").leadsTo("/trn-found")
			again(t, c, before)
			if n := len(c.stand.Outbox.Matches()); n != 1 {
				t.Errorf("%d lookups", n)
			}
		})
	}
}

func TestNewJourneyIsANewLookup(t *testing.T) {
	c := newClient(t)
	for range 2 {
		c.answerAll(amara) // from the start page
		c.post("/check-answers").leadsTo("/trn-found")
	}
	if n := len(c.stand.Outbox.Matches()); n != 2 {
		t.Errorf("%d lookups", n)
	}
}

func TestChangedAddressIsAnotherLookupAndGoingBackToTheFirstIsNot(t *testing.T) {
	c := newClient(t)
	c.answerAll(amara)
	c.post("/check-answers").leadsTo("/trn-found")
	for _, email := range []string{"amara.right@example.com", amara.Email} {
		c.post("/email", "email", email).leadsTo("/check-answers")
		c.get("/trn-found").leadsTo("/check-answers") // the result was of other answers
		c.post("/check-answers").leadsTo("/trn-found")
	}
	if n := len(c.stand.Outbox.Matches()); n != 2 {
		t.Errorf("%d lookups", n)
	}
}

func TestOnlyWhatWasShownIsSubmitted(t *testing.T) {
	c := newClient(t)
	shown := c.answerAll(amara).value("shown")
	if shown == "" {
		t.Fatal("the form does not mark what it shows")
	}
	c.post("/email", "email", "other.tab@example.com") // in another tab
	c.post("/check-answers", "shown", shown).leadsTo("/check-answers")
	if n := len(c.stand.Outbox.Matches()); n != 0 {
		t.Fatalf("%d lookups", n)
	}
	c.post("/check-answers", "shown", c.get("/check-answers").value("shown")).leadsTo("/trn-found")
}
