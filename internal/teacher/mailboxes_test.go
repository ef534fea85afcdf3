package teacher_test

import (
	"strings"
	"testing"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"

	"losttrn/internal/teacher"
)

// mailboxes says of pairs of addresses whether they are one mailbox, and why.
var mailboxes = []struct {
	one, other string
	same       bool
	why        string
}{
	{"ann@example.com", "ann@example.com", true, "equal"},
	{"ann@example.com", " ann@example.com\u00a0", true, "space around"},
	{"ann@example.com", "ANN@example.com", true, "letter case: no provider in use tells by it"},
	{"ann@example.com", "ann@EXAMPLE.com", true, "letter case of the domain"},
	{"ann@example.com", "ann+school@example.com", true, "a tag"},
	{"ann@example.com", "ann+@example.com", true, "an empty tag"},
	{"ann@example.com", "ann+a+b@example.com", true, "a tag with a plus in it"},
	{"+ann@example.com", "+ann+1@example.com", true, "a tag after a name that begins with a plus"},
	{"jo@bücher.example.com", "jo@xn--bcher-kva.example.com", true, "a domain in either spelling"},
	{"jo@bücher.example.com", "jo@BÜCHER.example.com", true, "letter case in another script"},
	{"jo@bücher.example.com", "jo@bu\u0308cher.example.com", true, "Unicode form"},
	{"jo@example.com", "jo@ｅxample.com", true, "wide letters"},
	{"jo@bücher.example.com", "jo@bücher。example．com", true, "full stops of other scripts"},
	{"jsmith@gmail.com", "j.smith@gmail.com", true, "dots do not count at Gmail"},
	{"jsmith@gmail.com", "js.mi.th@gmail.com", true, "dots do not count at Gmail"},
	{"jsmith@gmail.com", "jsmith@googlemail.com", true, "Gmail's two domains are one"},
	{"jsmith@gmail.com", "J.Smith+trn@GoogleMail.com", true, "all of it at once"},

	{"ann@example.com", "an\u00a0n@exam\u202fple.com", true, "no-break spaces, which Notify removes"},
	{"ann@example.com", "a\u200cnn@exa\u2028mp\u200dle.com", true, "joiners and separators, which Notify removes"},
	{"ann@xn--nothing9.example", "ann@XN--Nothing9.example", true, "a label that stands for itself"},
	{".ann@gmail.com", "ann.@googlemail.com", true, "dots at the ends do not count at Gmail either"},
	{".@gmail.com", ".+x@googlemail.com", true, "a tag, and nothing but a dot before it"},

	{"ann@example.com", "anne@example.com", false, "another name"},
	{".ann@example.com", "ann@example.com", false, "dots at the ends count elsewhere"},
	{".@gmail.com", "+@gmail.com", false, "two names, not none twice"},
	{"ann@ab--cd.example", "ann@ab-cd.example", false, "two hyphens are not one"},
	{"ann@xn--ab.example", "ann@ab.example", false, "a label that stands for itself"},
	{"ann@example.com", "ann@example.org", false, "another domain"},
	{"ann@example.com", "ann@mail.example.com", false, "another host"},
	{"j.smith@example.com", "jsmith@example.com", false, "dots count elsewhere"},
	{"j.smith@outlook.com", "jsmith@outlook.com", false, "dots count elsewhere"},
	{"j.smith@gmail.com.example.com", "jsmith@gmail.com.example.com", false, "not Gmail"},
	{"j.smith@mygmail.com", "jsmith@mygmail.com", false, "not Gmail"},
	{"jo@outlook.com", "jo@hotmail.com", false, "one company, two mailboxes"},
	{"ann@example.com", "+ann@example.com", false, "a plus at the beginning is no tag"},
	{"+ann@example.com", "+bob@example.com", false, "and is never emptied away"},
	{"ann-1@example.com", "ann@example.com", false, "a hyphen is no tag that can be told from a name"},
	{"ann_1@example.com", "ann@example.com", false, "nor is an underscore"},
	{"jo@sussex.ac.uk", "jo@sußex.ac.uk", false, "ß is a letter of its own in a domain"},
	{"jo@strasse.example.com", "jo@straße.example.com", false, "ß is a letter of its own in a domain"},
	{"jo@bucher.example.com", "jo@bücher.example.com", false, "an accent is another domain"},
	{"jo@раypal.example.com", "jo@paypal.example.com", false, "letters that look alike"},
	{"jsmıth@gmail.com", "jsmith@gmail.com", false, "not an address: Notify takes ASCII before the @"},
}

