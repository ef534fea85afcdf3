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

	"losttrn/internal/catalogue"
	"losttrn/internal/lookup"
	"losttrn/internal/teacher"
)

// maxBody is the largest request body, in bytes.
const maxBody = 16 << 10

// readQuery reads and checks the body of a request. It reports everything that is wrong with the fields at once.
func readQuery(r *http.Request, today teacher.Date) (lookup.Query, *problem) {
	body, failed := readBody(r)
	if failed != nil {
		return lookup.Query{}, failed
	}
	members, fault := readMembers(body)
	if fault != "" {
		return lookup.Query{}, &problem{Status: http.StatusBadRequest, Code: "malformed_json", Detail: fault}
	}
	details, errs := readDetails(members)
	q, fieldErrs := details.Check(today)
	for _, e := range fieldErrs {
		wrongType := slices.ContainsFunc(errs, func(f fieldProblem) bool { return f.Field == string(e.Field) })
		if !wrongType {
			errs = append(errs, message(e))
		}
	}
	if len(errs) > 0 {
		return lookup.Query{}, invalidFields(errs)
	}
	return q, nil
}

func readBody(r *http.Request) ([]byte, *problem) {
	mediaType, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	charset := strings.ToLower(params["charset"])
	if err != nil || mediaType != "application/json" || charset != "" && charset != "utf-8" {
		return nil, &problem{Status: http.StatusUnsupportedMediaType, Code: "unsupported_media_type",
			Detail: "The body must be application/json in UTF-8."}
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err != nil {
		return nil, &problem{Status: http.StatusBadRequest, Code: "malformed_json", Detail: "The body could not be read."}
	}
	if len(body) > maxBody {
		return nil, &problem{Status: http.StatusRequestEntityTooLarge, Code: "too_large",
			Detail: "The body must be 16 KiB or less."}
	}
	return body, nil
}

type member struct {
	name  string
	value json.RawMessage
}

// What can be wrong with a body, in a sentence for a person.
const (
	notUTF8     = "The body is not UTF-8."
	notJSON     = "The body is not one JSON object."
	memberTwice = "The body has a member twice."
)

// readMembers reads one JSON object, in order, or tells what is wrong with it. Unlike the standard library's
// decoding into a structure it refuses a member that is there twice, and text that is not
// Unicode, as bytes or as escapes.
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

// readDetails takes the texts out of the members. Null is absent.
func readDetails(members []member) (lookup.Details, []fieldProblem) {
	var d lookup.Details
	var dateOfBirth string
	into := map[lookup.Field]*string{
		lookup.FieldEmail: &d.Email, lookup.FieldFirstName: &d.FirstName, lookup.FieldMiddleName: &d.MiddleName,
		lookup.FieldLastName: &d.LastName, lookup.FieldPreviousFirstName: &d.PreviousFirstName,
		lookup.FieldPreviousLastName: &d.PreviousLastName, lookup.FieldDateOfBirth: &dateOfBirth,
		lookup.FieldNINO: &d.NINO, lookup.FieldTRN: &d.TRN, lookup.FieldTrainingProvider: &d.TrainingProvider,
	}
	var errs []fieldProblem
	for _, m := range members {
		text, known := into[lookup.Field(m.name)]
		switch {
		case !known:
			errs = append(errs, fieldProblem{m.name, "unknown_field", catalogue.English.Text("error.unknown_field")})
		case string(m.value) == "null":
		case json.Unmarshal(m.value, text) != nil:
			errs = append(errs, fieldProblem{m.name, "not_text", catalogue.English.Text("error.not_text")})
		}
	}
	d.DateOfBirth = lookup.ISODate(dateOfBirth)
	return d, errs
}
