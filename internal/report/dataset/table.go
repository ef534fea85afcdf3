package dataset

import (
	"fmt"
	"regexp"
	"strings"

	"losttrn/internal/fault"
)

// Table is one of the tables that the reports are made from.
type Table string

// The tables that the reports are made from.
const (
	Emails           Table = "emails"
	Lookups          Table = "lookups"
	HelpdeskRequests Table = "helpdeskRequests"
)

// Tables are all of them, in the order in which a report reads them.
var Tables = []Table{Emails, Lookups, HelpdeskRequests}

// Naming returns the table of an ARN, and false for any other table.
type Naming func(tableARN string) (Table, bool)

// ByName returns a Naming that recognises the names (or ARNs) given for some tables, and for the others the names that
// CloudFormation makes of the template's logical ids (find-a-lost-trn-EmailsTable-1A2B3C4D), or the table's own word in
// any letter case ("emails", "prod-lookups", "helpdesk-requests").
func ByName(given map[Table]string) Naming {
	return func(arn string) (Table, bool) {
		name := arn[strings.LastIndex(arn, "/")+1:]
		for table, want := range given {
			if want == name || want == arn {
				return table, true
			}
		}
		for _, table := range Tables {
			if given[table] == "" && madeFrom(table).MatchString(name) {
				return table, true
			}
		}
		return "", false
	}
}

func madeFrom(table Table) *regexp.Regexp {
	words := map[Table]string{Emails: "emails", Lookups: "lookups", HelpdeskRequests: "helpdesk[-_.]?requests"}[table]
	return regexp.MustCompile(`(?i)(^|[-_.])` + words + `(table(-[a-z0-9]+)?)?$`)
}

// ByARN returns a Naming that recognises known ARNs alone.
func ByARN(arns map[Table]string) Naming {
	return func(arn string) (Table, bool) {
		for table, want := range arns {
			if want == arn {
				return table, true
			}
		}
		return "", false
	}
}

// Refusal is the error for an export that cannot be used, in one sentence that names the file and never a value from
// it.
type Refusal struct {
	File string // in the source; "" if it is about the export as a whole
	Why  string
}

func (r *Refusal) Error() string {
	if r.File == "" {
		return r.Why
	}
	return r.File + " " + r.Why
}

// Unwrap returns fault.Invalid, because a retry does not help.
func (r *Refusal) Unwrap() error { return fault.Invalid }

func refuse(file, why string, parts ...any) error {
	return &Refusal{File: file, Why: fmt.Sprintf(why, parts...)}
}
