package loadcmd

import (
	"fmt"
	"io"
	"strings"

	"losttrn/internal/load"
)

// progressLine returns a load's progress in one line.
func progressLine(p load.Progress) func() string {
	return func() string {
		stored := p.Added + p.Updated + p.Unchanged + p.Older
		line := fmt.Sprintf("%d rows, %.0f a second, %d rejects", stored, float64(stored)/p.Elapsed.Seconds(), p.Rejected+p.Dropped)
		if p.Size > 0 {
			line += fmt.Sprintf(", %d %% read", p.Bytes*100/p.Size)
		}
		if p.Deactivated > 0 {
			line += fmt.Sprintf(", %d of %d deactivated", p.Deactivated, p.Vanished)
		}
		return line
	}
}

func printSummary(out io.Writer, s load.Summary, full bool, target, rejects string) {
	fmt.Fprintf(out, "%d rows into %s: %d added, %d updated, %d unchanged, %d older than stored, %d rejected\n",
		s.Rows, target, s.Added, s.Updated, s.Unchanged, s.Older, s.Rejected)
	if s.KeptUnlocked > 0 {
		fmt.Fprintf(out, "%d accounts stay unlocked: the service unlocked them after the register locked them\n", s.KeptUnlocked)
	}
	if s.InDoubt+s.Recovered > 0 {
		fmt.Fprintf(out, "%d records are newly in doubt, because a row of them was rejected: nothing is unlocked until a good row comes; %d are no longer\n",
			s.InDoubt, s.Recovered)
	}
	if s.Differing > 0 {
		fmt.Fprintf(out, "%d records have rows of one time that say different things; they were joined, and what forbids won: %s\n",
			s.Differing, names(s.Named.Differing, s.Differing))
	}
	if s.Cycles > 0 {
		fmt.Fprintf(out, "%d merged records are merged in a circle, and find nobody: %s\n", s.Cycles, names(s.Named.Cycles, s.Cycles))
	}
	if s.Orphans > 0 {
		fmt.Fprintf(out, "%d merged records name one that does not exist, and find nobody: %s\n", s.Orphans, names(s.Named.Orphans, s.Orphans))
	}
	if full {
		fmt.Fprintf(out, "%d active records are not in the extract, %d deactivated\n", s.Vanished, s.Deactivated)
	}
	if s.Dropped > 0 {
		fmt.Fprintf(out, "%d cells that are only evidence could not be read and were left out\n", s.Dropped)
	}
	if s.Rejected+s.Dropped > 0 {
		fmt.Fprintf(out, "What could not be read is in %s\n", rejects)
	}
}

// names returns the TRNs of some of so many records.
func names(digits []string, of int) string {
	list := strings.Join(digits, ", ")
	if len(digits) < of {
		list += ", …"
	}
	return list
}
