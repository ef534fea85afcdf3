package gateway

import (
	"encoding/base64"
	"fmt"
	"mime"
	"net"
	"net/http"
	"net/url"
	"sort"
	"strings"
	"time"
	"unicode/utf8"
)

// Event is an HTTP API event, payload format 2.0.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
type Event struct {
	Version               string            `json:"version"`
	RouteKey              string            `json:"routeKey"`
	RawPath               string            `json:"rawPath"`
	RawQueryString        string            `json:"rawQueryString"`
	Cookies               []string          `json:"cookies,omitempty"`
	Headers               map[string]string `json:"headers"`
	QueryStringParameters map[string]string `json:"queryStringParameters,omitempty"`
	RequestContext        RequestContext    `json:"requestContext"`
	Body                  *string           `json:"body,omitempty"`
	IsBase64Encoded       bool              `json:"isBase64Encoded"`
}

// RequestContext is API Gateway's description of a request.
type RequestContext struct {
	AccountID    string      `json:"accountId"`
	APIID        string      `json:"apiId"`
	DomainName   string      `json:"domainName"`
	DomainPrefix string      `json:"domainPrefix"`
	HTTP         Description `json:"http"`
	RequestID    string      `json:"requestId"`
	RouteKey     string      `json:"routeKey"`
	Stage        string      `json:"stage"`
	Time         string      `json:"time"`
	TimeEpoch    int64       `json:"timeEpoch"`
}

// Description is the HTTP part of the request context.
type Description struct {
	Method    string `json:"method"`
	Path      string `json:"path"`
	Protocol  string `json:"protocol"`
	SourceIP  string `json:"sourceIp"`
	UserAgent string `json:"userAgent"`
}

const defaultRoute = "$default"

// newEvent describes a request as API Gateway does.
func newEvent(r *http.Request, route string, body []byte, requestID string, now time.Time) Event {
	e := Event{
		Version:        "2.0",
		RouteKey:       route,
		RawPath:        rawPath(r.URL),
		RawQueryString: r.URL.RawQuery,
		Headers:        map[string]string{},
		RequestContext: RequestContext{
			AccountID:  "000000000000",
			APIID:      "local",
			DomainName: r.Host,
			HTTP: Description{
				Method:    r.Method,
				Path:      rawPath(r.URL),
				Protocol:  r.Proto,
				SourceIP:  sourceIP(r.RemoteAddr),
				UserAgent: r.UserAgent(),
			},
			RequestID: requestID,
			RouteKey:  route,
			Stage:     defaultRoute,
			Time:      now.UTC().Format("02/Jan/2006:15:04:05 -0700"),
			TimeEpoch: now.UnixMilli(),
		},
	}
	e.RequestContext.DomainPrefix, _, _ = strings.Cut(r.Host, ".")
	for name, values := range r.Header {
		if name == "Cookie" {
			e.Cookies = cookies(values)
			continue
		}
		e.Headers[strings.ToLower(name)] = strings.Join(values, ",")
	}
	e.Headers["host"] = r.Host
	e.Headers["content-length"] = fmt.Sprint(len(body))
	// API Gateway appends the address that it sees to whatever the client claimed.
	forwarded := append(r.Header.Values("X-Forwarded-For"), e.RequestContext.HTTP.SourceIP)
	e.Headers["x-forwarded-for"] = strings.Join(forwarded, ", ")
	e.Headers["x-forwarded-proto"] = "http"
	if _, port, err := net.SplitHostPort(r.Host); err == nil {
		e.Headers["x-forwarded-port"] = port
	}
	e.QueryStringParameters = query(r.URL.RawQuery)
	if len(body) > 0 {
		text := string(body)
		if !isText(r.Header.Get("Content-Type")) || !utf8.Valid(body) {
			text, e.IsBase64Encoded = base64.StdEncoding.EncodeToString(body), true
		}
		e.Body = &text
	}
	return e
}

// rawPath returns the path with its percent escapes undone: API Gateway passes it on in that form.
func rawPath(u *url.URL) string {
	if u.Path == "" {
		return "/"
	}
	return u.Path
}

func sourceIP(address string) string {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return address
	}
	return host
}

// cookies splits the Cookie header into its pairs.
func cookies(values []string) []string {
	var pairs []string
	for _, value := range values {
		for pair := range strings.SplitSeq(value, ";") {
			if pair = strings.TrimSpace(pair); pair != "" {
				pairs = append(pairs, pair)
			}
		}
	}
	return pairs
}

// query decodes the query, several values of one name joined by commas.
func query(raw string) map[string]string {
	values, _ := url.ParseQuery(raw)
	if len(values) == 0 {
		return nil
	}
	joined := make(map[string]string, len(values))
	for name, list := range values {
		joined[name] = strings.Join(list, ",")
	}
	return joined
}

// isText reports whether API Gateway passes a body unchanged; it encodes all others, form posts among them.
func isText(contentType string) bool {
	kind, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		// A body without a type is passed on as text.
		return contentType == ""
	}
	return strings.HasPrefix(kind, "text/") ||
		kind == "application/json" || strings.HasSuffix(kind, "+json") ||
		kind == "application/javascript" ||
		kind == "application/xml" || strings.HasSuffix(kind, "+xml")
}

// headerNames lists the names of headers in order.
func headerNames(headers map[string]string) []string {
	names := make([]string, 0, len(headers))
	for name := range headers {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}
