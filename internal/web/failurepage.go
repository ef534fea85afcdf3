package web

import (
	"net/http"
	"strconv"
	"strings"

	"losttrn/internal/answer"
	"losttrn/internal/gateway"
	"losttrn/internal/metric"
	"losttrn/internal/web/page"
)

// face names the form in logs and figures.
const face = "form"

// Failures that only the form has.
var (
	// expired is the answer to a request whose answers are gone.
	expired = answer.Failure{Status: http.StatusBadRequest, Code: "expired"}
	// noCookies is the answer to a request whose answers the browser did not keep.
	noCookies = answer.Failure{Status: http.StatusBadRequest, Code: "no_cookies"}
)

// failurePage describes the page of a failure. Its texts are in the catalogue under "failure.<Code>".
type failurePage struct {
	href      string // the way on, if there is one
	retry     bool   // the way on is the page itself
	reference bool   // it names the request, for the helpdesk
	contact   bool   // it says how to reach the helpdesk
}

// failurePages are the pages of the table of failures, by code.
var failurePages = map[string]failurePage{
	answer.NotFound.Code:         {href: startPath, contact: true},
	answer.MethodNotAllowed.Code: {href: startPath},
	answer.Forbidden.Code:        {href: startPath},
	answer.TooLarge.Code:         {},
	"too_many_requests":          {retry: true, contact: true},
	"unavailable":                {retry: true, reference: true, contact: true},
	answer.Internal.Code:         {retry: true, reference: true, contact: true},
	expired.Code:                 {href: startPath},
	noCookies.Code:               {href: startPath, contact: true},
}

// fail responds to an error of the service. lookupID is "" if the lookup has no id yet.
func (x *exchange) fail(err error, lookupID string) {
	f := answer.Of(err)
	f.Log(x.r.Context(), x.log, face, err, lookupID)
	x.showFailure(f)
}

// refuse responds to a request that does not reach the use case.
func (x *exchange) refuse(f answer.Failure) {
	f.Log(x.r.Context(), x.log, face, nil, "")
	x.showFailure(f)
}

// refuseMethod responds to a method that a path does not take.
func (x *exchange) refuseMethod(at route) {
	var methods []string
	if at.get != nil {
		methods = append(methods, http.MethodGet, http.MethodHead)
	}
	if at.post != nil {
		methods = append(methods, http.MethodPost)
	}
	x.w.Header().Set("Allow", strings.Join(methods, ", "))
	x.refuse(answer.MethodNotAllowed)
}

// showFailure responds with the page of a failure.
func (x *exchange) showFailure(f answer.Failure) {
	x.metrics.Count("failures", 1, metric.By("face", face), metric.By("code", f.Code))
	f.SetRetryAfter(x.w.Header())
	about, ok := failurePages[f.Code]
	if !ok {
		about = failurePages[answer.Internal.Code]
	}
	key := "failure." + f.Code
	frame := x.frame(key + ".title")
	paragraphs := frame.Numbered(key + ".body.")
	if f.Status == http.StatusTooManyRequests {
		paragraphs = append(paragraphs, x.wait(f))
	}
	action, href, reference := "", about.href, ""
	if about.retry {
		href = x.r.URL.Path
	}
	if href != "" {
		action = key + ".action"
	}
	if about.reference {
		reference = gateway.RequestID(x.r.Context())
	}
	if f.Code == expired.Code {
		x.forget()
	}
	x.render(f.Status, page.Message(frame, paragraphs, action, href, reference, about.contact))
}

// wait returns how long to wait, in words.
func (x *exchange) wait(f answer.Failure) string {
	if minutes := f.Minutes(); minutes > 1 {
		return x.texts.Text("failure.too_many_requests.body.minutes", "minutes", strconv.Itoa(minutes))
	}
	return x.texts.Text("failure.too_many_requests.body.minute")
}
