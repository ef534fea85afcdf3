package web

import (
	"context"
	"errors"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"losttrn/internal/fault"
	"losttrn/internal/gateway"
	"losttrn/internal/lookup"
	"losttrn/internal/web/journey"
	"losttrn/internal/web/page"
)

// trouble is a kind of page that says what went wrong. Its texts are in the catalogue under its name.
type trouble struct {
	name       string
	status     int
	paragraphs int
	href       string // the way on, if there is one
	retry      bool   // the way on is the page itself
	reference  bool   // it names the request, for the helpdesk
	ends       bool   // it ends the journey
}

var (
	expired    = trouble{name: "expired", status: http.StatusBadRequest, paragraphs: 2, href: startPath, ends: true}
	notFound   = trouble{name: "notFound", status: http.StatusNotFound, paragraphs: 2, href: startPath}
	notAllowed = trouble{name: "notAllowed", status: http.StatusMethodNotAllowed, paragraphs: 1, href: startPath}
	forbidden  = trouble{name: "forbidden", status: http.StatusForbidden, paragraphs: 1, href: startPath}
	tooMuch    = trouble{name: "tooLarge", status: http.StatusRequestEntityTooLarge, paragraphs: 1}
	limited    = trouble{name: "limited", status: http.StatusTooManyRequests, paragraphs: 1}

	unavailable = trouble{name: "unavailable", status: http.StatusServiceUnavailable, paragraphs: 2, retry: true, reference: true}
	sorry       = trouble{name: "sorry", status: http.StatusInternalServerError, paragraphs: 1, retry: true, reference: true}
)

// unavailableRetry is how long a browser is asked to wait for a dependency that is down.
const unavailableRetry = 5 * time.Second

// fail answers for a failure of the service.
func (v *visit) fail(err error) {
	var limit *lookup.LimitError
	switch {
	case errors.As(err, &limit):
		v.retryAfter(limit.RetryAfter)
		v.trouble(limited, v.wait(limit.RetryAfter))
		return
	case errors.Is(err, fault.Throttled), errors.Is(err, fault.Unavailable), errors.Is(err, context.DeadlineExceeded):
		v.logFailure(err, unavailable.status)
		v.retryAfter(unavailableRetry)
		v.trouble(unavailable)
	default:
		v.logFailure(err, sorry.status)
		v.trouble(sorry)
	}
}

func (v *visit) retryAfter(d time.Duration) {
	v.w.Header().Set("Retry-After", strconv.Itoa(max(1, int(math.Ceil(d.Seconds())))))
}

// wait says how long to wait, in minutes.
func (v *visit) wait(d time.Duration) string {
	if minutes := int(math.Ceil(d.Minutes())); minutes > 1 {
		return v.texts.Text("limited.body.minutes", "minutes", strconv.Itoa(minutes))
	}
	return v.texts.Text("limited.body.minute")
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
	v.trouble(notAllowed)
}

// trouble answers with a page of a kind, and what more it says.
func (v *visit) trouble(kind trouble, more ...string) {
	var paragraphs []string
	for i := range kind.paragraphs {
		paragraphs = append(paragraphs, v.texts.Text(kind.name+".body."+strconv.Itoa(i+1)))
	}
	action, href, reference := "", kind.href, ""
	if kind.retry {
		href = v.r.URL.Path
	}
	if href != "" {
		action = kind.name + ".action"
	}
	if kind.reference {
		reference = gateway.RequestID(v.r.Context())
	}
	if kind.ends {
		http.SetCookie(v.w, journey.Forget())
	}
	v.render(kind.status, page.Trouble(v.frame(kind.name+".title"), append(paragraphs, more...), action, href, reference))
}
