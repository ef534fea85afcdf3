package helpdesk

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"losttrn/internal/attribute"
	"losttrn/internal/lookup"
	"losttrn/internal/message"
	"losttrn/internal/unlocking"
)

// Line is one thing that happened, or, with a zero At, that has not happened yet.
type Line struct {
	At   time.Time
	Text string
}

// Story tells what happened to one lookup or one mailbox, in order of time. What has not happened yet comes last.
type Story struct {
	Title string
	Lines []Line
}

// LookupStory returns the story of a lookup, from its item and that of its request to the helpdesk, which may be nil.
// Other requests of the same mailbox show whether the person was answered under one of them.
func LookupStory(item, request attribute.Item, others ...attribute.Item) Story {
	id := attribute.Text(item, "lookupId")
	var s Story
	s.Title = fmt.Sprintf("Lookup %s (%s)", lookup.Reference(id), id)
	switch outcome := lookup.Outcome(attribute.Text(item, "outcome")); outcome {
	case lookup.TRNSent:
		s.found(item)
	case lookup.NoMatch:
		s.happened(item, "receivedAt", "The lookup matched no record.")
	case lookup.Helpdesk:
		s.happened(item, "receivedAt", "The lookup matched no single record, so the helpdesk has to look.")
	default:
		s.happened(item, "receivedAt", fmt.Sprintf("The lookup ended as %q.", outcome))
	}
	s.request(item, request, others)
	s.order()
	return s
}

// found adds the lines about what followed from a match.
func (s *Story) found(item attribute.Item) {
	s.happened(item, "receivedAt", fmt.Sprintf("The lookup by %s found TRN %s: %s agreed.", attribute.Text(item, "email"),
		attribute.Text(item, "trn"), Evidence(attribute.Texts(item, "evidence"))))
	if attribute.Text(item, "trnEmailedAt") == "" {
		s.waits("The email with the TRN has not been given to GOV.UK Notify.")
	}
	s.happened(item, "trnEmailedAt", "The email with the TRN was given to GOV.UK Notify.")
	s.delivered(item)
	s.happened(item, "ownerEmailedAt", "The notice to the address on the record, that its number was looked up, was given to GOV.UK Notify.")
	for _, retry := range attribute.Maps(item, "retries") {
		s.add(attribute.Text(retry, "at"), fmt.Sprintf("%s had the unlock judged again%s. Before, %s", attribute.Text(retry, "by"),
			because(retry), lowerFirst(decision(retry))))
	}
	if attribute.Text(item, "unlockOutcome") == "" {
		s.waits("Whether the account is unlocked has not been decided.")
	} else {
		s.happened(item, "decidedAt", decision(item))
	}
	s.happened(item, "unlockEmailedAt", "The email that the account is unlocked was given to GOV.UK Notify.")
}

// decision describes the decision about the account, and its reasons.
func decision(item attribute.Item) string {
	var why []string
	for _, reason := range attribute.Texts(item, "unlockReasons") {
		why = append(why, unlocking.Reason(reason).Words())
	}
	switch outcome := unlocking.Outcome(attribute.Text(item, "unlockOutcome")); outcome {
	case unlocking.Unlocked:
		return "The account was unlocked: it was locked, and every rule held."
	case unlocking.Refused:
		return "The account was not unlocked, because " + list(why) + "."
	case unlocking.NotLocked:
		if len(why) > 0 {
			return "The account was not locked, so there was nothing to unlock. Locked, it would have stayed so, because " + list(why) + "."
		}
		return "The account was not locked, so there was nothing to unlock."
	default:
		return fmt.Sprintf("The account was decided as %q.", outcome)
	}
}

// delivered adds the line about the delivery of the email with the TRN, if GOV.UK Notify has told of it.
func (s *Story) delivered(item attribute.Item) {
	status, at := attribute.Text(item, "trnDelivery"), attribute.Text(item, "trnDeliveryAt")
	if nested := attribute.Nested(item, "trnDelivery"); nested != nil {
		status, at = attribute.Text(nested, "status"), attribute.Text(nested, "at")
	}
	if words := map[string]string{
		"":                  "",
		"delivered":         "The email with the TRN was delivered to the mailbox's provider.",
		"permanent-failure": "The email with the TRN could not be delivered: there is no such mailbox, or it refuses our mail.",
		"temporary-failure": "The email with the TRN could not be delivered: the mailbox was full or its provider did not answer.",
		"technical-failure": "The email with the TRN could not be delivered: GOV.UK Notify failed.",
	}; status != "" {
		text, known := words[status]
		if !known {
			text = fmt.Sprintf("GOV.UK Notify says of the email with the TRN: %s.", status)
		}
		s.add(at, text)
	}
}

// requestWhy describes why somebody waits for the helpdesk.
var requestWhy = map[string]string{
	lookup.WhyNoMatch:         "The person asked the helpdesk for help",
	lookup.WhySeveral:         "The details were kept for the helpdesk, because several records matched",
	lookup.WhyCrowdedBirthday: "The details were kept for the helpdesk, because more people are said to be born on that day than are read",
}

