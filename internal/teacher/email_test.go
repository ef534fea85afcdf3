package teacher_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"losttrn/internal/teacher"
)

// TestParseEmail has the cases that GOV.UK Notify's own validation is tested with, and more.
func TestParseEmail(t *testing.T) {
	long := strings.Repeat("a", 63)
	for _, valid := range []string{
		"email@domain.com", "EMAIL@DOMAIN.COM", "firstname.lastname@domain.com", "firstname.o'lastname@domain.com",
		"email@subdomain.domain.com", "firstname+lastname@domain.com", "1234567890@domain.com", "email@domain-one.com",
		"_______@domain.com", "email@domain.name", "email@domain.superlongtld", "email@domain.co.jp", "firstname-lastname@domain.com",
		"info@german-financial-services.vermögensberatung", "info@german-financial-services.reallylongarbitrarytldthatiswaytoohugejustincase",
		"japanese-info@例え.テスト", "email@double--hyphen.com", "!#$%&'*+/=?^_`{|}~-@example.com", "a@b.cd",
		strings.Repeat("a", 242) + "@example.com", "a@" + long + ".example.com",
	} {
		got, err := teacher.ParseEmail(valid)
		if err != nil || got.Typed() != valid || got.IsZero() || got.Key().IsZero() {
			t.Errorf("%.60q: %v", valid, err)
		}
	}
	for _, invalid := range []string{
		"", " ", "@", "a@", "@b.cd", "email@123.123.123.123", "email@[123.123.123.123]", "plainaddress", "@no-local-part.com",
		"Outlook Contact <outlook-contact@domain.com>", "no-at.domain.com", "no-tld@domain", ";beginning-semicolon@domain.co.uk",
		"middle-semicolon@domain.co;uk", "trailing-semicolon@domain.com;", `"email+leading-quotes@domain.com`,
		`email+middle"-quotes@domain.com`, `"quoted-local-part"@domain.com`, `"quoted@domain.com"`,
		"lots-of-dots@domain..gov..uk", "two-dots..in-local@domain.com", "multiple@domains@domain.com", "spaces in local@domain.com",
		"spaces-in-domain@dom ain.com", "underscores-in-domain@dom_ain.com", "pipe-in-domain@example.com|gov.uk",
		"comma,in-local@gov.uk", "comma-in-domain@domain,gov.uk", "pound-sign-in-local£@domain.com", "local-with-’-apostrophe@domain.com",
		"local-with-”-quotes@domain.com", "domain-starts-with-a-dot@.domain.com", "brackets(in)local@domain.com",
		"email@example.com.", "a@-b.com", "a@b-.com", "a@b.c", "a@b.c1",
		"ａ@example.com", "a＠example.com", "a@" + long + "a.example.com", "a@xn--.com",
		strings.Repeat("a", 243) + "@example.com", "a@" + strings.Repeat("b.", 125) + "com", "a\nb@example.com", "a@exam\u2003ple.com",
	} {
		if got, err := teacher.ParseEmail(invalid); !errors.Is(err, teacher.ErrEmail) || !got.IsZero() {
			t.Errorf("%.60q: %v", invalid, err)
		}
	}
}

func TestEmailIsTrimmedAndKeptAsTyped(t *testing.T) {
	for _, typed := range []string{" Ann+X@Example.com ", "\u00a0Ann+X@Example.com\u3000", "\u200bAnn+X@Example.com\ufeff", "\tAnn+X@Example.com\r\n"} {
		if got, err := teacher.ParseEmail(typed); err != nil || got.Typed() != "Ann+X@Example.com" {
			t.Errorf("%q: %q, %v", typed, got.Typed(), err)
		}
	}
	if _, err := teacher.ParseEmail(" " + strings.Repeat("a", 242) + "@example.com "); err != nil {
		t.Error("the space around counts towards the length")
	}
}

