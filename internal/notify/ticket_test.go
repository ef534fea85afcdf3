package notify_test

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"losttrn/internal/fault"
	"losttrn/internal/lookup"
	"losttrn/internal/message"
	"losttrn/internal/notify"
	"losttrn/internal/teacher"
)

// hostile are texts that would be a link, a tag or a style somewhere on their way to a reader.
var hostile = []string{
	"[click here](https://evil.example.com)", "https://evil.example.com/login", "HTTP://evil.example.com", "www.evil.example.com",
	"evil.example.com", "evil.com/path", "Ann <a href=https://evil.example.com>here</a>", "<script>alert(1)</script>", "<img src=x onerror=alert(1)>",
	"# Heading", "* item", "- item", "1. item", "^ inset", "---", "> quote", "`code`", "**bold**", "__bold__", "~~gone~~", "| a | b |",
	"ann@evil.example.com", "mailto:ann@evil.example.com", "a\n# Heading\n* item", "a\r\nb", "((trn))", "((name??shown))", "=HYPERLINK(\"https://evil.example.com\")",
	"[x][1]\n[1]: https://evil.example.com", "evil。example。com", "evil．example．com", "ＷＷＷ.evil.example.com", "\\[x\\](y)", "tel:+441234567890", "&lt;b&gt;",
	"evil․example․com", "evil﹒com", "evil\u200b.com", "https:/\u200b/evil.example.com", "\u202emoc.elpmaxe.live\u202c", "https://", "http://[::1]/",
	"xn--vil-mla.example.com", "![x](https://evil.example.com/pixel.png)", "<https://evil.example.com>", "javascript:alert(1)",
}

// link matches what a reader's mail program or Notify's Markdown would make more of than text.
var link = regexp.MustCompile(`(?i)://|www\.\S|[^\s.]\.[^\s.]|[<>\[\]{}*_#^~|\\` + "`" + `]|@|\(\(|[\x{202A}-\x{202E}\x{2066}-\x{2069}]|[^\s․﹒][․﹒][^\s․﹒]`)

// ticketOf is the ticket of a request with a text in all fields that take any.
func ticketOf(t interface{ Fatal(...any) }, w *memory, text string) notify.Letter {
	w.request.Query.FirstName, w.request.Query.LastName, w.request.Query.MiddleName = text, text, text
	w.request.Query.PreviousFirstName, w.request.Query.PreviousLastName, w.request.Query.TrainingProvider = text, text, text
	w.request.Note = text
	s := &capture{}
	if err := mailer(w, s).Deliver(context.Background(), message.Email{LookupID: lookupID, Kind: message.KindHelpdeskTicket}); err != nil {
		t.Fatal(err)
	}
	return s.letter
}

// checkHarmless checks a ticket: each field is one line, nothing that a person typed but the address is a link or
// markup, and what they typed is named to the provider.
func checkHarmless(t interface {
	Fatal(...any)
	Errorf(string, ...any)
}, text string, letter notify.Letter) {
	lines := strings.Split(letter.Values["details"], "\n")
	for _, line := range lines {
		label, value, ok := strings.Cut(line, ": ")
		if !ok && !strings.HasSuffix(line, ":") {
			t.Errorf("%q: a line without its label: %q", text, line)
		}
		if label != "Email" && link.MatchString(value) {
			t.Errorf("%q: %s: %q", text, label, value)
		}
	}
	if want := 10; len(lines) > want {
		t.Errorf("%q makes %d lines of %d fields", text, len(lines), want)
	}
	if note := letter.Values["note"]; link.MatchString(note) || strings.ContainsAny(note, "\r\n") {
		t.Errorf("%q: note: %q", text, note)
	}
	typed := strings.Join(letter.Typed, " ")
	if !strings.Contains(typed, "details") || !strings.Contains(typed, "note") {
		t.Errorf("the provider is told of %q only", typed)
	}
}

func TestTicketsHoldNoLinkOrMarkup(t *testing.T) {
	for _, text := range hostile {
		checkHarmless(t, text, ticketOf(t, newMemory(t), text))
	}
}

func TestTicketsHoldNoLinkOrMarkupOfAnyText(t *testing.T) {
	fresh := *newMemory(t)
	part := rapid.SampledFrom(append([]string{"a", ".", "://", "www", "@", "[", "](", ")", "<", ">", "#", "\n", " ", "*", "é", "．"}, hostile...))
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(part, 0, 12).Draw(t, "parts"), "")
		w := fresh
		w.times = map[string]time.Time{}
		checkHarmless(t, text, ticketOf(t, &w, text))
	})
}