func TestOneMailbox(t *testing.T) {
	for _, pair := range mailboxes {
		one, _ := teacher.ParseEmail(pair.one)
		other, _ := teacher.ParseEmail(pair.other)
		if same := one.Key() == other.Key(); same != pair.same {
			t.Errorf("%q and %q (%s): keys %q and %q", pair.one, pair.other, pair.why, one.Key().Text(), other.Key().Text())
		}
	}
}

// TestMailGoesToTheKeysDomain, in ASCII, whatever was typed; the local part is as typed.
func TestMailGoesToTheKeysDomain(t *testing.T) {
	for typed, want := range map[string]string{
		"Ann+X@Example.com":         "Ann+X@example.com",
		"jo@sußex.ac.uk":            "jo@xn--suex-wna.ac.uk",
		"jo@BÜCHER.example.com":     "jo@xn--bcher-kva.example.com",
		"J.Smith+1@googlemail.com":  "J.Smith+1@gmail.com",
		"ann@ｅxample.com":           "ann@example.com",
		" ann.o'example@b.example ": "ann.o'example@b.example",
	} {
		email, err := teacher.ParseEmail(typed)
		if err != nil || email.Address() != want {
			t.Errorf("%q: mail goes to %q, want %q: %v", typed, email.Address(), want, err)
		}
		if again, err := teacher.ParseEmail(email.Address()); err != nil || again.Key() != email.Key() {
			t.Errorf("%q: mail goes to another mailbox, %q: %v", typed, email.Address(), err)
		}
	}
	if (teacher.Email{}).Address() != "" {
		t.Error("no address has one")
	}
}

// respell writes an address in another way that reaches the same mailbox by the rules of the table above. Each bit of
// how chooses one way.
func respell(local, domain string, how uint16) string {
	ways := func(bit int) bool { return how&(1<<bit) != 0 }
	isGmail := domain == "gmail.com" || domain == "googlemail.com"
	if isGmail && ways(0) && len(local) > 1 {
		at := 1 + int(how>>8)%(len(local)-1)
		if local[at-1] != '.' && local[at] != '.' {
			local = local[:at] + "." + local[at:]
		}
	}
	if isGmail && ways(1) {
		domain = map[string]string{"gmail.com": "googlemail.com", "googlemail.com": "gmail.com"}[domain]
	}
	if ways(2) {
		local = strings.ToUpper(local)
	}
	if ways(3) {
		local += "+" + strings.Repeat("x", int(how>>8)%3) + "a"
	}
	if ways(4) {
		domain = norm.NFD.String(domain)
	}
	if ascii, err := idna.Lookup.ToASCII(norm.NFC.String(domain)); err == nil && ways(5) {
		domain = ascii
	}
	if ways(6) {
		domain = strings.ToUpper(domain)
	}
	if ways(7) {
		return " " + local + "@" + domain + "\u00a0"
	}
	return local + "@" + domain
}

// FuzzOneMailboxOneKey: any two spellings that reach one mailbox by the table's rules have one key, which is also that
// of where mail to either goes.
func FuzzOneMailboxOneKey(f *testing.F) {
	for _, pair := range mailboxes {
		local, domain, _ := strings.Cut(strings.TrimSpace(pair.one), "@")
		f.Add(local, domain, uint16(0x0aff), uint16(0x1155))
	}
	f.Fuzz(func(t *testing.T, local, domain string, one, other uint16) {
		plain, err := teacher.ParseEmail(local + "@" + domain)
		// What cleaning drops may part two dots that are next to each other without it.
		if err != nil || strings.Contains(domain, "@") || local != teacher.CleanEmail(local) || domain != teacher.CleanEmail(domain) {
			return
		}
		for _, how := range []uint16{one, other} {
			spelling := respell(local, domain, how)
			email, err := teacher.ParseEmail(spelling)
			if err != nil && len(spelling) > teacher.MaxEmailLength-len("xn--") {
				continue
			}
			if err != nil || email.Key() != plain.Key() {
				t.Errorf("%q and %q: keys %q and %q, %v", local+"@"+domain, spelling, plain.Key().Text(), email.Key().Text(), err)
			}
			if sent, err := teacher.ParseEmail(email.Address()); err == nil && sent.Key() != plain.Key() {
				t.Errorf("%q is sent to %q", spelling, email.Address())
			}
		}
	})
}
