package dataset

import (
	"context"
	"path"
	"slices"
	"strings"
	"time"
)

// Set is one export of each table, all of the same moment.
type Set struct {
	Time     time.Time // the latest of the three, which are of the same second
	Exports  map[Table]*Export
	Warnings []string // what a reader of the report must know
}

// Items returns the number of items in all.
func (s *Set) Items() (n int64) {
	for _, export := range s.Exports {
		n += export.Items
	}
	return n
}

// folders returns the folders below a prefix that hold an export, by whether its last file has been written.
func folders(names []string) (complete, incomplete []string) {
	state := map[string]bool{}
	begun := func(folder string) {
		if !state[folder] {
			state[folder] = false
		}
	}
	for _, name := range names {
		folder, file := path.Split(name)
		folder = path.Clean(folder)
		switch {
		case file == summaryName:
			state[folder] = true
		case path.Base(folder) == "data" && strings.HasSuffix(file, ".json.gz"):
			begun(path.Dir(folder))
		case file == filesName:
			begun(folder)
		}
	}
	for folder, done := range state {
		if done {
			complete = append(complete, folder)
		} else {
			incomplete = append(incomplete, folder)
		}
	}
	slices.Sort(complete)
	slices.Sort(incomplete)
	return complete, incomplete
}

// Search says where to look for exports, and of which tables.
type Search struct {
	Prefix string // of the names of the files; "" looks everywhere
	Naming Naming
	// PassIncomplete ignores exports without a summary, which are failed attempts if it is known that another followed.
	// Otherwise they are refused, because they may be the newest.
	PassIncomplete bool
}

// Find reads the manifests of the newest export of each table. It refuses unless every table has one and all are
// of the same moment, to the second.
func (s Search) Find(ctx context.Context, source Source) (*Set, error) {
	names, err := source.List(ctx, s.Prefix)
	if err != nil {
		return nil, err
	}
	names = slices.DeleteFunc(names, clutter)
	if err := manifestCopies(names); err != nil {
		return nil, err
	}
	complete, incomplete := folders(names)
	if len(incomplete) > 0 && !s.PassIncomplete {
		return nil, refuse(path.Join(incomplete[0], summaryName), "is missing: the export is not complete.")
	}
	type found struct {
		folder  string
		summary summaryManifest
	}
	newest := map[Table]found{}
	unchecked := map[string]bool{} // manifests without a checksum
	for _, folder := range complete {
		summary, err := readSummary(ctx, source, folder, unchecked)
		if err != nil {
			return nil, err
		}
		table, ok := s.Naming(summary.TableARN)
		if !ok {
			return nil, refuse(path.Join(folder, summaryName), "is of another table (%.200s).", summary.TableARN)
		}
		if old, ok := newest[table]; !ok || !summary.ExportTime.Before(old.summary.ExportTime) {
			newest[table] = found{folder, summary}
		}
	}
	set := &Set{Exports: map[Table]*Export{}}
	for _, table := range Tables {
		f, ok := newest[table]
		if !ok {
			if err := zipInstead(names); err != nil {
				return nil, err
			}
			return nil, refuse("", "There is no export of the %s table among the %d exports found: a report needs %s.",
				table, len(complete), "emails, lookups and helpdeskRequests")
		}
		moment := f.summary.ExportTime
		if !set.Time.IsZero() && !moment.Truncate(time.Second).Equal(set.Time.Truncate(time.Second)) {
			return nil, refuse(path.Join(f.folder, summaryName), "is of %s, another moment than %s of the others: export the tables at one and the same time.",
				moment.Format(time.RFC3339), set.Time.Format(time.RFC3339))
		}
		if moment.After(set.Time) {
			set.Time = moment
		}
		if set.Exports[table], err = load(ctx, source, f.folder, table, f.summary, unchecked); err != nil {
			return nil, err
		}
		if err := checkNames(names, set.Exports[table]); err != nil {
			return nil, err
		}
		if unchecked[path.Join(f.folder, summaryName)] || unchecked[path.Join(f.folder, filesName)] {
			set.Warnings = append(set.Warnings, "The export of the "+string(table)+" table came without its checksum files: "+
				"whether its list of files is whole was told by the counts alone.")
		}
	}
	return set, nil
}
