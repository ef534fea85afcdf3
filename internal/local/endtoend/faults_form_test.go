//go:build faults

package endtoend_test

import (
	"fmt"
	"net/http"
	"net/url"
)

// trialCookie tells whose request of the form it is: what was typed is encoded in the event. The service takes no notice.
const trialCookie = "trial"

// throughTheForm is the journey of a person who is found by the form. A page that fails is sent again as it was, as
// browsers offer.
var throughTheForm = walk{name: "the form", prepare: func(x *trial) {
	x.person(nil)
	x.visitor = &visitor{t: x.T, w: x.w, cookies: map[string]string{trialCookie: x.name}}
}, act: func(x *trial) error {
	p, v := x.people[0], x.visitor
	typed := map[string]url.Values{
		"/email":                     {"email": {p.email}},
		"/name":                      {"firstName": {p.first}, "lastName": {p.last}, "nameChanged": {"no"}},
		"/date-of-birth":             {"dateOfBirth-day": {p.born[8:]}, "dateOfBirth-month": {p.born[5:7]}, "dateOfBirth-year": {p.born[:4]}},
		"/national-insurance-number": {"nationalInsuranceNumber": {p.nino}},
		"/training-provider":         {"trainingProvider": {""}}, // asked if it is not known yet that she is found
		"/check-answers":             {},
	}
	if x.page == "" {
		if err := x.turn(http.MethodGet, "/email?new", nil); err != nil {
			return err
		}
	}
	for x.page != "/trn-found" {
		fields, known := typed[x.page]
		if !known {
			x.Fatalf("%s: the form leads to %s", x.name, x.page)
		}
		if err := x.turn(http.MethodPost, x.page, fields); err != nil {
			return err
		}
	}
	x.d.mu.Lock()
	defer x.d.mu.Unlock()
	x.learn([]string{v.lookupID})
	return nil
}}

// turn sends a page of the form, and keeps where it leads.
func (x *trial) turn(method, path string, fields url.Values) error {
	status, location, body := x.visitor.do(method, path, fields)
	if status != http.StatusSeeOther {
		return fmt.Errorf("%s answered %d %.300s", path, status, body)
	}
	x.page = location
	return nil
}
