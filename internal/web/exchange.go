package web

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"losttrn/internal/answer"
	"losttrn/internal/catalogue"
	"losttrn/internal/gateway"
	"losttrn/internal/web/journey"
	"losttrn/internal/web/page"
)

// maxForm is the largest form accepted, in bytes.
const maxForm = 64 << 10

// exchange is one request and its response.
type exchange struct {
	*Site
	w     http.ResponseWriter
	r     *http.Request
	texts *catalogue.Language
}

func (s *Site) exchange(w http.ResponseWriter, r *http.Request) *exchange {
	return &exchange{Site: s, w: w, r: r, texts: s.language(r)}
}

// frame returns the frame of a page whose title is a catalogue key.
func (x *exchange) frame(title string) page.Frame {
	return page.Frame{Texts: x.texts, Title: title, Assets: x.assets.page, Languages: x.choices(), Service: x.about}
}

// render responds with a page.
func (x *exchange) render(status int, content templ.Component) {
	var body bytes.Buffer
	// The page is shown even if the request's time has run out.
	if err := content.Render(context.WithoutCancel(x.r.Context()), &body); err != nil {
		answer.Internal.Log(x.r.Context(), x.log, face, err, "")
		http.Error(x.w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	x.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	x.w.Header().Set("Content-Language", x.texts.Tag)
	x.w.Header().Set("Content-Length", strconv.Itoa(body.Len()))
	x.w.WriteHeader(status)
	if x.r.Method != http.MethodHead {
		_, _ = body.WriteTo(x.w) // an error means that the browser has disconnected
	}
}

// redirect redirects to a path, by GET.
func (x *exchange) redirect(path string) {
	x.w.Header().Set("Location", path)
	x.w.WriteHeader(http.StatusSeeOther)
}

// readJourney returns the request's journey; the first question begins one. If there is none, or it cannot be read, it
// responds and returns false.
func (x *exchange) readJourney() (journey.Journey, bool) {
	j, err := x.seal.Read(x.r, x.clock())
	switch {
	case err == nil:
		return j, true
	case errors.Is(err, journey.ErrUnreadable):
		x.refuse(expired)
	case !errors.Is(err, journey.ErrNone):
		x.fail(err, "")
	case journey.HasStarted(x.r):
		x.refuse(expired) // the browser has dropped the cookie, because it had expired
	case x.refusesCookies():
		x.refuse(noCookies)
	case x.r.URL.Path == journey.Email.Path():
		return x.begin()
	case x.r.Method == http.MethodPost:
		x.refuse(noCookies) // a form is only sent from a page of a journey
	default:
		x.redirect(journey.Email.Path())
	}
	return journey.Journey{}, false
}

// begin begins a journey. If that fails, it responds and returns false.
func (x *exchange) begin() (journey.Journey, bool) {
	j, err := journey.New(x.random, x.clock())
	if err != nil {
		x.fail(err, "")
		return j, false
	}
	x.countStarted()
	return j, true
}

// refusesCookies reports whether a request without any cookie comes from a page that set one: its form says so, or,
// after a redirect, the address of the page before it.
func (x *exchange) refusesCookies() bool {
	if x.r.Method == http.MethodPost {
		posted, err := x.parseForm()
		return err == nil && posted.Get("cookies") != ""
	}
	from, err := url.Parse(x.r.Referer())
	if err != nil || from.Host != x.r.Host || x.r.URL.Path == journey.Email.Path() {
		return false
	}
	return isQuestion(from.Path) || from.Path == checkPath
}

// save sets the journey's cookie, whose lifetime begins now. If that fails, it responds and returns false.
func (x *exchange) save(j journey.Journey) bool {
	cookie, err := x.seal.Cookie(x.r.Context(), j, x.clock())
	if err != nil {
		x.fail(err, "")
		return false
	}
	http.SetCookie(x.w, cookie)
	http.SetCookie(x.w, journey.Started())
	return true
}

// forget ends the journey.
func (x *exchange) forget() {
	for _, cookie := range journey.Forget() {
		http.SetCookie(x.w, cookie)
	}
}

// isDeliberate reports whether the person asked for the page: it is neither prefetched nor reached by another site's
// link.
func (x *exchange) isDeliberate() bool {
	return !strings.Contains(x.r.Header.Get("Sec-Purpose"), "prefetch") && x.r.Header.Get("Sec-Fetch-Site") != "cross-site" &&
		x.r.Method == http.MethodGet
}

// form returns the posted fields. If they are too large, it responds and returns false.
func (x *exchange) form() (url.Values, bool) {
	posted, err := x.parseForm()
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		x.refuse(answer.TooLarge)
		return nil, false
	}
	return posted, true // the fields that could be read are checked like any other answers
}

func (x *exchange) parseForm() (url.Values, error) {
	if x.r.PostForm == nil {
		x.r.Body = http.MaxBytesReader(x.w, x.r.Body, maxForm)
	}
	if err := x.r.ParseForm(); err != nil {
		return x.r.PostForm, err
	}
	for _, values := range x.r.PostForm {
		for i := range values {
			values[i] = strings.ToValidUTF8(values[i], "\uFFFD")
		}
	}
	return x.r.PostForm, nil
}

// source returns where the request came from, for the limits.
func (x *exchange) source() string { return gateway.SourceAddress(x.r) }
