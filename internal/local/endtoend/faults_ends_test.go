//go:build faults

package endtoend_test

import (
	"slices"
	"strings"
)

// end is what a journey must lead to, whatever fails: texts that its state holds, and the kinds of its emails.
type end struct{ state, kinds []string }

// ends are those of the journeys, by name. That of a clean run is compared with it, and those of all trials with the clean
// run's to the last attribute.
var ends = map[string]end{
	"unlocked":                         {[]string{"unlockOutcome=unlocked", "locked= [] false"}, []string{"trn", "unlocked"}},
	"the form":                         {[]string{"unlockOutcome=unlocked", "locked= [] false"}, []string{"trn", "unlocked"}},
	"alert":                            {[]string{"unlockOutcome=refused", "[open_alert]", "locked= [] true"}, []string{"trn"}},
	"not locked":                       {[]string{"unlockOutcome=not_locked"}, []string{"trn"}},
	"second person of one mailbox":     {[]string{"unlockOutcome=refused", "[email_used_for_another_trn]", "locked= [] true"}, []string{"trn", "trn", "unlocked"}},
	"no match and request":             {[]string{"outcome=no_match"}, []string{"helpdesk_request", "helpdesk_ticket"}},
	"several":                          {[]string{"outcome=helpdesk"}, []string{"helpdesk_request", "helpdesk_ticket"}},
	"too many tries":                   {[]string{"outcome=no_match", "locked= [] true"}, nil},
	"owner notice":                     {[]string{"unlockOutcome=unlocked"}, []string{"owner_notice", "trn", "unlocked"}},
	"receipt":                          {[]string{"unlockOutcome=unlocked", "trnDelivery=permanent-failure"}, []string{"trn", "unlocked"}},
	"a message that can never succeed": {[]string{"matchesDeadLetter unknown_version", "emailsDeadLetter unknown_version"}, nil},
	"load":                             {[]string{"{Read:3 Rejected:1}"}, nil},
	"export and report":                {[]string{"helpdesk.xlsx", "report.sqlite"}, []string{"helpdesk_report"}},
	"lift and erase":                   {nil, nil},
}

// ended checks the state of a clean run.
func (m *matrix) ended(j walk, state string) {
	want, known := ends[j.name]
	if !known {
		m.Fatalf("%s: no end is told of it", j.name)
	}
	for _, text := range want.state {
		if !strings.Contains(state, text) {
			m.Fatalf("%s: the end of a clean run does not hold %q:\n%s", j.name, text, state)
		}
	}
}

// mailed checks the emails of a clean run.
func (m *matrix) mailed(j walk, mail string) {
	var kinds []string
	for line := range strings.Lines(mail) {
		kind, _, _ := strings.Cut(line, " ")
		kinds = append(kinds, kind)
	}
	if slices.Sort(kinds); !slices.Equal(kinds, ends[j.name].kinds) {
		m.Errorf("%s: the emails of a clean run are %v, want %v:\n%s", j.name, kinds, ends[j.name].kinds, mail)
	}
}