func TestHonestTextsStayReadable(t *testing.T) {
	for typed, want := range map[string]string{
		"Siân O’Connor-Jones":   "Siân O’Connor-Jones",
		"J. R.":                 "J. R.",
		"St.John":               "St. John",
		"  I left in 1998.  ":   "I left in 1998.",
		"two\nlines":            "two lines",
		"":                      "None",
		"王小明 (Wang)":            "王小明 (Wang)",
		"born 1.2.1970 in York": "born 1. 2. 1970 in York",
	} {
		if got := ticketOf(t, newMemory(t), typed).Values["note"]; got != want {
			t.Errorf("%q: %q, want %q", typed, got, want)
		}
	}
}

// TestAddressesInTickets: an address is shown as it is, unless it reads as the address of a page or holds markup.
func TestAddressesInTickets(t *testing.T) {
	for address, exact := range map[string]bool{
		"ann@example.com": true, "ann.o'example+school@example.com": true, "ann_example@sub.example.com": true, "a-1@example.com": true,
		"jo@bücher.example.com": true, "www.evil.com/x@example.com": false, "www.evil@example.com": false, "evil.com/login@example.com": false,
		"*ann*@example.com": false, "_ann_@example.com": false, "`ann`@example.com": false, "#ann@example.com": false, "a{b}@example.com": false,
	} {
		email, err := teacher.ParseEmail(address)
		if err != nil {
			t.Fatal(address, err)
		}
		w := newMemory(t)
		w.request.Query.Email = email
		line, _, _ := strings.Cut(ticketOf(t, w, "x").Values["details"], "\n")
		shown := strings.TrimPrefix(line, "Email: ")
		if exact != (shown == email.Address()) {
			t.Errorf("%s: %q", address, shown)
		}
		if !exact && link.MatchString(shown) {
			t.Errorf("%s: %q", address, shown)
		}
	}
}

func TestReasonsAreInWords(t *testing.T) {
	for _, why := range []string{lookup.WhyNoMatch, lookup.WhySeveral, "crowded_birthday"} {
		w := newMemory(t)
		w.request.Why = why
		if got := ticketOf(t, w, "x").Values["why"]; strings.Contains(got, "_") || !strings.HasSuffix(got, ".") {
			t.Errorf("%s: %q", why, got)
		}
	}
}

// TestNothingToSend: without a mailbox, or once the request is gone, no email is sent and nothing fails.
func TestNothingToSend(t *testing.T) {
	w := newMemory(t)
	m := w.mailer()
	m.Desk.Mailbox = teacher.Email{}
	for _, kind := range []message.Kind{message.KindHelpdeskTicket, message.KindHelpdeskReport} {
		if err := m.Deliver(t.Context(), email(t, kind)); err != nil {
			t.Errorf("%s without a mailbox: %v", kind, err)
		}
	}
	w.request.LookupID = "another"
	if err := w.mailer().Deliver(t.Context(), email(t, message.KindHelpdeskTicket)); err != nil {
		t.Errorf("a request that is gone: %v", err)
	}
	if len(w.taken) != 0 {
		t.Errorf("sent %v", w.taken)
	}
}

// TestATRNGoesToItsRecordedMatchOnly: not to another address, not with another TRN, and not without a record.
func TestATRNGoesToItsRecordedMatchOnly(t *testing.T) {
	other, err := teacher.ParseEmail("mallory@example.com")
	if err != nil {
		t.Fatal(err)
	}
	otherTRN, err := teacher.ParseTRN("7654321")
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(w *memory, e *message.Email){
		"another address":         func(_ *memory, e *message.Email) { e.To = other },
		"another TRN":             func(_ *memory, e *message.Email) { e.TRN = otherTRN },
		"no record, or no match":  func(w *memory, _ *message.Email) { w.match.TRN, w.match.Email = teacher.TRN{}, teacher.Email{} },
		"recorded for another":    func(w *memory, _ *message.Email) { w.match.Email = other },
		"recorded as another TRN": func(w *memory, _ *message.Email) { w.match.TRN = otherTRN },
	} {
		w, e := newMemory(t), email(t, message.KindTRN)
		change(w, &e)
		if err := w.mailer().Deliver(t.Context(), e); !errors.Is(err, fault.Invalid) || fault.Reason(err) != "not_the_recorded_match" || len(w.taken) != 0 {
			t.Errorf("%s: %v, sent %v", name, err, w.taken)
		}
	}
}
