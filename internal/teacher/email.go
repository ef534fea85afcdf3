package teacher

import (
	"errors"
	"log/slog"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// ErrEmail says that a text is not the address of one mailbox that GOV.UK Notify would accept.
var ErrEmail = errors.New("not an email address")

// MaxEmailLength is the longest email address accepted, in bytes as typed (RFC 5321, erratum 1690).
const MaxEmailLength = 254

// Email is an email address: as it was typed, for showing it, where mail to it goes, and its key, which tells
// mailboxes apart.
// The zero Email means "none".
type Email struct {
	typed string
	key   EmailKey
}

// EmailKey identifies a mailbox whatever the spelling of its address: letter case, Unicode form, an internationalised
// domain in either spelling, and a "+tag" make no other mailbox, nor do dots in the local part at Gmail, whose two
// domains are one. Two addresses with the same key are the same mailbox. The zero EmailKey means "none".
type EmailKey struct{ text string }

// GOV.UK Notify accepts an ASCII local part of localCharacters, and a host name whose labels are letters, digits and inner
// hyphens (notifications-utils, recipient_validation/email_address.py). notify_test.go holds the three functions below to its
// expressions; to compile those is much of what the first lookup of a process would take.
const localCharacters = letters + digits + ".!#$%&'*+/=?^_`{|}~-"

func isLocal(text string) bool { return text != "" && madeOf(text, localCharacters) }

// isLabel reports whether a text is a label of a host name, in lower case: no more than two hyphens stand together.
func isLabel(text string) bool {
	return text != "" && madeOf(text, smallLetters+digits+"-") && text[0] != '-' && text[len(text)-1] != '-' && !strings.Contains(text, "---")
}

// isTopLevel reports whether a label may be the last of a host name: letters, or what an internationalised one is in ASCII.
func isTopLevel(label string) bool {
	if converted, ok := strings.CutPrefix(label, "xn--"); ok {
		return isLabel(converted) && !strings.Contains(converted, "--")
	}
	return len(label) >= 2 && len(label) <= maxLabel && madeOf(label, smallLetters)
}

// maxLabel is the longest label of a host name.
const maxLabel = 63

// CleanEmail drops from a typed address what CleanText drops, and the spaces that GOV.UK Notify removes wherever they
// stand: joiners, no-break spaces, line and paragraph separators. Any other space inside stays, so that it is no address.
func CleanEmail(s string) string { return CleanText(removedSpaces.Replace(s)) }

// removedSpaces are the spaces that Notify removes and CleanText keeps or turns into a plain space. CleanText drops the
// other ones.
var removedSpaces = strings.NewReplacer("\u00a0", "", "\u202f", "", "\u2028", "", "\u2029", "", "\u200c", "", "\u200d", "")

// ParseEmail reads an address as a person types it: every address that GOV.UK Notify's published rule takes, but for
// those in the table of notify_test.go. It fails with ErrEmail for any other, and for one of more than MaxEmailLength bytes.
func ParseEmail(s string) (Email, error) {
	typed := CleanEmail(s)
	if typed == "" || len(typed) > MaxEmailLength {
		return Email{}, ErrEmail
	}
	local, host, _ := strings.Cut(typed, "@")
	if !isLocal(local) || strings.Contains(typed, "..") {
		return Email{}, ErrEmail
	}
	ascii, err := asciiHost(host)
	if err != nil {
		return Email{}, ErrEmail
	}
	return Email{typed: typed, key: newEmailKey(local, ascii)}, nil
}

// ParseEmailKey reads a stored key that EmailKey.Text returned earlier.
func ParseEmailKey(s string) (EmailKey, error) {
	email, err := ParseEmail(s)
	if err != nil {
		return EmailKey{}, err
	}
	return email.key, nil
}

// asciiHost returns a host name in ASCII and lower case. As at Notify, a label in ASCII stands for itself, whatever it
// begins with; only others are converted.
func asciiHost(host string) (string, error) {
	labels := strings.Split(fullStops.Replace(norm.NFKC.String(host)), ".")
	if len(labels) < 2 {
		return "", ErrEmail
	}
	for i, label := range labels {
		ascii, err := asciiLabel(label)
		if err != nil || len(ascii) > maxLabel || !isLabel(ascii) {
			return "", ErrEmail
		}
		labels[i] = ascii
	}
	ascii := strings.Join(labels, ".")
	if len(ascii) > 253 || !isTopLevel(labels[len(labels)-1]) {
		return "", ErrEmail
	}
	return ascii, nil
}

// internationalised converts a label as IDNA2008 does after the mapping of UTS 46, which keeps ß a letter of its own. It
// refuses a label whose letters of two directions would be shown in another order than they are in.
var internationalised = idna.New(idna.MapForLookup(), idna.BidiRule(), idna.CheckHyphens(false), idna.StrictDomainName(false))

func asciiLabel(label string) (string, error) {
	switch {
	case !strings.ContainsFunc(label, func(r rune) bool { return r >= utf8.RuneSelf }):
		return strings.ToLower(label), nil
	case strings.HasPrefix(strings.ToLower(label), "xn--"): // claims to be converted, but is not
		return "", ErrEmail
	}
	return internationalised.ToASCII(label)
}

// fullStops turns the full stops that part labels (RFC 3490, 3.1) into the plain one; NFKC has done so with the others.
var fullStops = strings.NewReplacer("\u3002", ".")

// gmail is Google's domain for everybody, and googlemail its other name: mail to either reaches one mailbox, whatever
// the dots in its name (https://support.google.com/mail/answer/7436150).
const gmail, googlemail = "gmail.com", "googlemail.com"

// newEmailKey folds letter case, and drops a "+tag" and what does not count at the domain. A leading "+" is not a tag,
// but what follows it may have one: the local part is never emptied.
func newEmailKey(local, domain string) EmailKey {
	local = cases.Fold().String(norm.NFKC.String(local))
	if tag := strings.IndexByte(local[1:], '+'); tag >= 0 {
		local = local[:1+tag]
	}
	if domain == googlemail {
		domain = gmail
	}
	if dotless := strings.ReplaceAll(local, ".", ""); domain == gmail && dotless != "" {
		local = dotless
	}
	return EmailKey{local + "@" + domain}
}

// Typed returns the address as it was typed, without surrounding space, or "" for none.
func (e Email) Typed() string { return e.typed }

// Address returns where mail to the mailbox goes, or "" for none: the local part as typed at the key's domain. The domain
// is in ASCII, so that nobody downstream can take it for another: a library that maps ß to ss would deliver what is
// for faß.example to fass.example.
func (e Email) Address() string {
	if e.IsZero() {
		return ""
	}
	return e.typed[:strings.LastIndexByte(e.typed, '@')] + e.key.text[strings.LastIndexByte(e.key.text, '@'):]
}

// Key identifies the mailbox.
func (e Email) Key() EmailKey { return e.key }

// IsZero reports whether there is no address.
func (e Email) IsZero() bool { return e.typed == "" }

// String masks the address, so that printing one by accident discloses nothing.
func (e Email) String() string { return mask(e.typed) }

// GoString masks the address in %#v.
func (e Email) GoString() string { return e.String() }

// LogValue masks the address in structured logs.
func (e Email) LogValue() slog.Value { return slog.StringValue(e.String()) }

// Text returns the key as it is stored: a lower-case address without tag, its domain in ASCII.
func (k EmailKey) Text() string { return k.text }

// IsZero reports whether there is no key.
func (k EmailKey) IsZero() bool { return k.text == "" }

// String masks the key, so that printing one by accident discloses nothing.
func (k EmailKey) String() string { return mask(k.text) }

// GoString masks the key in %#v.
func (k EmailKey) GoString() string { return k.String() }

// LogValue masks the key in structured logs.
func (k EmailKey) LogValue() slog.Value { return slog.StringValue(k.String()) }
