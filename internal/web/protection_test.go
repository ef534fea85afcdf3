package web_test

import (
	"errors"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"losttrn/internal/catalogue"
	"losttrn/internal/metric"
	"losttrn/internal/web"
	"losttrn/internal/web/webtest"
)

func TestEveryAnswerIsProtected(t *testing.T) {
	c := newClient(t)
	for _, page := range []answer{c.get("/"), c.get("/email"), c.get("/nowhere"), c.post("/email"), c.get("/check-answers"),
		c.send(httptest.NewRequest(http.MethodDelete, "/email", nil))} {
		for name, want := range map[string]string{
			"Cache-Control":             "no-store",
			"Referrer-Policy":           "same-origin",
			"Strict-Transport-Security": "max-age=63072000; includeSubDomains",
			"X-Content-Type-Options":    "nosniff",
			"X-Frame-Options":           "DENY",
		} {
			if got := page.Header.Get(name); got != want {
				t.Errorf("%s: %q, want %q", name, got, want)
			}
		}
		policy := page.Header.Get("Content-Security-Policy")
		for _, want := range []string{"default-src 'none'", "script-src 'self'", "style-src 'self'", "form-action 'self'",
			"base-uri 'none'", "frame-ancestors 'none'"} {
			if !strings.Contains(policy+";", want+";") {
				t.Errorf("policy %q lacks %q", policy, want)
			}
		}
		for _, script := range page.All("script", "") {
			if webtest.Attr(script, "src") == "" {
				t.Error("a script stands in the page")
			}
		}
		if len(page.All("style", "")) > 0 || strings.Contains(page.body, ` style="`) || strings.Contains(page.body, " onclick") {
			t.Error("style or script stands in the page")
		}
	}
}

// A forged request fails thrice over. The browser does not send the cookie with another site's post (SameSite=Lax),
// and without it there are no answers to submit; if it did, it says where the request comes from, in a header that
// no page can set; and older browsers, which do not, say so by Origin.
func TestAnotherSiteCannotSubmit(t *testing.T) {
	for name, forge := range map[string]func(*http.Request){
		"another site": func(r *http.Request) {
			r.Header.Set("Sec-Fetch-Site", "cross-site")
			r.Header.Set("Origin", "https://evil.example")
		},
		"a neighbour": func(r *http.Request) {
			r.Header.Set("Sec-Fetch-Site", "same-site")
			r.Header.Set("Origin", "https://other.example.com")
		},
		"an older browser": func(r *http.Request) {
			r.Header.Del("Sec-Fetch-Site")
			r.Header.Set("Origin", "https://evil.example")
		},
		"a sandboxed frame": func(r *http.Request) {
			r.Header.Del("Sec-Fetch-Site")
			r.Header.Set("Origin", "null")
		},
	} {
		for _, path := range []string{"/check-answers", "/email", "/helpdesk-request"} {
			c := newClient(t)
			c.answerAll(amara)
			if cookie := c.cookies["__Host-answers"]; cookie.SameSite != http.SameSiteLaxMode || !cookie.HttpOnly || !cookie.Secure {
				t.Fatalf("cookie %v", cookie)
			}
			r := postOf(path, "email", "evil@example.com")
			forge(r)
			c.send(r).is(http.StatusForbidden, "We could not accept that request")
			if strings.Contains(c.get("/check-answers").body, "evil@example.com") || len(c.stand.Outbox.Matches()) != 0 {
				t.Errorf("%s: %s was accepted", name, path)
			}
		}
	}
	c := newClient(t)
	c.post("/check-answers").is(http.StatusBadRequest, "Your browser did not keep your answers") // no cookie
}

func TestUnreadableAnswers(t *testing.T) {
	for name, spoil := range map[string]func(*client){
		"expired":       func(c *client) { c.stand.Pass(2 * time.Hour) },
		"tampered with": func(c *client) { c.cookies["__Host-answers"].Value = "A" + c.cookies["__Host-answers"].Value[1:] + "A" },
		"not ours":      func(c *client) { c.cookies["__Host-answers"].Value = "answers" },
		"secret gone":   func(c *client) { c.stand.Rotate("another secret of at least thirty-two characters") },
	} {
		for _, path := range []string{"/check-answers", "/email", "/trn-found"} {
			c := newClient(t)
			c.answerAll(amara)
			spoil(c)
			c.get(path).is(http.StatusBadRequest, "Your answers are no longer here")
			if len(c.cookies) != 0 {
				t.Errorf("%s: the cookie stays", name)
			}
			c.get("/").is(http.StatusOK, "Find a lost teacher reference number (TRN)")
			c.answerAll(amara)
		}
	}
}

func TestAnswersLiveForTwoHoursAfterTheLast(t *testing.T) {
	c := newClient(t)
	for _, path := range history[:4] {
		c.post(path, nobody.Fields(path)...)
		c.stand.Pass(2*time.Hour - time.Second)
	}
	c.post("/training-provider").leadsTo("/check-answers")
	if age := c.cookies["__Host-answers"].MaxAge; age != 7200 {
		t.Errorf("Max-Age %d", age)
	}
}

