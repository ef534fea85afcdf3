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

// visit is one request and its answer.
type visit struct {
	*Site
	w     http.ResponseWriter
	r     *http.Request
	texts *catalogue.Language
}

func (s *Site) visit(w http.ResponseWriter, r *http.Request) *visit {
	return &visit{Site: s, w: w, r: r, texts: s.language(r)}
}

// frame is the frame of a page whose title is a catalogue key.
func (v *visit) frame(title string) page.Frame {
	return page.Frame{Texts: v.texts, Title: title, Assets: v.assets.page, Languages: v.choices()}
}

// render answers with a page.
func (v *visit) render(status int, content templ.Component) {
	var body bytes.Buffer
	// A page about a request that ran out of time must still be shown.
	if err := content.Render(context.WithoutCancel(v.r.Context()), &body); err != nil {
		answer.Internal.Log(v.r.Context(), v.log, face, err, "")
		http.Error(v.w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	v.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	v.w.Header().Set("Content-Language", v.texts.Tag)
	v.w.Header().Set("Content-Length", strconv.Itoa(body.Len()))
	v.w.WriteHeader(status)
	if v.r.Method != http.MethodHead {
		_, _ = body.WriteTo(v.w) // a reader that has gone is no concern of ours
	}
}

// redirect sends the person on, by GET.
func (v *visit) redirect(path string) {
	v.w.Header().Set("Location", path)
	v.w.WriteHeader(http.StatusSeeOther)
}

// journey is the journey that the request belongs to; the first question begins one. Where there is none, or it
// cannot be read, the request is answered, and false returned.
func (v *visit) journey() (journey.Journey, bool) {
	j, err := v.seal.Read(v.r, v.clock())
	switch {
	case err == nil:
		return j, true
	case errors.Is(err, journey.ErrNone) && v.r.URL.Path == journey.Email.Path():
		if j, err = journey.New(v.random); err == nil {
			return j, true
		}
		v.fail(err, "")
	case errors.Is(err, journey.ErrNone) && v.r.Method != http.MethodPost:
		v.redirect(journey.Email.Path())
	case errors.Is(err, journey.ErrNone), errors.Is(err, journey.ErrUnreadable):
		v.refuse(expired) // a form is only sent from a page of a journey, so its cookie has expired
	default:
		v.fail(err, "")
	}
	return journey.Journey{}, false
}

// keep sends the journey with the answer. It is false if that failed, which has then been answered.
func (v *visit) keep(j journey.Journey) bool {
	cookie, err := v.seal.Cookie(v.r.Context(), j, v.clock())
	if err != nil {
		v.fail(err, "")
		return false
	}
	http.SetCookie(v.w, cookie)
	return true
}

// form reads the fields that were posted. It is false if that failed, which has then been answered.
func (v *visit) form() (url.Values, bool) {
	v.r.Body = http.MaxBytesReader(v.w, v.r.Body, maxForm)
	if err := v.r.ParseForm(); err != nil {
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			v.refuse(answer.TooLarge)
			return nil, false
		}
		// What of it could be read is checked like any other answer.
	}
	for _, values := range v.r.PostForm {
		for i := range values {
			values[i] = strings.ToValidUTF8(values[i], "\uFFFD")
		}
	}
	return v.r.PostForm, true
}

// source is where the request came from, for the limits.
func (v *visit) source() string { return gateway.SourceAddress(v.r) }