// TestEmailKey: the mailbox decides, not the spelling.
func TestEmailKey(t *testing.T) {
	for want, spellings := range map[string][]string{
		"ann.o'example@example.com": {"ann.o'example@example.com", "Ann.O'Example@EXAMPLE.com", " ann.o'example@example.com\u200b",
			"ann.o'example+school@example.com", "ann.o'example+@example.com", "ann.o'example+a+b@example.com", "ANN.O'EXAMPLE+A.B@example.com"},
		"annoexample@example.com": {"annoexample@example.com"}, // dots count
		"+ann@example.com":        {"+ann@example.com", "+Ann@example.com", "+ann+x@example.com"},
		"+@example.com":           {"+@example.com", "++@example.com"},
		"ann@xn--bcher-kva.example.com": {"ann@bücher.example.com", "ann@xn--bcher-kva.example.com", "ann@XN--BCHER-KVA.example.com",
			"ann@" + norm.NFD.String("bücher") + ".example.com", "ann@BÜCHER.example.com", "ann@ｂücher.example.com", "ann@bücher。example．com"},
		"ann@xn--r8jz45g.xn--zckzah": {"ann@例え.テスト", "ann@xn--r8jz45g.xn--zckzah"},
	} {
		for _, spelling := range spellings {
			email, err := teacher.ParseEmail(spelling)
			if err != nil || email.Key().Text() != want {
				t.Errorf("%q: key %q, %v; want %q", spelling, email.Key().Text(), err, want)
			}
		}
	}
}

// TestATagIsNoOtherMailbox, not even where what is left of the local part would not be an address by itself.
func TestATagIsNoOtherMailbox(t *testing.T) {
	a, errA := teacher.ParseEmail("ann.+1@example.com")
	b, errB := teacher.ParseEmail("ann.+2@example.com")
	if errA != nil || errB != nil || a.Key() != b.Key() {
		t.Errorf("%q and %q: %v, %v", a.Key().Text(), b.Key().Text(), errA, errB)
	}
	if stored, err := teacher.ParseEmailKey(a.Key().Text()); err != nil || stored != a.Key() {
		t.Errorf("the key %q is not read from storage: %v", a.Key().Text(), err)
	}
}

func TestParseEmailKeyRefusesWhatIsNoKey(t *testing.T) {
	for _, text := range []string{"", "ann", "@example.com", "..@example.com", "ann..@example.com", "ann@", "ann @example.com"} {
		if key, err := teacher.ParseEmailKey(text); err == nil || !key.IsZero() {
			t.Errorf("%q: %q, %v", text, key.Text(), err)
		}
	}
}

// checkKey checks what holds of every address: its key is the key of itself, and of other spellings.
func checkKey(t interface{ Errorf(string, ...any) }, typed string) {
	email, err := teacher.ParseEmail(typed)
	if err != nil {
		return
	}
	key := email.Key()
	if stored, err := teacher.ParseEmailKey(key.Text()); err != nil || stored != key {
		t.Errorf("%q: its key %q is read as %q, %v", typed, key.Text(), stored.Text(), err)
	}
	if len(email.Typed()) > teacher.MaxEmailLength {
		t.Errorf("%d bytes", len(email.Typed()))
	}
	local, host, _ := strings.Cut(email.Typed(), "@")
	for _, spelling := range []string{strings.ToUpper(local) + "@" + host, " " + email.Typed() + "\u00a0", local + "+tag@" + host, norm.NFD.String(email.Typed())} {
		again, err := teacher.ParseEmail(spelling)
		if err != nil && len(spelling) > teacher.MaxEmailLength {
			continue
		}
		if err != nil {
			t.Errorf("%q is not an address, %q was: %v", spelling, typed, err)
		} else if again.Key() != key {
			t.Errorf("%q: key %q, %q: key %q", typed, key.Text(), spelling, again.Key().Text())
		}
	}
}

func TestKeysOfAnyAddress(t *testing.T) {
	local := rapid.StringMatching("[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]{1,12}")
	host := rapid.SampledFrom([]string{"example.com", "Example.CO.uk", "bücher.example.com", "xn--bcher-kva.example.com", "例え.テスト", "ｅx.example.com"})
	rapid.Check(t, func(t *rapid.T) { checkKey(t, local.Draw(t, "local")+"@"+host.Draw(t, "host")) })
}

func FuzzParseEmail(f *testing.F) {
	for _, s := range []string{"ann@example.com", "a.+b@example.com", "+a@b.cd", "a@bücher.de", "a@xn--bcher-kva.de", "a@faß.de", "\xff@example.com", "a@ﬁ.com"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { checkKey(t, s) })
}

func TestMaxEmailLengthIsOfBytes(t *testing.T) {
	host := "bücher.example.com"
	fits := strings.Repeat("a", 254-len("@"+host)) + "@" + host
	if _, err := teacher.ParseEmail(fits); err != nil {
		t.Errorf("%d bytes: %v", len(fits), err)
	}
	if _, err := teacher.ParseEmail("a" + fits); err == nil {
		t.Error(fmt.Sprint(len(fits)+1), " bytes are accepted")
	}
}
