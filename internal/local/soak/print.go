package soak

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// print prints the report.
func (s *soak) print(b books, unlocks int, refusals map[string]int) {
	kinds := map[kind]int{}
	for _, v := range s.visits {
		kinds[v.kind]++
	}
	s.say(fmt.Sprintf("\nvisits      %d", len(s.visits)))
	for _, share := range shares {
		s.say(fmt.Sprintf("  %6d  %s", kinds[share.kind], share.kind))
	}
	s.printAnswers()
	mail := map[string]int{}
	for reference, n := range b.emails {
		mail[reference[strings.LastIndexByte(reference, '-')+1:]] += n
	}
	s.say(fmt.Sprintf("\nunlocks     %d\nothers      %v\nemails      %v", unlocks, refusals, mail))
	s.printUsage()
	s.say("  the last when visitors had gone: " + s.atRest + " in the stack and generator")
	s.say("\nreported by the stack")
	for _, text := range slices.Sorted(maps.Keys(s.reports)) {
		s.say(fmt.Sprintf("  %6d  %s", s.reports[text], text))
	}
	s.say("")
}

// printAnswers prints how requests were answered, and after what time. Those that were told to try again did so, and
// count each time.
func (s *soak) printAnswers() {
	s.say(fmt.Sprintf("\nrequests    %d sent\n  %-14s %-10s %6s  %9s %9s %9s %9s", s.sent.Load(), "", "answer", "", "50 %", "90 %", "99 %", "max"))
	for _, spike := range []bool{false, true} {
		name := "at the rate"
		if spike {
			name = "in the spike"
		}
		by := map[string][]time.Duration{}
		for _, a := range s.answers {
			if a.spike == spike {
				by[a.class] = append(by[a.class], a.took)
			}
		}
		for _, class := range slices.Sorted(maps.Keys(by)) {
			took := by[class]
			slices.Sort(took)
			at := func(share float64) time.Duration {
				return took[int(share*float64(len(took)-1))].Round(time.Millisecond)
			}
			s.say(fmt.Sprintf("  %-14s %-10s %6d  %9s %9s %9s %9s", name, class, len(took), at(.5), at(.9), at(.99), at(1)))
		}
	}
}

// printUsage prints what the processes took over time.
func (s *soak) printUsage() {
	s.say("\nmemory (MiB) and descriptors, of all processes of a program")
	names := map[string]bool{}
	for _, u := range s.usage {
		for name := range u.processes {
			names[name] = true
		}
	}
	header := fmt.Sprintf("  %-24s", "")
	moments := []int{0, len(s.usage) / 4, len(s.usage) / 2, len(s.usage) * 3 / 4, len(s.usage) - 1}
	for _, i := range moments {
		header += fmt.Sprintf(" %22s", "at "+s.usage[i].at.Round(time.Second).String())
	}
	s.say(header + "                   most")
	for _, name := range slices.Sorted(maps.Keys(names)) {
		line := fmt.Sprintf("  %-24s", name)
		for _, i := range moments {
			line += " " + s.usage[i].processes[name].String()
		}
		var most taken
		for _, u := range s.usage {
			t := u.processes[name]
			most = taken{max(most.count, t.count), max(most.descriptors, t.descriptors), max(most.kilobytes, t.kilobytes)}
		}
		s.say(line + " " + most.String())
	}
}

func (t taken) String() string {
	return fmt.Sprintf("%2d × %6.1f MiB %4d fd", t.count, float64(t.kilobytes)/1024, t.descriptors)
}
