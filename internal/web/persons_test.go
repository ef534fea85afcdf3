package web_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
)

// traveller is a person on the way through the form: pages that they are shown are counted.
type traveller struct {
	*client
	pages int
	last  answer
}

// visit follows a link, and the redirects behind it.
func (p *traveller) visit(path string) *traveller { return p.arrive(p.get(path)) }

// send answers the page at a path, and follows where that leads.
func (p *traveller) answer(path string, fields ...string) *traveller {
	return p.arrive(p.post(path, fields...))
}

func (p *traveller) arrive(a answer) *traveller {
	for a.StatusCode >= 300 && a.StatusCode < 400 {
		a = p.get(a.Header.Get("Location"))
	}
	p.pages++
	p.last = a
	return p
}

// start looks at the start page and presses "Start now".
func (p *traveller) start() *traveller {
	p.visit("/")
	for _, button := range p.last.all("a", "role=button") {
		return p.visit(attr(button, "href"))
	}
	p.t.Fatal("no button to start with")
	return p
}

// give answers questions in their order as a person does, until the answers are to be checked.
func (p *traveller) give(who person, paths ...string) *traveller {
	for _, path := range paths {
		if p.last.one("h1", "") == "Check your answers" {
			break
		}
		p.answer(path, who.fields(path)...)
	}
	return p
}

var (
	toCheck = []string{"/email", "/name", "/date-of-birth", "/national-insurance-number", "/training-provider"}

	// noNumber has no National Insurance number to hand, but knows the training provider.
	noNumber = person{"amara.new@example.com", "Amara", "Osei", "31", "3", "1985", "", "University of Example"}
)

// persons are ten people, how each goes about it, where that ends and after how many pages.
var persons = []struct {
	name  string
	goes  func(t *testing.T, p *traveller)
	ends  string
	pages int
}{
	{"has no National Insurance number", func(_ *testing.T, p *traveller) {
		p.start().give(noNumber, toCheck...).answer("/check-answers")
	}, "We've found your TRN", 8},
	{"had two former names and gives the wrong one first", func(_ *testing.T, p *traveller) {
		married := []string{"firstName", "Amara", "lastName", "Third", "nameChanged", "yes", "previousLastName"}
		p.start().give(noNumber, "/email").answer("/name", append(married, "Second")...)
		p.give(noNumber, toCheck[2:]...).answer("/check-answers")
		p.visit("/name").answer("/name", append(married, "Osei")...).answer("/check-answers")
	}, "We've found your TRN", 11},
	{"gave a mailbox that they cannot open", func(_ *testing.T, p *traveller) {
		p.start().give(amara, toCheck...).answer("/check-answers")
		p.visit("/email").answer("/email", "email", "amara.private@example.com").answer("/check-answers")
	}, "We've found your TRN", 10},
	{"mistyped the address", func(t *testing.T, p *traveller) {
		slip := amara
		slip.email = "amara.new@gmial.com"
		p.start().give(slip, "/email")
		if strings.HasPrefix(p.last.one("h1", ""), "Did you mean") {
			p.answer("/email", "email", slip.email, "asked", "yes", "meant", "amara.new@gmail.com")
		}
		p.give(slip, toCheck[1:]...).answer("/check-answers")
		if sent := p.stand.Outbox.Matches(); len(sent) == 1 && sent[0].Email.Typed() != "amara.new@gmail.com" {
			t.Errorf("the TRN goes to %s", sent[0].Email.Typed())
		}
	}, "We've found your TRN", 8},
	{"does not know the provider's full name", func(_ *testing.T, p *traveller) {
		vague := noNumber
		vague.provider = "the uni of example"
		p.start().give(vague, toCheck...)
		if radios := p.last.all("input", "name=provider"); len(radios) > 0 {
			p.answer("/check-answers", "provider", attr(radios[0], "value"))
		} else {
			p.answer("/check-answers")
		}
	}, "We've found your TRN", 8},
	{"is interrupted for an hour", func(_ *testing.T, p *traveller) {
		p.start().give(noNumber, toCheck[:2]...)
		p.stand.Pass(time.Hour)
		p.give(noNumber, toCheck[2:]...).answer("/check-answers")
	}, "We've found your TRN", 8},
	{"has two tabs", func(_ *testing.T, p *traveller) {
		p.start().give(noNumber, toCheck[:2]...)
		p.visit("/") // in the other tab, and the header's link
		p.visit("/privacy")
		p.give(noNumber, toCheck[2:]...).answer("/check-answers")
	}, "We've found your TRN", 10},
	{"goes back at every page", func(t *testing.T, p *traveller) {
		p.start()
		for _, path := range toCheck {
			p.answer(path, noNumber.fields(path)...)
			back := p.last.all("a", "class=govuk-back-link")
			if len(back) == 0 {
				t.Fatalf("%s has no Back link", p.last.one("h1", ""))
			}
			p.visit(attr(back[0], "href"))
			p.answer(path, noNumber.fields(path)...)
		}
		p.answer("/check-answers")
	}, "We've found your TRN", 18},
	{"listens with a screen reader", func(t *testing.T, p *traveller) {
		p.start()
		for _, path := range toCheck {
			readInOrder(t, p.last)
			p.answer(path, noNumber.fields(path)...)
		}
		readInOrder(t, p.last)
		p.answer("/check-answers")
		readInOrder(t, p.last)
	}, "We've found your TRN", 8},
	{"has a slow phone", func(t *testing.T, p *traveller) {
		p.start()
		for _, path := range toCheck {
			if size := len(p.last.body); size > 24<<10 {
				t.Errorf("%s is %d bytes of HTML", path, size)
			}
			p.answer(path, noNumber.fields(path)...)
		}
		p.answer("/check-answers")
	}, "We've found your TRN", 8},
}

func TestTenPersons(t *testing.T) {
	for _, test := range persons {
		t.Run(test.name, func(t *testing.T) {
			p := &traveller{client: newClient(t)}
			test.goes(t, p)
			t.Logf("%q after %d pages", p.last.one("h1", ""), p.pages)
			if p.last.StatusCode != http.StatusOK || p.last.one("h1", "") != test.ends || p.pages != test.pages {
				t.Errorf("ends at %d %q after %d pages, want %q after %d", p.last.StatusCode, p.last.one("h1", ""), p.pages, test.ends, test.pages)
			}
		})
	}
}

// readInOrder checks what a screen reader reads: the page's language and title, one main heading before all others in
// the main part, every input after its label, and no heading level passed over.
func readInOrder(t *testing.T, page answer) {
	t.Helper()
	if attr(page.all("html", "")[0], "lang") != "en" || !strings.HasPrefix(page.one("title", ""), page.one("h1", "")) {
		t.Errorf("title %q, heading %q", page.one("title", ""), page.one("h1", ""))
	}
	var order []string
	labels := map[string]bool{}
	level := 0
	for node := range page.all("main", "")[0].Descendants() {
		if node.Type != html.ElementNode {
			continue
		}
		switch node.Data {
		case "h1", "h2", "h3":
			if next := int(node.Data[1] - '0'); next > level+1 {
				t.Errorf("%q is a heading of level %d after one of %d", text(node), next, level)
			} else {
				level = next
			}
			order = append(order, node.Data)
		case "label":
			labels[attr(node, "for")] = true
		case "input":
			kind := attr(node, "type")
			if kind != "hidden" && kind != "radio" && !labels[attr(node, "id")] {
				t.Errorf("%s comes before its label", attr(node, "id"))
			}
		}
	}
	if slices.Index(order, "h1") != 0 {
		t.Errorf("headings %v", order)
	}
}
