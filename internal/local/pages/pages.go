// Package pages serves the local stack's own pages: addresses, sent emails, queues, lookups and figures. Each page has
// a JSON form for programs.
package pages

import (
	"context"
	"embed"
	"encoding/json"
	"html/template"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"losttrn/internal/local/figures"
	"losttrn/internal/local/outbox"
	"losttrn/internal/local/running"
	"losttrn/internal/local/story"
	"losttrn/internal/lookup"
)

// Queue describes a queue.
type Queue struct {
	Name          string   `json:"name"`
	URL           string   `json:"url"`
	Depth         int      `json:"depth"`
	InFlight      int      `json:"inFlight"`
	Delayed       int      `json:"delayed"`
	OldestSeconds *float64 `json:"oldestSeconds"`
	// Messages are those of a dead-letter queue, oldest first.
	Messages []DeadLetter `json:"messages,omitempty"`
}

// DeadLetter is a message that could not be handled.
type DeadLetter struct {
	ID       string    `json:"id"`
	Group    string    `json:"group"`
	Reason   string    `json:"reason"`
	Source   string    `json:"source"`
	Receives int       `json:"receives"`
	SentAt   time.Time `json:"sentAt"`
	Body     string    `json:"body"`
	// Redrive is the command that handles it again, with all others of its queue.
	Redrive string `json:"redrive"`
}

// Source provides the content of the pages.
type Source interface {
	Index() running.Stack
	Emails() []outbox.Email
	Figures() figures.Summary
	// Lookups are the newest first: those of an email, a reference or an id, or all of them for "".
	Lookups(of string) []story.Row
	// Lookup returns the lookup with an id or reference, and false if there is none.
	Lookup(ctx context.Context, name string) (story.Story, bool, error)
	// Queues are by their short names.
	Queues(context.Context) (map[string]Queue, error)
}

//go:embed *.html
var files embed.FS

var templates = template.Must(template.New("").Funcs(template.FuncMap{
	"body":  body,
	"clock": func(t time.Time) string { return t.Local().Format("15:04:05, 2 January 2006") },
	"age":   age,
	"curly": curly,
	"json":  asJSON, "lookupOf": lookupOf,
}).ParseFS(files, "*.html"))

// Handler serves the pages below /_local/.
func Handler(s Source) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /_local/{$}", func(w http.ResponseWriter, r *http.Request) {
		show(w, r, "index.html", s.Index())
	})
	mux.HandleFunc("GET /_local/outbox", func(w http.ResponseWriter, r *http.Request) {
		emails := s.Emails()
		if emails == nil {
			emails = []outbox.Email{}
		}
		show(w, r, "outbox.html", emails)
	})
	mux.HandleFunc("GET /_local/lookups", func(w http.ResponseWriter, r *http.Request) {
		show(w, r, "lookups.html", s.Lookups(r.URL.Query().Get("of")))
	})
	mux.HandleFunc("GET /_local/lookups/{name}", func(w http.ResponseWriter, r *http.Request) {
		found, ok, err := s.Lookup(r.Context(), r.PathValue("name"))
		switch {
		case err != nil:
			http.Error(w, err.Error(), http.StatusBadGateway)
		case !ok:
			http.Error(w, "there is no lookup of that id or reference", http.StatusNotFound)
		default:
			show(w, r, "lookup.html", found)
		}
	})
	mux.HandleFunc("GET /_local/metrics", func(w http.ResponseWriter, r *http.Request) {
		show(w, r, "metrics.html", s.Figures())
	})
	mux.HandleFunc("GET /_local/queues", func(w http.ResponseWriter, r *http.Request) {
		queues, err := s.Queues(r.Context())
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		show(w, r, "queues.html", queues)
	})
	return mux
}

// show answers in JSON or HTML, as the client prefers.
func show(w http.ResponseWriter, r *http.Request, page string, data any) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Vary", "Accept")
	if prefersJSON(r.Header.Values("Accept")) {
		h.Set("Content-Type", "application/json")
		encoder := json.NewEncoder(w)
		encoder.SetIndent("", "  ")
		_ = encoder.Encode(data)
		return
	}
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
	if err := templates.ExecuteTemplate(w, page, data); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

// prefersJSON weighs application/json against text/html in Accept headers.
func prefersJSON(accept []string) bool {
	json, html := 0.0, 0.0
	for item := range strings.SplitSeq(strings.Join(accept, ","), ",") {
		kind, parameters, err := mime.ParseMediaType(item)
		if err != nil {
			continue
		}
		weight := 1.0
		if q, err := strconv.ParseFloat(parameters["q"], 64); err == nil {
			weight = q
		}
		switch kind {
		case "application/json":
			json = weight
		case "text/html", "application/xhtml+xml":
			html = max(html, weight)
		}
	}
	return json > html
}

func age(seconds *float64) string {
	if seconds == nil {
		return "–"
	}
	return time.Duration(*seconds * float64(time.Second)).Round(time.Second).String()
}

// asJSON returns a value as a program would read it; a text is itself.
func asJSON(value any) (string, error) {
	if text, ok := value.(string); ok {
		return text, nil
	}
	text, err := json.Marshal(value)
	return string(text), err
}

// lookupOf returns the lookup id that an email's reference begins with, "" if it has none.
func lookupOf(reference string) string {
	const length = len("00000000-0000-4000-8000-000000000000")
	if len(reference) < length || !lookup.IsID(reference[:length]) {
		return ""
	}
	return reference[:length]
}
