package web

import (
	"fmt"
	"net/http"
	"time"
)

// daily lets a browser keep a file for a day.
const daily = "public, max-age=86400"

// favicon responds with the icon at the address that browsers request by default.
func (x *exchange) favicon() {
	x.r.URL.Path = x.assets.page.IconICO
	x.assets.serve(x.w, x.r)
	x.w.Header().Set("Cache-Control", daily)
}

// robots keeps search engines out: people come from the service's page on GOV.UK.
func (x *exchange) robots() { x.plainText("User-agent: *\nDisallow: /\n") }

// securityTxt says where to report a vulnerability (RFC 9116).
func (x *exchange) securityTxt() {
	expires := x.clock().UTC().Truncate(24*time.Hour).AddDate(0, 1, 0)
	x.plainText(fmt.Sprintf("Contact: https://vulnerability-reporting.service.security.gov.uk/\nContact: mailto:%s\nPreferred-Languages: en\nExpires: %s\n",
		x.about.HelpdeskEmail, expires.Format(time.RFC3339)))
}

func (x *exchange) plainText(text string) {
	x.w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	x.w.Header().Set("Cache-Control", daily)
	x.w.WriteHeader(http.StatusOK)
	if x.r.Method != http.MethodHead {
		_, _ = x.w.Write([]byte(text)) // an error means that the browser has disconnected
	}
}
