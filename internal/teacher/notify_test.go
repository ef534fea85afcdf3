package teacher_test

import (
	_ "embed"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"losttrn/internal/teacher"
)

//go:embed testdata/notify.tsv
var notifyTable string

// TestNotifysRule holds the table of what GOV.UK Notify takes and of what is taken here: equal, or different with a reason.
func TestNotifysRule(t *testing.T) {
	const refused = "refused"
	differences := 0
	for line := range strings.Lines(notifyTable) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		row := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		typed, err := strconv.Unquote(`"` + row[0] + `"`)
		if err != nil || len(row) < 3 {
			t.Fatalf("%q: %v", line, err)
		}
		here := refused
		if email, err := teacher.ParseEmail(typed); err == nil {
			here = email.Address()
		}
		if here != row[2] {
			t.Errorf("%s: %s, want %s", row[0], here, row[2])
		}
		if different := row[1] != row[2]; different != (len(row) == 4) {
			t.Errorf("%s: goes to %s at Notify and to %s here, for the reason %q", row[0], row[1], row[2], row[3:])
		} else if different {
			differences++
		}
	}
	if differences < 15 {
		t.Errorf("%d differences are in the table", differences)
	}
}

// Notify's rule where all is ASCII: what it asks of the two parts, of each label and of the last.
var (
	notifyAddress  = regexp.MustCompile("^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[^.@][^@\\s]+$")
	notifyLabel    = regexp.MustCompile(`(?i)^(xn|[a-z0-9]+)(-{1,2}[a-z0-9]+)*$`)
	notifyTopLevel = regexp.MustCompile(`(?i)^([a-z]{2,63}|xn--([a-z0-9]+-)*[a-z0-9]+)$`)
)

func notifyTakes(address string) bool {
	_, host, _ := strings.Cut(address, "@")
	labels := strings.Split(host, ".")
	if !notifyAddress.MatchString(address) || strings.Contains(address, "..") || len(labels) < 2 || len(host) > 253 {
		return false
	}
	for _, label := range labels {
		if len(label) > 63 || !notifyLabel.MatchString(label) {
			return false
		}
	}
	return notifyTopLevel.MatchString(labels[len(labels)-1])
}

// TestEveryASCIIAddressIsTakenAsNotifyTakesIt, of up to 254 characters, with what Notify removes anywhere in it; and mail
// goes to the address that it shows.
func TestEveryASCIIAddressIsTakenAsNotifyTakesIt(t *testing.T) {
	local := rapid.OneOf(rapid.StringMatching("[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]{1,12}"), rapid.StringMatching("[!-~]{0,3}"))
	label := rapid.StringMatching(`(xn--|XN--|ab--|[a-z0-9])?[a-zA-Z0-9-]{0,5}[a-z0-9_]`)
	rapid.Check(t, func(t *rapid.T) {
		labels := rapid.SliceOfN(label, 1, 4).Draw(t, "labels")
		address := local.Draw(t, "local") + "@" + strings.Join(labels, ".") + rapid.SampledFrom([]string{"", ".com", ".co.uk", ".xn--p1ai", ".c"}).Draw(t, "end")
		typed := address
		for range rapid.IntRange(0, 3).Draw(t, "spaces") {
			at := rapid.IntRange(0, len(address)).Draw(t, "at")
			if at <= len(typed) && strings.ToValidUTF8(typed[:at], "") == typed[:at] {
				typed = typed[:at] + rapid.SampledFrom([]string{"\u00a0", "\u202f", "\u180e", "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u2028", "\u2029"}).Draw(t, "space") + typed[at:]
			}
		}
		email, err := teacher.ParseEmail(typed)
		if takes := notifyTakes(address); takes != (err == nil) {
			t.Fatalf("%q: Notify takes it: %t, we say %v", typed, takes, err)
		}
		if err == nil && (email.Typed() != address || !strings.EqualFold(email.Address(), address) && !strings.Contains(strings.ToLower(address), "googlemail")) {
			t.Fatalf("%q: kept as %q, mail goes to %q", typed, email.Typed(), email.Address())
		}
	})
}
