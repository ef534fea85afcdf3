// Package suggest corrects mistyped email addresses and names of training providers. A correction is only offered; it
// never replaces what was typed by itself.
package suggest

import (
	"slices"
	"strings"
)

// mailProviders are the domains that most people in the United Kingdom have a personal address at.
var mailProviders = []string{"gmail.com", "googlemail.com", "hotmail.com", "hotmail.co.uk", "outlook.com", "live.com",
	"live.co.uk", "yahoo.com", "yahoo.co.uk", "icloud.com", "btinternet.com", "aol.com", "sky.com", "virginmedia.com",
	"talktalk.net", "protonmail.com", "msn.com", "me.com", "mail.com", "ymail.com", "rocketmail.com", "gmx.com"}

// endings are mistyped ends of a domain, the longest first, with what was probably meant. None is a top-level domain
// at which people have mailboxes, but for those of countries that are one slip away from .com and .co.uk: .co, .cm,
// .om and .uk alone.
var endings = []struct{ wrong, right string }{
	{".co.uk.com", ".co.uk"}, {".co.ku", ".co.uk"}, {".co.uk.uk", ".co.uk"}, {".co.uj", ".co.uk"}, {".co.ik", ".co.uk"}, {".c.uk", ".co.uk"},
	{".couk", ".co.uk"}, {".ac.ku", ".ac.uk"}, {".acuk", ".ac.uk"}, {".con", ".com"}, {".cpm", ".com"}, {".vom", ".com"},
	{".xom", ".com"}, {".comm", ".com"}, {".ocm", ".com"}, {".cmo", ".com"}, {".coom", ".com"}, {".cim", ".com"}, {".dom", ".com"},
}

// Email returns the address that a person probably meant, if its domain looks like a slip of the keyboard: a
// well-known mail provider's with one character wrong, missing, too many, or exchanged with its neighbour, or a
// mistyped ending.
func Email(typed string) (string, bool) {
	at := strings.LastIndexByte(typed, '@')
	if at < 1 {
		return "", false
	}
	local, domain := typed[:at], strings.ToLower(typed[at+1:])
	meant := domain
	for _, e := range endings {
		if rest, ok := strings.CutSuffix(meant, e.wrong); ok && rest != "" {
			meant = rest + e.right
			break
		}
	}
	if !isMailProvider(meant) {
		for _, provider := range mailProviders {
			// Too many names are one slip from a shorter one.
			if len(provider) >= len("gmail.com") && oneSlip(meant, provider) {
				meant = provider
				break
			}
		}
	}
	if meant == domain {
		return "", false
	}
	return local + "@" + meant, true
}

// genuine are domains with mailboxes that are one slip from a more common one.
var genuine = []string{"email.com", "fmail.com", "mymail.com", "zmail.com", "yahoo.ca", "live.ca"}

func isMailProvider(domain string) bool {
	return slices.Contains(mailProviders, domain) || slices.Contains(genuine, domain)
}

// oneSlip reports whether two texts differ by one character replaced, missing or added, or two neighbours exchanged.
func oneSlip(a, b string) bool {
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	switch {
	case len(a) <= 1 && len(b) <= 1:
		return len(a)+len(b) > 0
	case len(a) == 2 && len(b) == 2:
		return a[0] == b[1] && a[1] == b[0]
	}
	return false
}
