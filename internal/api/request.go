package api

import (
	"bytes"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"losttrn/internal/answer"
	"losttrn/internal/lookup"
	"losttrn/internal/teacher"
)

// maxBody is the largest request body, in bytes.
const maxBody = 16 << 10

// maxUnknown is how many unknown members a refusal names.
const maxUnknown = 20

// byteOrderMark may stand before the object.
var byteOrderMark = []byte("\ufeff")

// readRequest reads and checks the body of a request: the fields of a lookup, and of a request to the helpdesk the
// note. It reports every problem of the fields at once.
func readRequest(r *http.Request, today teacher.Date, help bool) (lookup.Request, *refusal) {
	body, refused := readBody(r)
	if refused != nil {
		return lookup.Request{}, refused
	}
	members, wrong := readMembers(bytes.TrimPrefix(body, byteOrderMark))
	if wrong != "" {
		return lookup.Request{}, &refusal{Failure: malformedJSON, why: wrong}
	}
	details, note, problems := readDetails(members, help)
	query, invalid := details.Check(today)
	for _, p := range invalid {
		problems = addProblem(problems, message(string(p.Field), p.Code))
	}
	note, code := lookup.CheckNote(note)
	if code != "" {
		problems = addProblem(problems, message(string(lookup.FieldNote), code))
	}
	if len(problems) > 0 {
		return lookup.Request{}, &refusal{Failure: invalidFields, problems: problems}
	}
	return lookup.Request{Query: query, Note: note}, nil
}

// addProblem adds a problem of a field, unless the field could not be read at all.
func addProblem(problems []fieldProblem, p fieldProblem) []fieldProblem {
	if slices.ContainsFunc(problems, func(known fieldProblem) bool { return known.Field == p.Field }) {
		return problems
	}
	return append(problems, p)
}

func readBody(r *http.Request) ([]byte, *refusal) {
	if !isJSON(r.Header.Get("Content-Type")) {
		return nil, &refusal{Failure: unsupportedType}
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err != nil {
		return nil, &refusal{Failure: malformedJSON}
	}
	if len(body) > maxBody {
		return nil, &refusal{Failure: answer.TooLarge}
	}
	return body, nil
}

// isJSON reports whether a content type is JSON in UTF-8, which some spell without its hyphen.
func isJSON(contentType string) bool {
	mediaType, params, err := mime.ParseMediaType(contentType)
	if err != nil || mediaType != "application/json" {
		return false
	}
	switch strings.ToLower(params["charset"]) {
	case "", "utf-8", "utf8":
		return true
	}
	return false
}

type member struct {
	name  string
	value json.RawMessage
}

// The faults of a body, as keys of texts.
const (
	notUTF8     = "not_utf8"
	notJSON     = "malformed_json"
	memberTwice = "member_twice"
)

// readMembers returns the members of one JSON object in order, or the fault of the body. Unlike encoding/json it
// refuses a repeated member, and text that is not valid Unicode, as bytes or as escapes.
func readMembers(body []byte) ([]member, string) {
	if !utf8.Valid(body) || loneSurrogate(body) {
		return nil, notUTF8
	}
	if !json.Valid(body) {
		return nil, notJSON
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	if open, err := decoder.Token(); err != nil || open != json.Delim('{') {
		return nil, notJSON
	}
	var members []member
	for decoder.More() {
		token, err := decoder.Token()
		name, ok := token.(string)
		if err != nil || !ok {
			return nil, notJSON
		}
		if slices.ContainsFunc(members, func(m member) bool { return m.name == name }) {
			return nil, memberTwice
		}
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			return nil, notJSON
		}
		members = append(members, member{name, value})
	}
	return members, ""
}

// readDetails returns the fields among the members, and the note of a request to the helpdesk. A null member counts as
// absent. Of unknown members it reports the first 20.
func readDetails(members []member, help bool) (lookup.Details, string, []fieldProblem) {
	var d lookup.Details
	var note string
	var problems []fieldProblem
	unknown := 0
	for _, m := range members {
		field := lookup.Field(m.name)
		isNote := help && field == lookup.FieldNote
		var text string
		switch {
		case !field.Known() && !isNote:
			if unknown++; unknown <= maxUnknown {
				problems = append(problems, misread(m.name, "unknown_field"))
			}
		case string(m.value) == "null":
		case json.Unmarshal(m.value, &text) != nil:
			problems = append(problems, misread(m.name, "not_text"))
		case isNote:
			note = text
		default:
			if p, ok := d.Set(field, text); !ok {
				problems = append(problems, message(m.name, p.Code))
			}
		}
	}
	return d, note, problems
}
