package story

import (
	"encoding/json"
	"strings"

	"losttrn/internal/local/helpdesk"
)

// likeness is how a record compared, as a lookup's line of the log has it.
type likeness struct {
	Agreed, Near, Against, Never []string
	Inactive                     bool
}

// maxNearest is of how many records the words tell why they were not found.
const maxNearest = 3

// nearest describes why nothing was found: for each of the records that agreed most, what agreed and what did not.
func nearest(compared []json.RawMessage) []string {
	if len(compared) == 0 {
		return []string{"No record has the National Insurance number, the email or the TRN that was given, or the date of birth beside one of them or a training provider."}
	}
	var told []string
	for _, text := range compared[:min(len(compared), maxNearest)] {
		var l likeness
		if json.Unmarshal(text, &l) == nil { // a line of another version is shown unchanged
			told = append(told, l.words())
		}
	}
	return told
}

func (l likeness) words() string {
	parts := []string{}
	for _, part := range []struct {
		kinds []string
		verb  string
	}{{l.Agreed, "agreed"}, {l.Near, "nearly agreed"}, {l.Against, "contradicted it"}} {
		if len(part.kinds) > 0 {
			parts = append(parts, helpdesk.Evidence(part.kinds)+" "+part.verb)
		}
	}
	if len(parts) == 0 {
		parts = append(parts, "nothing agreed")
	}
	text := "Of one record " + strings.Join(parts, "; ") + "."
	switch {
	case l.Inactive:
		return text + " It is not active, so nobody is found by it."
	case len(l.Never) > 0:
		return text + " That is forbidden: " + strings.Join(l.Never, ", ") + "."
	}
	return text + " That is not enough to be sure."
}
