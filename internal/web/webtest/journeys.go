package webtest

import (
	"slices"
	"strings"
	"time"

	"golang.org/x/net/html"
)

// Person holds the answers of a person.
type Person struct{ Email, First, Last, Day, Month, Year, NINO, Provider string }

// Fields returns what the person posts to a path.
func (p Person) Fields(path string) []string {
	switch path {
	case "/email":
		return []string{"email", p.Email}
	case "/name":
		return []string{"firstName", p.First, "lastName", p.Last, "nameChanged", "no"}
	case "/date-of-birth":
		return []string{"dateOfBirth-day", p.Day, "dateOfBirth-month", p.Month, "dateOfBirth-year", p.Year}
	case "/national-insurance-number":
		return []string{"nationalInsuranceNumber", p.NINO}
	}
	return []string{"trainingProvider", p.Provider}
}

// Amara is in the register under another address.
var Amara = Person{"amara.new@example.com", "Amara", "Osei", "31", "3", "1985", "QQ 12 34 56 A", ""}

var (
	toCheck = []string{"/email", "/name", "/date-of-birth", "/national-insurance-number", "/training-provider"}

	// noNumber does not know their National Insurance number, but the training provider.
	noNumber = Person{"amara.new@example.com", "Amara", "Osei", "31", "3", "1985", "", "University of Example"}
)

// Journey is one person's use of the form, with the heading of its last page and the number of pages.
type Journey struct {
	Who   string
	Goes  func(p *Traveller)
	Ends  string
	Pages int
}

// Journeys are those of ten people.
var Journeys = []Journey{
	{"has no National Insurance number", func(p *Traveller) {
		p.Start().Give(noNumber, toCheck...).Answer("/check-answers")
	}, "We've found your TRN", 8},
	{"had two former names and gives the wrong one first", func(p *Traveller) {
		married := []string{"firstName", "Amara", "lastName", "Third", "nameChanged", "yes", "previousLastName"}
		p.Start().Give(noNumber, "/email").Answer("/name", append(married, "Second")...)
		p.Give(noNumber, toCheck[2:]...).Answer("/check-answers")
		p.Visit("/name").Answer("/name", append(married, "Osei")...).Answer("/check-answers")
	}, "We've found your TRN", 11},
	{"gave a mailbox that they cannot open", func(p *Traveller) {
		p.Start().Give(Amara, toCheck...).Answer("/check-answers")
		p.Visit("/email").Answer("/email", "email", "amara.private@example.com").Answer("/check-answers")
	}, "We've found your TRN", 10},
	{"mistyped the address", func(p *Traveller) {
		slip := Amara
		slip.Email = "amara.new@gmial.com"
		p.Start().Give(slip, "/email")
		if strings.HasPrefix(p.Heading(), "Did you mean") {
			p.Answer("/email", "email", slip.Email, "asked", "yes", "meant", "amara.new@gmail.com")
		}
		p.Give(slip, toCheck[1:]...).Answer("/check-answers")
		if to := strings.ReplaceAll(p.Last.One("strong", "class=app-address"), " ", ""); to != "amara.new@gmail.com" {
			p.T.Errorf("the TRN goes to %s", to)
		}
	}, "We've found your TRN", 8},
	{"does not know the provider's full name", func(p *Traveller) {
		vague := noNumber
		vague.Provider = "the uni of example"
		p.Start().Give(vague, toCheck...)
		if radios := p.Last.All("input", "name=provider"); len(radios) > 0 {
			p.Answer("/check-answers", "provider", Attr(radios[0], "value"))
		} else {
			p.Answer("/check-answers")
		}
	}, "We've found your TRN", 8},
	{"is interrupted for an hour", func(p *Traveller) {
		p.Start().Give(noNumber, toCheck[:2]...)
		p.pass(time.Hour)
		p.Give(noNumber, toCheck[2:]...).Answer("/check-answers")
	}, "We've found your TRN", 8},
	{"has two tabs", func(p *Traveller) {
		p.Start().Give(noNumber, toCheck[:2]...)
		p.Visit("/") // in the other tab, and the header's link
		p.Visit("/privacy")
		p.Give(noNumber, toCheck[2:]...).Answer("/check-answers")
	}, "We've found your TRN", 10},
	{"goes back at every page", func(p *Traveller) {
		p.Start()
		for _, path := range toCheck {
			p.Answer(path, noNumber.Fields(path)...)
			back := p.Last.All("a", "class=govuk-back-link")
			if len(back) == 0 {
				p.T.Fatalf("%s has no Back link", p.Heading())
			}
			p.Visit(Attr(back[0], "href"))
			p.Answer(path, noNumber.Fields(path)...)
		}
		p.Answer("/check-answers")
	}, "We've found your TRN", 18},
	{"listens with a screen reader", func(p *Traveller) {
		p.Start()
		for _, path := range toCheck {
			p.readsInOrder()
			p.Answer(path, noNumber.Fields(path)...)
		}
		p.readsInOrder()
		p.Answer("/check-answers")
		p.readsInOrder()
	}, "We've found your TRN", 8},
	{"has a slow phone", func(p *Traveller) {
		p.Start()
		for _, path := range toCheck {
			if size := p.Size; size > 24<<10 {
				p.T.Errorf("%s is %d bytes of HTML", path, size)
			}
			p.Answer(path, noNumber.Fields(path)...)
		}
		p.Answer("/check-answers")
	}, "We've found your TRN", 8},
}

// pass lets time pass where that can be done.
func (p *Traveller) pass(d time.Duration) {
	if p.Pass != nil {
		p.Pass(d)
	}
}

// readsInOrder checks what a screen reader reads: the page's language and title, one main heading before all others in
// the main part, every input after its label, and no heading level passed over.
func (p *Traveller) readsInOrder() {
	t, page := p.T, p.Last
	t.Helper()
	if Attr(page.All("html", "")[0], "lang") != "en" || !strings.HasPrefix(page.One("title", ""), page.One("h1", "")) {
		t.Errorf("title %q, heading %q", page.One("title", ""), page.One("h1", ""))
	}
	var order []string
	labels := map[string]bool{}
	level := 0
	for node := range page.All("main", "")[0].Descendants() {
		if node.Type != html.ElementNode {
			continue
		}
		switch node.Data {
		case "h1", "h2", "h3":
			if next := int(node.Data[1] - '0'); next > level+1 {
				t.Errorf("%q is a heading of level %d after one of %d", Text(node), next, level)
			} else {
				level = next
			}
			order = append(order, node.Data)
		case "label":
			labels[Attr(node, "for")] = true
		case "input":
			kind := Attr(node, "type")
			if kind != "hidden" && kind != "radio" && !labels[Attr(node, "id")] {
				t.Errorf("%s comes before its label", Attr(node, "id"))
			}
		}
	}
	if slices.Index(order, "h1") != 0 {
		t.Errorf("headings %v", order)
	}
}
