package message

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"losttrn/internal/fault"
	"losttrn/internal/teacher"
)

// version is the only version of messages so far.
const version = 1

// TimeFormat is the format of times in messages and tables: RFC 3339 in UTC with milliseconds. Its width is fixed, so
// that two times compare as their texts do.
const TimeFormat = "2006-01-02T15:04:05.000Z"

// Match reports that a lookup found exactly one record. It holds what the unlock function needs, and no more.
type Match struct {
	LookupID  string
	TRN       teacher.TRN
	Email     teacher.Email
	Name      string // as the person typed it, first and last; never the register's
	MatchedAt time.Time
	Evidence  []string // the kinds of evidence that agreed
}

type matchJSON struct {
	Version   int      `json:"version"`
	LookupID  string   `json:"lookupId"`
	TRN       string   `json:"trn"`
	Email     string   `json:"email"`
	Name      string   `json:"name"`
	MatchedAt string   `json:"matchedAt"`
	Evidence  []string `json:"evidence"`
}

// Body returns the match as a message body: JSON in version 1.
func (m Match) Body() string {
	return encode(matchJSON{version, m.LookupID, m.TRN.Digits(), m.Email.Typed(), m.Name,
		m.MatchedAt.UTC().Format(TimeFormat), m.Evidence})
}

// ParseMatch returns the match in a message body, or an error that wraps fault.Invalid with the reason unreadable,
// unknown_version or incomplete.
func ParseMatch(body string) (Match, error) {
	var raw matchJSON
	if err := decode(body, &raw); err != nil {
		return Match{}, err
	}
	trn, trnErr := teacher.ParseTRN(raw.TRN)
	email, emailErr := teacher.ParseEmail(raw.Email)
	at, timeErr := time.Parse(time.RFC3339Nano, raw.MatchedAt)
	if raw.LookupID == "" || trnErr != nil || emailErr != nil || timeErr != nil {
		return Match{}, fault.New(fault.Invalid, "incomplete")
	}
	return Match{raw.LookupID, trn, email, raw.Name, at.UTC(), raw.Evidence}, nil
}

func encode(v any) string {
	body, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("message: encode: %v", err)) // impossible: strings and numbers only
	}
	return string(body)
}

// decode decodes a body of this version. It checks the version first, so that a body of a later version, whose fields
// may differ, fails as unknown_version and not as unreadable.
func decode(body string, into any) error {
	var head struct {
		Version int `json:"version"`
	}
	if err := json.Unmarshal([]byte(body), &head); err != nil {
		return fault.New(fault.Invalid, "unreadable")
	}
	if head.Version != version {
		return fault.New(fault.Invalid, "unknown_version")
	}
	decoder := json.NewDecoder(bytes.NewReader([]byte(body)))
	if err := decoder.Decode(into); err != nil {
		return fault.New(fault.Invalid, "unreadable")
	}
	if _, err := decoder.Token(); err != io.EOF {
		return fault.New(fault.Invalid, "unreadable")
	}
	return nil
}