func (s *Story) request(item, request attribute.Item, others []attribute.Item) {
	if len(request) == 0 {
		return
	}
	text, known := requestWhy[attribute.Text(request, "why")]
	if !known {
		text = "The details were kept for the helpdesk: " + attribute.Text(request, "why")
	}
	if candidates := attribute.Texts(request, "candidateTrns"); len(candidates) > 0 {
		text += ": TRN " + list(candidates)
	}
	if note := attribute.Text(request, "note"); note != "" {
		text += fmt.Sprintf(", with the note %q", note)
	}
	s.happened(request, "requestedAt", text+".")
	s.happened(item, "requestEmailedAt", "The email that the request was received was given to GOV.UK Notify.")
	if attribute.Text(request, "answeredAt") != "" {
		s.happened(request, "answeredAt", attribute.Text(request, "answeredBy")+" answered the request"+
			because(attribute.Item{"note": request["answerNote"]})+".")
	} else if other := answerFor(request, others); other != nil {
		s.happened(other, "answeredAt", fmt.Sprintf("%s answered the person under another reference, %s%s.", attribute.Text(other, "answeredBy"),
			lookup.Reference(attribute.Text(other, "lookupId")), because(attribute.Item{"note": other["answerNote"]})))
	} else {
		s.waits("The person waits for the helpdesk.")
	}
}

// answerFor returns the first of other requests of its mailbox that was answered after a request was made, nil if there
// is none: that answer removed the person from the list of those who wait.
func answerFor(request attribute.Item, others []attribute.Item) (first attribute.Item) {
	mailbox, requested := attribute.Text(request, "emailKey"), lineOf(attribute.Text(request, "requestedAt"), "").At
	for _, other := range others {
		at := lineOf(attribute.Text(other, "answeredAt"), "").At
		if mailbox == "" || attribute.Text(other, "emailKey") != mailbox || at.IsZero() || at.Before(requested) {
			continue
		}
		if first == nil || at.Before(lineOf(attribute.Text(first, "answeredAt"), "").At) {
			first = other
		}
	}
	return first
}

// MailboxStory returns the story of a mailbox: what it has found, and what the helpdesk did about it, from its item of
// the emails table.
func MailboxStory(item attribute.Item) Story {
	s := Story{Title: "Mailbox " + attribute.Text(item, "email")}
	trns, lifts := attribute.Nested(item, "trns"), attribute.Maps(item, "lifted")
	for _, trn := range slices.Sorted(maps.Keys(trns)) {
		found, since := lineOf(attribute.Text(trns, trn), "It found TRN "+trn+" for the first time"), "."
		if slices.ContainsFunc(lifts, func(lift attribute.Item) bool { return lineOf(attribute.Text(lift, "at"), "").At.Before(found.At) }) {
			since = " since its record was lifted."
		}
		s.Lines = append(s.Lines, Line{found.At, found.Text + since})
	}
	for _, contact := range attribute.Maps(item, "contacted") {
		s.add(attribute.Text(contact, "at"), attribute.Text(contact, "by")+" contacted the person"+because(contact)+".")
	}
	for _, lift := range lifts {
		s.add(attribute.Text(lift, "at"), attribute.Text(lift, "by")+" lifted the record"+because(lift)+
			": what it found before no longer counts as another TRN.")
	}
	for _, erasure := range attribute.Maps(item, "erased") {
		s.add(attribute.Text(erasure, "at"), attribute.Text(erasure, "by")+" erased what was held about it but for the mailbox and its TRNs.")
	}
	s.order()
	return s
}

// because quotes the note of a change by the helpdesk.
func because(item attribute.Item) string {
	if note := attribute.Text(item, "note"); note != "" {
		return fmt.Sprintf(" (%q)", note)
	}
	return ""
}

// happened adds a line for the time in an attribute, if it is present.
func (s *Story) happened(item attribute.Item, name, text string) {
	if at := attribute.Text(item, name); at != "" {
		s.add(at, text)
	}
}

func (s *Story) add(at, text string) { s.Lines = append(s.Lines, lineOf(at, text)) }

// lineOf returns the line of an event at a time in the tables' form.
func lineOf(at, text string) Line {
	when, err := time.Parse(message.TimeFormat, at)
	if err != nil {
		when, _ = time.Parse(time.RFC3339Nano, at) // zero, which is last, if it is no time at all
	}
	return Line{when, text}
}

func (s *Story) waits(text string) { s.Lines = append(s.Lines, Line{Text: text}) }

// order sorts by time, what has not happened last, and what happened within one second as it was added: a reader sees no
// smaller part of it, and Notify's clock, which a delivery's time is from, is not ours.
func (s *Story) order() {
	slices.SortStableFunc(s.Lines, func(a, b Line) int {
		if a.At.IsZero() != b.At.IsZero() {
			if a.At.IsZero() {
				return 1
			}
			return -1
		}
		return a.At.Truncate(time.Second).Compare(b.At.Truncate(time.Second))
	})
}

var london = func() *time.Location {
	zone, err := time.LoadLocation("Europe/London")
	if err != nil {
		panic(err) // impossible: time/tzdata is part of the program
	}
	return zone
}()

// When returns the time of a line for a reader in England.
func (l Line) When() string {
	if l.At.IsZero() {
		return "not yet"
	}
	return l.At.In(london).Format("2 Jan 2006 15:04:05")
}

// evidenceWords are the words for kinds of evidence in a sentence.
var evidenceWords = map[string]string{
	"name": "name", "date_of_birth": "date of birth", "national_insurance_number": "National Insurance number",
	"email": "email", "trn": "TRN", "training_provider": "training provider",
}

// Evidence lists kinds of evidence in words.
func Evidence(kinds []string) string {
	words := make([]string, len(kinds))
	for i, kind := range kinds {
		words[i] = kind
		if w, known := evidenceWords[kind]; known {
			words[i] = w
		}
	}
	return list(words)
}

// list joins texts with commas and a last "and".
func list(texts []string) string {
	if len(texts) < 2 {
		return strings.Join(texts, "")
	}
	return strings.Join(texts[:len(texts)-1], ", ") + " and " + texts[len(texts)-1]
}

func lowerFirst(s string) string { return strings.ToLower(s[:1]) + s[1:] }
