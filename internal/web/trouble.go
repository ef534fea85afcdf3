package web

import (
	"net/http"
	"strconv"
	"strings"

	"losttrn/internal/answer"
	"losttrn/internal/gateway"
	"losttrn/internal/web/journey"
	"losttrn/internal/web/page"
)

// face names the form in logs and figures.
const face = "form"

// trouble is what a page about a failure shows. Its texts are in the catalogue under "failure.<Code>".
type trouble struct {
	paragraphs int
	href       string // the way on, if there is one
	retry      bool   // the way on is the page itself
	reference  bool   // it names the request, for the helpdesk
}

// troubles are the pages of the table of failures, by code.
var troubles = map[string]trouble{
	answer.NotFound.Code:         {paragraphs: 2, href: startPath},
	answer.MethodNotAllowed.Code: {paragraphs: 1, href: startPath},
	answer.Forbidden.Code:        {paragraphs: 1, href: startPath},
	answer.TooLarge.Code:         {paragraphs: 1},
	"too_many_requests":          {paragraphs: 1},
	"unavailable":                {paragraphs: 2, retry: true, reference: true},
	answer.Internal.Code:         {paragraphs: 1, retry: true, reference: true},
	expired.Code:                 {paragraphs: 2, href: startPath},
}

// expired is the answer to a request whose answers are gone.
var expired = answer.Failure{Status: http.StatusBadRequest, Code: "expired"}

// fail answers for a failure of the service about a lookup, if it has an id yet.
func (v *visit) fail(err error, lookupID string) {
	f := answer.Of(err)
	f.Log(v.r.Context(), v.log, face, err, lookupID)
	v.show(f)
}

// refuse answers for a request that is not passed on to the use case.
func (v *visit) refuse(f answer.Failure) {
	f.Log(v.r.Context(), v.log, face, nil, "")
	v.show(f)
}

// wait says how long to wait, in minutes.
func (v *visit) wait(f answer.Failure) string {
	if minutes := f.Minutes(); minutes > 1 {
		return v.texts.Text("failure.too_many_requests.body.minutes", "minutes", strconv.Itoa(minutes))
	}
	return v.texts.Text("failure.too_many_requests.body.minute")
}

// notAllowed answers for a method that a path does not have.
func (v *visit) notAllowed(at route) {
	var methods []string
	if at.get != nil {
		methods = append(methods, http.MethodGet, http.MethodHead)
	}
	if at.post != nil {
		methods = append(methods, http.MethodPost)
	}
	v.w.Header().Set("Allow", strings.Join(methods, ", "))
	v.refuse(answer.MethodNotAllowed)
}

// show answers with the page of a failure.
func (v *visit) show(f answer.Failure) {
	f.SetRetryAfter(v.w.Header())
	about, ok := troubles[f.Code]
	if !ok {
		about = troubles[answer.Internal.Code]
	}
	key := "failure." + f.Code
	var paragraphs []string
	for i := range about.paragraphs {
		paragraphs = append(paragraphs, v.texts.Text(key+".body."+strconv.Itoa(i+1)))
	}
	if f.Status == http.StatusTooManyRequests {
		paragraphs = append(paragraphs, v.wait(f))
	}
	action, href, reference := "", about.href, ""
	if about.retry {
		href = v.r.URL.Path
	}
	if href != "" {
		action = key + ".action"
	}
	if about.reference {
		reference = gateway.RequestID(v.r.Context())
	}
	if f.Code == expired.Code {
		http.SetCookie(v.w, journey.Forget())
	}
	v.render(f.Status, page.Trouble(v.frame(key+".title"), paragraphs, action, href, reference))
}
