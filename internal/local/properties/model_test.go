//go:build properties

package properties_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// model is section "When an account is unlocked" of the README, in as few words as it takes.
type model struct {
	people    map[string]*account // by TRN
	mailboxes map[string]*mailbox // by key
	lookups   map[string]*made    // by id
	on        bool
}

// account is what is known of a person's record.
type account struct {
	locked, active, alert, doubt bool
	former                       map[string]bool
	unlockedAt                   string // by us, "" if never
}

// mailbox is what a mailbox has found, with when.
type mailbox struct {
	found  map[string]string
	lifted string // when last
}

// made is a lookup that found a TRN.
type made struct {
	trn, mailbox string
	decision     string // "" while there is none
	sent         map[string]bool
}

// others are the TRNs of other people that a mailbox has found since it was lifted.
func (m *model) others(of *mailbox, trn string) bool {
	for found, at := range of.found {
		if found != trn && at > of.lifted && !m.people[trn].former[found] {
			return true
		}
	}
	return false
}

// claim has a mailbox find a TRN.
func (b *mailbox) claim(trn, at string) {
	if before, known := b.found[trn]; !known || before <= b.lifted && at > b.lifted {
		b.found[trn] = at
	}
}

func (b *mailbox) copy() *mailbox {
	return &mailbox{maps.Clone(b.found), b.lifted}
}

// decide is the decision on a lookup, given whether its claim found the mailbox used for another TRN.
func (m *model) decide(l *made, used bool) string {
	a := m.people[l.trn]
	var reasons []string
	for _, rule := range []struct {
		reason string
		fails  bool
	}{
		{"unlocking_switched_off", !m.on}, {"record_inactive", !a.active}, {"open_alert", a.alert}, {"record_in_doubt", a.doubt},
		{"email_used_for_another_trn", used},
	} {
		if rule.fails {
			reasons = append(reasons, rule.reason)
		}
	}
	outcome := "unlocked"
	switch {
	case !a.locked:
		outcome = "not_locked"
	case len(reasons) > 0:
		outcome = "refused"
	}
	return outcome + fmt.Sprint(reasons)
}

// step is one effect of a message.
type step func()

// steps are the effects of a lookup's message that matched at a time, in the order in which they come about.
func (m *model) steps(l *made, at, now string) (queued, claim, decide, told step) {
	var used bool
	undecided := l.decision == ""
	queued = func() { l.sent["trn"], l.sent["owner_notice"] = true, true }
	claim = func() {
		if undecided {
			m.mailboxes[l.mailbox].claim(l.trn, at)
			used = m.others(m.mailboxes[l.mailbox], l.trn)
		}
	}
	decide = func() {
		if l.decision != "" {
			return
		}
		if l.decision = m.decide(l, used); l.decision == "unlocked[]" {
			m.people[l.trn].locked, m.people[l.trn].unlockedAt = false, now
		}
	}
	told = func() {
		if l.decision == "unlocked[]" {
			l.sent["unlocked"] = true
		}
	}
	return queued, claim, decide, told
}

// handle does all that follows from a lookup's message.
func (m *model) handle(l *made, at, now string) {
	queued, claim, decide, told := m.steps(l, at, now)
	for _, do := range []step{queued, claim, decide, told} {
		do()
	}
}

// String shows a model as the tables would be read.
func (m *model) String() string {
	var b strings.Builder
	for _, trn := range slices.Sorted(maps.Keys(m.people)) {
		a := m.people[trn]
		fmt.Fprintf(&b, "%s locked=%t active=%t alert=%t doubt=%t former=%v\n", trn, a.locked, a.active, a.alert, a.doubt, slices.Sorted(maps.Keys(a.former)))
	}
	for _, key := range slices.Sorted(maps.Keys(m.mailboxes)) {
		if box := m.mailboxes[key]; len(box.found) > 0 {
			fmt.Fprintf(&b, "%s found=%v\n", key, box.found)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(m.lookups)) {
		l := m.lookups[id]
		fmt.Fprintf(&b, "%s %s %s decision=%s sent=%v\n", id, l.trn, l.mailbox, l.decision, slices.Sorted(maps.Keys(l.sent)))
	}
	return b.String()
}

// clone is a model of its own.
func (m *model) clone() *model {
	c := &model{people: map[string]*account{}, mailboxes: map[string]*mailbox{}, lookups: map[string]*made{}, on: m.on}
	for trn, a := range m.people {
		copied := *a
		copied.former = maps.Clone(a.former)
		c.people[trn] = &copied
	}
	for key, b := range m.mailboxes {
		c.mailboxes[key] = b.copy()
	}
	for id, l := range m.lookups {
		copied := *l
		copied.sent = maps.Clone(l.sent)
		c.lookups[id] = &copied
	}
	return c
}
