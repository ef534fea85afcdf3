package attack_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// attack is what one attacker tries of one victim, in order.
type attack struct {
	name  string
	known []string
	tries func(w *fixture, p person) []map[string]string
	// herself are the fields by which the victim is found afterwards.
	herself []string
	// atOnce has all tries under way at one moment, and then the right one and some others again, one after the other.
	atOnce bool
	// page is the form's page at which the values are tried, each with the same cookie; "", they are tried with the API.
	page string
}

// trials are n values of a field, one of them the person's own, in a random order.
func trials(n int, field string, wrong func(i int, right string) string) func(*fixture, person) []map[string]string {
	return func(_ *fixture, p person) []map[string]string {
		tries := []map[string]string{{field: p.fields[field]}}
		for i := range n - 1 {
			tries = append(tries, map[string]string{field: wrong(i, p.fields[field])})
		}
		rand.Shuffle(n, func(i, j int) { tries[i], tries[j] = tries[j], tries[i] })
		return tries
	}
}

func otherCollege(i int, _ string) string { return "Other College " + letters(int64(i)) }

func otherDay(i int, right string) string {
	day, _ := time.Parse(time.DateOnly, right)
	return day.AddDate(0, 0, i+1).Format(time.DateOnly)
}

// otherEnd is the number with other last two digits.
func otherEnd(i int, right string) string {
	end := (int(right[6]-'0')*10 + int(right[7]-'0') + 1 + i) % 100
	return fmt.Sprintf("%s%02dC", right[:6], end)
}

// named gives each try one of several spellings of the victim's name, all of which agree with it.
func named(tries func(*fixture, person) []map[string]string, names func(one, two string, try int) [2]string) func(*fixture, person) []map[string]string {
	return func(w *fixture, p person) []map[string]string {
		one, two, _ := strings.Cut(p.fields[last], "-")
		all := tries(w, p)
		for i, try := range all {
			name := names(one, two, i)
			try[first], try[last] = name[0], name[1]
		}
		return all
	}
}

func oneOf(names ...[2]string) func(int) [2]string {
	return func(try int) [2]string { return names[try%len(names)] }
}

func split(one, two string, try int) [2]string {
	return oneOf([2]string{"Robert", one}, [2]string{"Robert", two}, [2]string{"Robert", one + two}, [2]string{"Robert", one + " " + two})(try)
}

func swapped(one, two string, try int) [2]string {
	return oneOf([2]string{one, "Robert"}, [2]string{two, "Robert"}, [2]string{one + "-" + two, "Robert"})(try)
}

func shortened(one, two string, try int) [2]string {
	return oneOf([2]string{"Bob", one + "-" + two}, [2]string{"ROB", one + "-" + two}, [2]string{"Bobby", two}, [2]string{"Dr Rob", one})(try)
}

// doubled adds words to the name, others each time, as many as there is room for.
func doubled(one, two string, try int) [2]string {
	words := []string{one + "-" + two}
	for word := range try % 14 {
		words = append(words, "A"+letters(int64(try))+letters(int64(word)))
	}
	slices.Reverse(words)
	return [2]string{"Robert", strings.Join(words, " ")}
}

func anySpelling(one, two string, try int) [2]string {
	all := []func(string, string, int) [2]string{split, swapped, shortened, doubled}
	return all[try%len(all)](one, two, try)
}

// withMailboxes gives each try a mailbox of its own.
func withMailboxes(tries func(*fixture, person) []map[string]string) func(*fixture, person) []map[string]string {
	return func(w *fixture, p person) []map[string]string {
		all := tries(w, p)
		for i, try := range all {
			try[email] = fmt.Sprintf("attacker%d-of-%s", i, p.fields[email])
		}
		return all
	}
}

var (
	nameAndBirth    = []string{first, last, born}
	nameAndProvider = []string{first, last, provider}
	withNINO        = []string{first, last, born, nino}
	withEmail       = []string{first, last, born, email}
)

var attacks = []attack{
	{name: "provider by trial", known: nameAndBirth, tries: trials(24, provider, otherCollege), herself: withNINO},
	{name: "date of birth by trial", known: nameAndProvider, tries: trials(24, born, otherDay), herself: withNINO},
	{name: "NINO by trial, last two unknown", known: nameAndBirth, tries: trials(36, nino, otherEnd), herself: withEmail},
	{name: "provider, names split", known: nameAndBirth, tries: named(trials(24, provider, otherCollege), split), herself: withNINO},
	{name: "provider, names swapped", known: nameAndBirth, tries: named(trials(24, provider, otherCollege), swapped), herself: withNINO},
	{name: "provider, names shortened", known: nameAndBirth, tries: named(trials(24, provider, otherCollege), shortened), herself: withNINO},
	{name: "provider, names doubled", known: nameAndBirth, tries: named(trials(24, provider, otherCollege), doubled), herself: withNINO},
	{name: "date of birth, names in all of these", known: nameAndProvider, tries: named(trials(24, born, otherDay), anySpelling), herself: withEmail},
	{name: "NINO, early match, one cookie", known: nameAndBirth, tries: trials(36, nino, otherEnd), herself: withEmail, page: "/national-insurance-number"},
	{name: "date of birth, early match, one cookie", known: []string{first, last, email}, tries: trials(24, born, otherDay), herself: withNINO, page: "/date-of-birth"},
	{name: "provider, a mailbox and address each", known: nameAndBirth, tries: withMailboxes(trials(24, provider, otherCollege)), herself: withNINO},
	{name: "provider, 50 at one moment", known: nameAndBirth, tries: withMailboxes(trials(50, provider, otherCollege)), herself: withNINO, atOnce: true},
}
