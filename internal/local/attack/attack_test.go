package attack_test

import (
	"fmt"
	"os"
	"slices"
	"sync"
	"testing"
	"time"
)

// atATime is how many victims are attacked side by side.
const atATime = 8

// enough is how many wrong values of a kind beside a pair are promised to be all. The package that counts them has a number of
// its own, which may be wrong.
const enough = 6

// again is how many values are tried once more, one after the other, after all were tried at one moment.
const again = 12

// row is what an attack came to.
type row struct {
	name                  string
	tried, told, unlocked int
	entries, lines        int
	took                  time.Duration
}

// TestAttacks prints a row for each attack, the worst first. Every request comes from an address of its own, and no
// mailbox asks 40 times for one attack, so that the limits an hour do not stand in the way.
func TestAttacks(t *testing.T) {
	var rows []row
	for _, a := range attacks {
		if !which.MatchString(a.name) {
			continue
		}
		rows = append(rows, common.attack(t, a))
		fmt.Fprintf(os.Stderr, "%s: %s\n", a.name, rows[len(rows)-1].took.Round(time.Second))
	}
	if len(rows) == 0 {
		t.Errorf("no attack is called like %s", which)
	}
	slices.SortStableFunc(rows, func(x, y row) int { return y.told - x.told })
	fmt.Printf("%-40s %8s %8s %9s %7s %9s %9s\n", "attack", "victims", "TRNs got", "unlocked", "tries", "entries", "log lines")
	for _, r := range rows {
		fmt.Printf("%-40s %8d %8d %9d %7d %9d %9d\n", r.name, *victims, r.told, r.unlocked, r.tried, r.entries, r.lines)
	}
}

// attack mounts an attack on so many victims.
func (w *fixture) attack(t *testing.T, a attack) row {
	start, entries, lines := time.Now(), w.entries(t), w.lines(t)
	people := make([]person, *victims)
	for i := range people {
		people[i] = w.newPerson(t)
	}
	told, tried := make([]bool, len(people)), make([]int, len(people))
	var all sync.WaitGroup
	slots := make(chan struct{}, atATime)
	for i, p := range people {
		slots <- struct{}{}
		all.Go(func() {
			defer func() { <-slots }()
			told[i], tried[i] = w.mount(t, a, p)
		})
	}
	all.Wait()
	r := row{name: a.name}
	for i, p := range people {
		r.tried += tried[i]
		if told[i] {
			r.told++
			w.waitOpened(t, p)
			r.unlocked++
		} else if w.opened(t, p) {
			t.Errorf("%s: an account was unlocked that nobody found", a.name)
		}
	}
	r.entries, r.lines = w.entries(t)-entries, w.lines(t)-lines
	if r.lines < r.tried {
		t.Errorf("%s: %d lines of log of %d tries", a.name, r.lines, r.tried)
	}
	for _, p := range people {
		own := map[string]string{email: "mine" + p.fields[email]}
		for _, name := range a.herself {
			own[name] = p.fields[name]
		}
		if outcome := w.lookUp(t, own); outcome != "trn_sent" {
			t.Errorf("%s: the victim herself is answered %s", a.name, outcome)
		}
	}
	r.took = time.Since(start)
	return r
}

// mount attacks one victim. It reports whether the right value was told, and holds that none is after enough wrong ones.
func (w *fixture) mount(t testing.TB, a attack, p person) (told bool, tried int) {
	ask := func(try map[string]string) bool { return w.lookUp(t, w.but(p, a.known, try)) == "trn_sent" }
	if a.page != "" {
		ask = w.replay(t, a.page, w.but(p, a.known, nil))
	}
	tries, missed := a.tries(w, p), 0
	if a.atOnce {
		w.moment.Lock() // of one victim at a time
		found := make([]bool, len(tries))
		var all sync.WaitGroup
		for i, try := range tries {
			all.Go(func() { found[i] = ask(try) })
		}
		all.Wait()
		w.moment.Unlock()
		told, tried, missed = slices.Contains(found, true), len(tries), enough
		slices.SortStableFunc(tries, func(x, y map[string]string) int { return p.agreed(y) - p.agreed(x) }) // the right one first
		tries = tries[:again]
	}
	for _, try := range tries {
		tried++
		if !ask(try) {
			missed++
			continue
		}
		told = true
		if missed >= enough {
			t.Errorf("%s: found after %d values", a.name, missed)
		}
	}
	return told, tried
}
