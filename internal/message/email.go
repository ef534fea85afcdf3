package message

import (
	"strings"

	"losttrn/internal/fault"
	"losttrn/internal/teacher"
)

// Kind is a kind of email.
type Kind string

// The kinds of email.
const (
	KindTRN             Kind = "trn"              // "Your teacher reference number"
	KindUnlocked        Kind = "unlocked"         // "Your Teacher Self-Service Portal account is unlocked"
	KindHelpdeskRequest Kind = "helpdesk_request" // "We've received your request", to the person
	KindHelpdeskTicket  Kind = "helpdesk_ticket"  // the request, to the helpdesk
	KindOwnerNotice     Kind = "owner_notice"     // that somebody looked the number up, to the address on the record
	KindHelpdeskReport  Kind = "helpdesk_report"  // what the night's reports say, to the helpdesk
)

// kinds describes what the message of each kind of email holds beside the lookup.
var kinds = []struct {
	kind   Kind
	to     bool // an address; the sender of emails knows where the others go
	name   bool // the name that the email greets
	trn    bool
	report bool
}{
	{kind: KindTRN, to: true, name: true, trn: true},
	{kind: KindUnlocked, to: true, name: true},
	{kind: KindHelpdeskRequest, to: true},
	{kind: KindHelpdeskTicket},
	{kind: KindOwnerNotice},
	{kind: KindHelpdeskReport, report: true},
}

// Kinds returns all kinds of email.
func Kinds() []Kind {
	all := make([]Kind, len(kinds))
	for i, k := range kinds {
		all[i] = k.kind
	}
	return all
}

// Email asks the notify function to send one email, once. It holds only what its kind needs. What a person typed for
// the helpdesk is read from the tables when the email is sent.
type Email struct {
	LookupID string // of KindHelpdeskReport, the run of the reports
	Kind     Kind
	To       teacher.Email // zero for the helpdesk's mailbox, and for the address on the record
	Name     string        // of KindTRN and KindUnlocked
	TRN      teacher.TRN   // of KindTRN
	Report   Report        // of KindHelpdeskReport
}

// Report is what the email about a night's reports says.
type Report struct {
	New      int    `json:"new"`      // requests since the report before
	Waiting  int    `json:"waiting"`  // people who wait, the new ones included
	Location string `json:"location"` // where the report is
}

// NewReport returns the email about the reports of a run.
func NewReport(run string, report Report) Email {
	return Email{LookupID: run, Kind: KindHelpdeskReport, Report: report}
}

// Reference returns the email's id: its deduplication id on the queue and its reference at GOV.UK Notify. It holds
// nothing personal.
func (e Email) Reference() string { return e.LookupID + "-" + string(e.Kind) }

type emailJSON struct {
	Version  int     `json:"version"`
	LookupID string  `json:"lookupId"`
	Kind     Kind    `json:"kind"`
	Email    string  `json:"email,omitempty"`
	Name     string  `json:"name,omitempty"`
	TRN      string  `json:"trn,omitempty"`
	Report   *Report `json:"report,omitempty"`
}

// Body returns the email as a message body: JSON in version 1.
func (e Email) Body() string {
	raw := emailJSON{Version: version, LookupID: e.LookupID, Kind: e.Kind, Email: e.To.Typed(), Name: e.Name, TRN: e.TRN.Digits()}
	if e.Report != (Report{}) {
		raw.Report = &e.Report
	}
	return encode(raw)
}

// ParseEmail returns the email in a message body, or an error that wraps fault.Invalid with the reason unreadable,
// unknown_version, unknown_kind or incomplete. What its kind has no use for is left out.
func ParseEmail(body string) (Email, error) {
	var raw emailJSON
	if err := decode(body, &raw); err != nil {
		return Email{}, err
	}
	for _, k := range kinds {
		if k.kind != raw.Kind {
			continue
		}
		email := Email{LookupID: raw.LookupID, Kind: raw.Kind}
		var trnErr, emailErr error
		if k.to {
			email.To, emailErr = teacher.ParseEmail(raw.Email)
		}
		if k.name {
			email.Name = raw.Name
		}
		if k.trn {
			email.TRN, trnErr = teacher.ParseTRN(raw.TRN)
		}
		if k.report && raw.Report != nil {
			email.Report = *raw.Report
		}
		if raw.LookupID == "" || trnErr != nil || emailErr != nil || k.report && email.Report.Location == "" {
			return Email{}, fault.New(fault.Invalid, "incomplete")
		}
		return email, nil
	}
	return Email{}, fault.New(fault.Invalid, "unknown_kind")
}

// Delivery is the delivery status of an email, in the words of GOV.UK Notify.
type Delivery string

// The delivery statuses.
const (
	Delivered        Delivery = "delivered"
	PermanentFailure Delivery = "permanent-failure" // the address does not exist, or refuses it: it bounced
	TemporaryFailure Delivery = "temporary-failure" // the mailbox was full or its provider down, for three days
	TechnicalFailure Delivery = "technical-failure" // between Notify and its provider
)

// ParseReference returns the lookup and the kind of the email with a reference. It is false if there is no such email.
func ParseReference(reference string) (lookupID string, kind Kind, ok bool) {
	for _, k := range kinds {
		if id, found := strings.CutSuffix(reference, "-"+string(k.kind)); found && id != "" {
			return id, k.kind, true
		}
	}
	return "", "", false
}
