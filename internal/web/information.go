package web

import (
	"net/http"

	"losttrn/internal/web/journey"
	"losttrn/internal/web/page"
)

func (v *visit) cookies() {
	names := []string{journey.CookieName}
	if len(v.languages) > 1 {
		names = append(names, languageCookie)
	}
	v.render(http.StatusOK, page.Cookies(v.frame("cookies.title"), names))
}

func (v *visit) accessibility() {
	v.render(http.StatusOK, page.Information(v.frame("accessibility.title"), "accessibility", []page.Section{
		{Paragraphs: 1, Items: 5},
		{Name: "compliance", Paragraphs: 1},
		{Name: "tested", Paragraphs: 1},
		{Name: "report", Paragraphs: 1},
		{Name: "enforcement", Paragraphs: 1},
		{Name: "prepared", Paragraphs: 1},
	}))
}

func (v *visit) privacy() {
	v.render(http.StatusOK, page.Information(v.frame("privacy.title"), "privacy", []page.Section{
		{Paragraphs: 1},
		{Name: "data", Paragraphs: 1, Items: 5},
		{Name: "use", Paragraphs: 2},
		{Name: "share", Paragraphs: 1},
		{Name: "keep", Paragraphs: 1, Items: 5},
		{Name: "counts", Paragraphs: 1},
		{Name: "rights", Paragraphs: 2},
	}))
}