func TestSecretRotation(t *testing.T) {
	const next = "the next secret of at least thirty-two characters"
	c := newClient(t)
	c.answerAll(amara)
	for _, secrets := range []string{webtest.Secret + "," + next, next + "," + webtest.Secret} {
		c.stand.Rotate(secrets)
		c.get("/check-answers").is(http.StatusOK, "Check your answers")
	}
	c.post("/training-provider").leadsTo("/check-answers") // sealed anew
	c.stand.Rotate(next)
	c.post("/check-answers").leadsTo("/trn-found")
	c.stand.Rotate("short")
	c.get("/trn-found").is(http.StatusInternalServerError, "Sorry, there is a problem with the service")
}

func TestPathsAndMethods(t *testing.T) {
	c := newClient(t)
	c.get("/nowhere").is(http.StatusNotFound, "Page not found")
	c.get("/assets/nothing.css").is(http.StatusNotFound, "Page not found")
	c.get("/assets/manifest.json").is(http.StatusNotFound, "Page not found")
	for path, allow := range map[string]string{"/": "GET, HEAD", "/email": "GET, HEAD, POST", "/trn-found": "GET, HEAD",
		"/assets/pages-1.css": "GET, HEAD"} {
		r := httptest.NewRequest(http.MethodPut, "https://trn.example.com"+path, nil)
		if page := c.send(r).is(http.StatusMethodNotAllowed, "We could not do that"); page.Header.Get("Allow") != allow {
			t.Errorf("%s: Allow %q, want %q", path, page.Header.Get("Allow"), allow)
		}
	}
	c.post("/").is(http.StatusMethodNotAllowed, "We could not do that")
	head := c.send(httptest.NewRequest(http.MethodHead, "https://trn.example.com/email", nil))
	if head.StatusCode != http.StatusOK || head.body != "" || head.Header.Get("Content-Length") == "" {
		t.Errorf("HEAD: %d, %d bytes", head.StatusCode, len(head.body))
	}
	c.post("/email", "email", strings.Repeat("x", 70_000)).is(http.StatusRequestEntityTooLarge, "There was too much in that request")
}

func TestAssets(t *testing.T) {
	c := newClient(t)
	for _, test := range []struct{ accept, encoding, body string }{
		{"", "", "/* pages-1.css */"},
		{"gzip, deflate, br, zstd", "br", "brotli"},
		{"gzip;q=0.5, br;q=0", "gzip", "gzip"},
		{"identity", "", "/* pages-1.css */"},
	} {
		r := httptest.NewRequest(http.MethodGet, "/assets/pages-1.css", nil)
		r.Header.Set("Accept-Encoding", test.accept)
		a := c.send(r)
		if a.body != test.body || a.Header.Get("Content-Encoding") != test.encoding || a.Header.Get("Vary") != "Accept-Encoding" ||
			a.Header.Get("Cache-Control") != "public, max-age=31536000, immutable" ||
			!strings.HasPrefix(a.Header.Get("Content-Type"), "text/css") {
			t.Errorf("%q: %q %v", test.accept, a.body, a.Header)
		}
	}
}

func TestMissingAssetsAreSaidAtTheStart(t *testing.T) {
	for _, files := range []fs.FS{fstest.MapFS{}, fstest.MapFS{"manifest.json": {Data: []byte(`{"pages.css":"gone.css"}`)}}} {
		_, err := web.New(web.Options{Service: nobodyHome{}, CookieSecrets: noSecrets, Assets: files, Metrics: metric.New(io.Discard, "test", "lookup", time.Now)})
		if !errors.Is(err, web.ErrNoAssets) || !strings.Contains(err.Error(), "make assets") {
			t.Errorf("error %v", err)
		}
	}
}

func TestSecondLanguage(t *testing.T) {
	welsh, err := catalogue.Parse("cy", []byte(`{"language.name":"Cymraeg","email.title":"Beth yw eich cyfeiriad e-bost?",
		"error.email.missing":"Rhowch gyfeiriad e-bost","layout.continue":"Parhau"}`))
	if err != nil {
		t.Fatal(err)
	}
	c := newClient(t, webtest.WithLanguages(catalogue.English, welsh))
	english := c.get("/email").is(http.StatusOK, "What is your email address?")
	link := english.All("a", "class=govuk-language-navigation__link")[0]
	if webtest.Attr(link, "lang") != "cy" || webtest.Text(link) != "Cymraeg" {
		t.Errorf("the link is %q", webtest.Text(link))
	}
	c.get("/email" + webtest.Attr(link, "href")).leadsTo("/email")
	page := c.get("/email").is(http.StatusOK, "Beth yw eich cyfeiriad e-bost?")
	if lang := webtest.Attr(page.All("html", "")[0], "lang"); lang != "cy" || page.One("button", "") != "Parhau" {
		t.Errorf("language %q, button %q", lang, page.One("button", ""))
	}
	if message := c.post("/email").summary(); webtest.Text(message[0]) != "Rhowch gyfeiriad e-bost" {
		t.Errorf("message %q", webtest.Text(message[0]))
	}
	c.get("/name").leadsTo("/email")
	c.get("/email?lang=fr").is(http.StatusOK, "Beth yw eich cyfeiriad e-bost?") // not offered
	c.get("/cookies?lang=en").leadsTo("/cookies")
	c.get("/email").is(http.StatusOK, "What is your email address?")
}

func TestPanicPage(t *testing.T) {
	c := newClient(t)
	w := httptest.NewRecorder()
	c.stand.Site.ServePanic(w, httptest.NewRequest(http.MethodGet, "/email", nil))
	if w.Code != http.StatusInternalServerError || !strings.Contains(w.Body.String(), "Sorry, there is a problem with the service") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
