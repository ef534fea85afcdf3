package web

import (
	"net/http"

	"losttrn/internal/catalogue"
	"losttrn/internal/web/page"
)

const (
	languageCookie = "__Host-language"
	languageQuery  = "lang"
)

// language returns the language that the person chose, else the first.
func (s *Site) language(r *http.Request) *catalogue.Language {
	if cookie, err := r.Cookie(languageCookie); err == nil {
		if language := s.tagged(cookie.Value); language != nil {
			return language
		}
	}
	return s.languages[0]
}

func (s *Site) tagged(tag string) *catalogue.Language {
	for _, language := range s.languages {
		if language.Tag == tag {
			return language
		}
	}
	return nil
}

// chooseLanguage stores the language that a link of the page names, redirects to the page and returns true. It returns
// false if no language is named.
func (x *exchange) chooseLanguage() bool {
	language := x.tagged(x.r.URL.Query().Get(languageQuery))
	if language == nil || len(x.languages) < 2 {
		return false
	}
	http.SetCookie(x.w, &http.Cookie{Name: languageCookie, Value: language.Tag, Path: "/", HttpOnly: true,
		Secure: true, SameSite: http.SameSiteLaxMode})
	x.redirect(x.r.URL.Path)
	return true
}

// choices returns the languages that the page can be read in.
func (x *exchange) choices() []page.Choice {
	choices := make([]page.Choice, len(x.languages))
	for i, language := range x.languages {
		choices[i] = page.Choice{Tag: language.Tag, Name: language.Text("language.name"),
			Href: "?" + languageQuery + "=" + language.Tag, Current: language == x.texts}
	}
	return choices
}
