package notify

import (
	"regexp"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"losttrn/internal/lookup"
	"losttrn/internal/message"
)

// reasons are the reasons of requests to the helpdesk, in words.
var reasons = map[string]string{
	lookup.WhyNoMatch:  "Their details matched no record, and they asked for help.",
	lookup.WhySeveral:  "Their details match several records.",
	"crowded_birthday": "More people are said to be born on their birthday than a lookup can look through.",
}

// ticket returns the values of a request's ticket. What the person typed is made harmless here as well as by the
// provider, because the helpdesk trusts the content of a ticket.
func ticket(r lookup.HelpdeskRequest) map[string]string {
	why := reasons[r.Why]
	if why == "" {
		why = r.Why
	}
	var details []string
	for _, field := range lookup.Fields() {
		text := r.Query.Text(field)
		switch {
		case text == "":
			continue
		case field == lookup.FieldEmail:
			text = harmlessAddress(r.Query.Email.Address())
		default:
			text = harmless(text)
		}
		details = append(details, label(field)+": "+text)
	}
	candidates := "None"
	if len(r.Candidates) > 0 {
		digits := make([]string, len(r.Candidates))
		for i, trn := range r.Candidates {
			digits[i] = trn.Digits()
		}
		candidates = strings.Join(digits, ", ")
	}
	note := harmless(r.Note)
	if note == "" {
		note = "None"
	}
	return map[string]string{"reference": lookup.Reference(r.LookupID), "why": why, "details": strings.Join(details, "\n"),
		"note": note, "candidates": candidates}
}

// label returns a field's name in words: "Date of birth" of dateOfBirth.
func label(field lookup.Field) string {
	switch field {
	case lookup.FieldTRN:
		return "TRN"
	case lookup.FieldNINO:
		return "National Insurance number"
	}
	var words strings.Builder
	for i, r := range string(field) {
		switch {
		case i == 0:
			words.WriteRune(unicode.ToUpper(r))
		case unicode.IsUpper(r):
			words.WriteString(" " + string(unicode.ToLower(r)))
		default:
			words.WriteRune(r)
		}
	}
	return words.String()
}

var (
	// markup are the characters that make a tag, a link, a heading, a list or a style in HTML and Markdown.
	markup = strings.NewReplacer("<", "(", ">", ")", "[", "(", "]", ")", "{", "(", "}", ")", "*", " ", "_", " ", "#", " ", "^", " ",
		"`", "'", "~", " ", "|", " ", "\\", " ", "@", " at ", "://", " ")
	// dotted matches the dot in a text that mail programs take for a host name and turn into a link.
	dotted = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(\S)[.。．｡․﹒](\S)`) })
	// plainAddress matches addresses that cannot be read as anything else.
	plainAddress = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z0-9]+([._+'-][A-Za-z0-9]+)*@[a-z0-9.-]+$`) })
)

// harmless returns a person's text on one line, without anything that a mail program or Notify would turn into a link,
// a tag or a style. Names stay readable; the report has the exact text.
func harmless(text string) string {
	text = strings.Join(strings.FieldsFunc(text, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)
	}), " ")
	text = markup.Replace(text)
	for dotted().MatchString(text) {
		text = dotted().ReplaceAllString(text, "$1. $2")
	}
	for strings.Contains(text, "((") { // a placeholder of Notify's
		text = strings.ReplaceAll(text, "((", "( (")
	}
	return strings.Join(strings.Fields(text), " ")
}

// harmlessAddress returns an address unchanged if it cannot be read as anything else, such as the address of a page.
func harmlessAddress(address string) string {
	if plainAddress().MatchString(address) && !strings.HasPrefix(strings.ToLower(address), "www.") {
		return address
	}
	return harmless(address) + " (look it up by the reference: it has characters that are not shown here)"
}

// reportValues returns the values of the email about a night's reports.
func reportValues(r message.Report) map[string]string {
	return map[string]string{"new": strconv.Itoa(r.New), "waiting": strconv.Itoa(r.Waiting), "location": r.Location}
}
