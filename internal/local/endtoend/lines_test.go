package endtoend_test

import (
	"encoding/json"
	"strings"
	"testing"

	"losttrn/internal/local/waiting"
)

// TestEveryTryIsALineThatSaysFromWhichNetwork: a lookup and an early match, found or not.
func TestEveryTryIsALineThatSaysFromWhichNetwork(t *testing.T) {
	w := common
	p := w.newPerson(t, nil)
	w.lookUp(t, p.fields(p.email), "trn_sent")
	v := &visitor{t: t, w: w, cookies: map[string]string{}}
	v.answers("/email", "email", p.email)
	v.answers("/name", "firstName", p.first, "lastName", p.last, "nameChanged", "no")
	v.answers("/date-of-birth", "dateOfBirth-day", p.born[8:], "dateOfBirth-month", p.born[5:7], "dateOfBirth-year", p.born[:4])
	lines := map[string]int{}
	waiting.Until(t, "both are logged", func() bool {
		clear(lines)
		for line := range strings.SplitSeq(logs(t, w.dir), "\n") {
			var said struct{ Msg, Message, Network string }
			if json.Unmarshal([]byte(line), &said) != nil {
				continue
			}
			what := said.Msg + said.Message
			if what != "lookup" && what != "early match" {
				continue
			}
			lines[what]++
			if said.Network == "" {
				t.Fatalf("%s: no network", line)
			}
		}
		return lines["lookup"] > 0 && lines["early match"] > 0
	})
}
