package outbox

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Handler returns a handler of the calls of GOV.UK Notify's API that send and find emails.
// https://docs.notifications.service.gov.uk/rest-api.html
func (o *Outbox) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v2/notifications/email", o.send)
	mux.HandleFunc("GET /v2/notifications", o.find)
	mux.HandleFunc("GET /v2/notifications/{id}", o.one)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		key, err := o.key()
		if err != nil {
			refuse(w, http.StatusInternalServerError, "Exception", "Internal server error")
			return
		}
		if wrong := checkToken(r.Header.Get("Authorization"), key, o.now()); wrong != "" {
			refuse(w, http.StatusForbidden, "AuthError", wrong)
			return
		}
		mux.ServeHTTP(w, r)
	})
}

type request struct {
	EmailAddress    string         `json:"email_address"`
	TemplateID      string         `json:"template_id"`
	Personalisation map[string]any `json:"personalisation"`
	Reference       string         `json:"reference"`
	ReplyTo         string         `json:"email_reply_to_id"`
	Unsubscribe     string         `json:"one_click_unsubscribe_url"`
	Sanitise        []string       `json:"sanitise_content_for"`
}

func (o *Outbox) send(w http.ResponseWriter, r *http.Request) {
	var q request
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, 2<<20))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&q); err != nil {
		refuse(w, http.StatusBadRequest, "ValidationError", strings.TrimPrefix(err.Error(), "json: "))
		return
	}
	fault := o.fault(q.EmailAddress)
	if fault != nil && !fault.After {
		fault.refuse(w)
		return
	}
	email, kind, wrong := o.compose(q)
	if wrong != "" {
		refuse(w, http.StatusBadRequest, kind, wrong)
		return
	}
	if err := o.add(email); err != nil {
		refuse(w, http.StatusInternalServerError, "Exception", "Internal server error")
		return
	}
	o.receipt(email)
	if fault != nil {
		fault.refuse(w)
		return
	}
	reply(w, http.StatusCreated, map[string]any{
		"id":            email.ID,
		"reference":     reference(email),
		"content":       map[string]string{"subject": email.Subject, "body": email.Body, "from_email": "find-a-lost-trn@example.com"},
		"uri":           uri(r, "/v2/notifications/"+email.ID),
		"template":      template(r, email.TemplateID),
		"scheduled_for": nil,
	})
}

var uuidForm = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

// compose checks a request and renders its email. If the request is wrong, it returns
// Notify's kind of error and message.
func (o *Outbox) compose(q request) (email Email, kind, wrong string) {
	if q.EmailAddress == "" {
		return email, "ValidationError", "email_address is a required property"
	}
	if !isAddress(q.EmailAddress) {
		return email, "ValidationError", "email_address Not a valid email address"
	}
	if !uuidForm.MatchString(q.TemplateID) {
		return email, "ValidationError", "template_id is not a valid UUID"
	}
	t, ok := o.templates[strings.ToLower(q.TemplateID)]
	if !ok {
		return email, "BadRequestError", "Template not found"
	}
	values := map[string]string{}
	for name, value := range q.Personalisation {
		values[name] = fmt.Sprint(value)
	}
	for _, name := range q.Sanitise {
		if value, ok := values[name]; ok {
			values[name] = sanitise(value)
		}
	}
	subject, missing := render(t.Subject, values)
	body, more := render(t.Body, values)
	missing = append(missing, more...)
	if len(missing) > 0 {
		slices.Sort(missing)
		return email, "BadRequestError", "Missing personalisation: " + strings.Join(slices.Compact(missing), ", ")
	}
	return Email{
		ID: uuid(), TemplateID: q.TemplateID, To: q.EmailAddress, Template: t.Kind,
		Subject: subject, Body: body, Reference: q.Reference, SentAt: o.now().UTC(),
	}, "", ""
}

// The forms of an address whose domain is in ASCII, by Notify's published rule.
var (
	addressForm = regexp.MustCompile("^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@([a-zA-Z0-9-]+[.])+([a-zA-Z]{2,63}|(?i:xn--)[a-zA-Z0-9-]+)$")
	labelForm   = regexp.MustCompile(`^(?i:xn|[a-z0-9]+)(-?-[a-zA-Z0-9]+)*$`)
)

// isAddress reports whether Notify takes an address. The functions send none whose domain is not in ASCII.
func isAddress(text string) bool {
	if !addressForm.MatchString(text) || len(text) > 320 || strings.Contains(text, "..") {
		return false
	}
	_, domain, _ := strings.Cut(text, "@")
	for label := range strings.SplitSeq(domain, ".") {
		if len(label) > 63 || !labelForm.MatchString(label) {
			return false
		}
	}
	return true
}

// find answers with the emails, newest first, as Notify does.
func (o *Outbox) find(w http.ResponseWriter, r *http.Request) {
	const page = 250
	query := r.URL.Query()
	found := []any{}
	emails := o.Emails()
	slices.Reverse(emails)
	older := query.Get("older_than")
	for _, e := range emails {
		if older != "" {
			if e.ID == older {
				older = ""
			}
			continue
		}
		if want, asked := query["reference"]; asked && !slices.Contains(want, e.Reference) {
			continue
		}
		if kinds, asked := query["template_type"]; asked && !slices.Contains(kinds, "email") {
			continue
		}
		if found = append(found, describe(r, e)); len(found) == page {
			break
		}
	}
	reply(w, http.StatusOK, map[string]any{
		"notifications": found,
		"links":         map[string]string{"current": uri(r, "/v2/notifications?"+r.URL.RawQuery)},
	})
}

func (o *Outbox) one(w http.ResponseWriter, r *http.Request) {
	for _, e := range o.Emails() {
		if e.ID == r.PathValue("id") {
			reply(w, http.StatusOK, describe(r, e))
			return
		}
	}
	refuse(w, http.StatusNotFound, "NoResultFound", "No result found")
}

func describe(r *http.Request, e Email) map[string]any {
	at := e.SentAt.Format(time.RFC3339Nano)
	return map[string]any{
		"id": e.ID, "reference": reference(e), "email_address": e.To, "type": "email",
		"status": status(e), "template": template(r, e.TemplateID),
		"subject": e.Subject, "body": e.Body,
		"created_at": at, "sent_at": at, "completed_at": at,
		"created_by_name": nil, "scheduled_for": nil, "one_click_unsubscribe_url": nil,
		"phone_number": nil, "postage": nil, "is_cost_data_ready": true, "cost_in_pounds": 0.0,
	}
}

func reference(e Email) any {
	if e.Reference == "" {
		return nil
	}
	return e.Reference
}

func template(r *http.Request, id string) map[string]any {
	return map[string]any{"id": id, "version": 1, "uri": uri(r, "/v2/template/"+url.PathEscape(id))}
}

func uri(r *http.Request, path string) string { return "http://" + r.Host + path }

func reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

func refuse(w http.ResponseWriter, status int, kind, message string) {
	reply(w, status, map[string]any{
		"status_code": status,
		"errors":      []map[string]string{{"error": kind, "message": message}},
	})
}
