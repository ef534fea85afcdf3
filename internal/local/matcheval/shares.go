package matcheval

import (
	_ "embed"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
)

//go:embed shares.tsv
var sharesText string

// Share is how many of 100,000 real lookups are by one kind of person, and where that number comes from.
type Share struct {
	Lookups float64
	Source  string // "assumed" if there is none
}

var shares = sync.OnceValue(func() map[string]Share {
	all := map[string]Share{}
	for line := range strings.Lines(sharesText) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		kind, rest, _ := strings.Cut(strings.TrimRight(line, "\n"), "\t")
		number, source, _ := strings.Cut(rest, "\t")
		lookups, err := strconv.ParseFloat(number, 64)
		if err != nil || source == "" || all[kind].Source != "" {
			panic("shares.tsv: " + line)
		}
		all[kind] = Share{lookups, source}
	}
	return all
})

// atShares returns the share found of the people who are in the register, and strict false in a million lookups, if each kind
// has its share, and one kind has its share times a factor.
func (result *Result) atShares(column int, kind string, factor float64) (found, strictFalse float64) {
	var honest, all float64
	for i := range result.Kinds {
		k := &result.Kinds[i]
		weight := shares()[k.Name].Lookups
		if k.Name == kind {
			weight *= factor
		}
		t := &k.Tally[column]
		n := float64(max(1, t.Lookups()))
		all += weight
		strictFalse += weight * float64(t[StrictFalse]) / n
		if k.Honest {
			honest += weight
			found += weight * float64(t[Right]) / n
		}
	}
	return found / honest, 1e6 * strictFalse / all
}

func (result *Result) printShares(w io.Writer) {
	fmt.Fprintf(w, "At the shares of shares.tsv: found of the people who are in the register, and strict false in a million lookups;\nand what becomes of both if one kind were half as common, and twice.\n\n")
	for column, name := range columnNames {
		found, wrong := result.atShares(column, "", 1)
		fmt.Fprintf(w, "%-38s %9s %9.2f %% %9.1f\n", name, "", 100*found, wrong)
	}
	fmt.Fprintf(w, "\n%-38s %9s | %21s | %21s\n", "kind (ours)", "share", "half", "twice")
	for i := range result.Kinds {
		k := &result.Kinds[i]
		share := shares()[k.Name]
		halfFound, halfWrong := result.atShares(ours, k.Name, 0.5)
		twiceFound, twiceWrong := result.atShares(ours, k.Name, 2)
		fmt.Fprintf(w, "%-38s %7.3f %% | %9.2f %% %9.1f | %9.2f %% %9.1f | %s\n", k.Name, share.Lookups/1000, 100*halfFound, halfWrong, 100*twiceFound, twiceWrong, share.Source)
	}
	fmt.Fprintln(w)
}
