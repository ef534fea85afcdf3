package matcheval

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"

	"losttrn/internal/matching"
	"losttrn/internal/teacher"
)

// febrlFiles are the public data sets made by FEBRL (Christen, "Freely extensible biomedical record linkage"), as
// the Python Record Linkage Toolkit hands them out: original records rec-N-org, and copies rec-N-dup-K with errors.
var febrlFiles = []string{"dataset1.csv", "dataset2.csv", "dataset3.csv"}

// FEBRL is what a run on one of the data sets found.
type FEBRL struct {
	File                string
	InRegister, Lookups int
	Columns             []Column
}

// RunFEBRL puts the rules side by side on each of the data sets in a folder. The originals are the register, but
// for every fifth, which is withheld; the copies are the lookups. soc_sec_id stands for the National Insurance
// number and address_1 for the training provider; there is neither email nor TRN. The score is trained on the other
// two data sets.
func RunFEBRL(folder string) ([]FEBRL, error) {
	sets := make([][]febrlRow, len(febrlFiles))
	for i, file := range febrlFiles {
		rows, err := readFEBRL(filepath.Join(folder, file))
		if err != nil {
			return nil, fmt.Errorf("read FEBRL data: %w", err)
		}
		sets[i] = rows
	}
	var results []FEBRL
	for i := range sets {
		var others [][]febrlRow
		others = append(append(others, sets[:i]...), sets[i+1:]...)
		trained, trainedLookups := febrlRegister(others...)
		score := Train(trained, NewIndex(trained.Records), trainedLookups)
		g, lookups := febrlRegister(sets[i])
		run := &Result{}
		run.decide(&world{register: g, lookups: lookups, index: NewIndex(g.Records)}, score)
		results = append(results, FEBRL{febrlFiles[i], len(g.Records), len(lookups), run.Columns})
	}
	return results, nil
}

// febrlRow is a line of a data set.
type febrlRow struct {
	entity   string // rec-N
	original bool
	record   teacher.Record
}

func readFEBRL(path string) ([]febrlRow, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	reader := csv.NewReader(file)
	reader.TrimLeadingSpace = true
	header, err := reader.Read()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	column := map[string]int{}
	for i, name := range header {
		column[name] = i
	}
	for _, name := range []string{"rec_id", "given_name", "surname", "address_1", "date_of_birth", "soc_sec_id"} {
		if _, ok := column[name]; !ok {
			return nil, fmt.Errorf("%s: no column %s", path, name)
		}
	}
	var rows []febrlRow
	for {
		line, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		text := func(name string) string { return strings.TrimSpace(line[column[name]]) }
		entity, copied, _ := strings.Cut(strings.TrimPrefix(text("rec_id"), "rec-"), "-")
		r := teacher.Record{Name: teacher.Name{First: text("given_name"), Last: text("surname")}, Status: teacher.Active, NINO: febrlNINO(text("soc_sec_id"))}
		if d := text("date_of_birth"); len(d) == 8 {
			r.DateOfBirth, _ = teacher.ParseDate(d[:4] + "-" + d[4:6] + "-" + d[6:]) // an impossible date is none
		}
		if provider := text("address_1"); provider != "" {
			r.Providers = []teacher.Provider{{Name: provider}}
		}
		rows = append(rows, febrlRow{entity: path + entity, original: copied == "org", record: r})
	}
}

// febrlNINO writes seven digits as a National Insurance number: the first as letters, the others as they are.
func febrlNINO(digits string) teacher.NINO {
	if len(digits) != 7 || digits[0] < '0' || digits[0] > '9' {
		return teacher.NINO{}
	}
	nino, err := teacher.ParseNINO("A" + "ABCEGHJKLM"[digits[0]-'0':][:1] + digits[1:] + "A")
	if err != nil {
		return teacher.NINO{}
	}
	return nino
}

// febrlRegister makes a register of the originals and lookups of the copies.
func febrlRegister(sets ...[]febrlRow) (*Register, []Lookup) {
	g := &Register{rng: rand.New(rand.NewPCG(1, 1))}
	owners := map[string]int32{}
	originals := 0
	for _, set := range sets {
		for _, row := range set {
			if !row.original {
				continue
			}
			if originals++; originals%5 == 0 {
				owners[row.entity] = nobody
				continue
			}
			at := g.add(row.record)
			owners[row.entity] = g.Owner[at]
		}
	}
	var lookups []Lookup
	for _, set := range sets {
		for _, row := range set {
			if row.original {
				continue
			}
			r := row.record
			p := matching.Person{First: r.Name.First, Last: r.Name.Last, DateOfBirth: r.DateOfBirth, NINO: r.NINO}
			if len(r.Providers) > 0 {
				p.Provider = r.Providers[0]
			}
			lookups = append(lookups, Lookup{Kind: "copy", Given: p, Owner: owners[row.entity]})
		}
	}
	return g, lookups
}

// PrintFEBRL writes the table of the data sets.
func PrintFEBRL(w io.Writer, results []FEBRL) {
	fmt.Fprintf(w, "\nFEBRL: originals are the register, but for every fifth; copies with errors are the lookups. The score is trained on the other two.\n")
	fmt.Fprintf(w, "%-14s %9s %8s  %-18s %24s %14s %14s %9s %9s\n", "data set", "register", "lookups", "rule", "found, 95 % interval", "false matches", "misled by ev.", "helpdesk", "not found")
	for _, f := range results {
		for _, c := range f.Columns {
			both := c.Both()
			fmt.Fprintf(w, "%-14s %9d %8d  %-18s %24s %14d %14d %9d %9d\n", f.File, f.InRegister, f.Lookups, c.Name,
				share95(c.All[Right], c.All.Lookups()), both[Wrong], both[Misled], both[Helpdesk], both[Missed])
		}
	}
	people, more, wrong := 0, 0, 0
	for _, f := range results {
		ours, behind := &f.Columns[ColumnOurs], &f.Columns[ColumnBehind]
		o, b := ours.Both(), behind.Both()
		people += ours.All.Lookups()
		more += behind.All[Right] - ours.All[Right]
		wrong += b[Wrong] + b[Misled] - o[Wrong] - o[Misled]
	}
	fmt.Fprintf(w, "On these data, in which nobody is another's twin or namesake, the score behind our rule finds %d of %d people more (%.1f %%) and adds %d false matches;\nthe register of synthetic people is where twins and namesakes put it to the test.\n",
		more, people, percent(more, people), wrong)
}

// FEBRLFailures says what does not hold that must on the data sets: no false match of ours, and no fewer found than
// the incumbent finds.
func FEBRLFailures(results []FEBRL) []string {
	var failures []string
	for _, f := range results {
		ours, incumbent := &f.Columns[ColumnOurs], &f.Columns[ColumnIncumbent]
		if both := ours.Both(); both[Wrong] > 0 {
			failures = append(failures, fmt.Sprintf("%s: ours made %d false matches", f.File, both[Wrong]))
		}
		if ours.All[Right] < incumbent.All[Right] {
			failures = append(failures, fmt.Sprintf("%s: ours found %d, the incumbent %d", f.File, ours.All[Right], incumbent.All[Right]))
		}
	}
	return failures
}
