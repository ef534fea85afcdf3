package web

import (
	"net/http"

	"losttrn/internal/web/journey"
	"losttrn/internal/web/page"
)

func (x *exchange) cookies() {
	names := []string{journey.CookieName, journey.StartedName}
	if len(x.languages) > 1 {
		names = append(names, languageCookie)
	}
	x.render(http.StatusOK, page.Cookies(x.frame("cookies.title"), names))
}

// accessibility follows the model statement of the accessibility regulations (SI 2018/952), section by section.
func (x *exchange) accessibility() {
	x.render(http.StatusOK, page.Information(x.frame("accessibility.title"), "accessibility", []string{"help", "feedback", "report",
		"enforcement", "technical", "compliance", "content", "improve", "prepared"}))
}

func (x *exchange) privacy() {
	x.render(http.StatusOK, page.Information(x.frame("privacy.title"), "privacy", []string{"data", "use", "share", "keep", "counts",
		"rights"}))
}
