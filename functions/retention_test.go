package functions_test

import (
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"losttrn/internal/catalogue"
	"losttrn/internal/local/template"
)

// stores are the resources of the template that keep something, with the rows of the README's table that say how long.
var stores = map[string][]string{
	"TeachersTable":          {"`teachers`", backups},
	"ProvidersTable":         {"`providers` (names of training providers, nobody's data)", backups},
	"EmailsTable":            {"`emails` (which TRNs an address has found)", backups},
	"LookupsTable":           {"`lookups`", backups},
	"HelpdeskRequestsTable":  {"`helpdeskRequests`", backups},
	"LimitsTable":            {"`limits`: counts, as HMACs", "`limits`: what was tried and found nothing, as HMACs", "`limits`: notes of where something was tried, as HMACs"},
	"MatchesQueue":           {"queues and dead letters"},
	"MatchesDeadLetterQueue": {"queues and dead letters"},
	"EmailsQueue":            {"queues and dead letters"},
	"EmailsDeadLetterQueue":  {"queues and dead letters"},
	"ReportsDeadLetterQueue": {"queues and dead letters"},
	"LoadsDeadLetterQueue":   {"queues and dead letters"},
	"ExportBucket":           {"exports in S3"},
	"ReportBucket":           {"reports in S3"},
	"RegisterBucket":         {"extracts of the register in S3, and the state of their loads", "summaries and rejects of loads in S3 (rejects repeat no cell; summaries name TRNs of records to look at)"},
	"TrailBucket":            {"CloudTrail's records of who read what, if `DataEvents` is on"},
	"LookupLogs":             {logs},
	"UnlockLogs":             {logs},
	"NotifyLogs":             {logs},
	"ReceiptsLogs":           {logs},
	"ExportLogs":             {logs},
	"ReportLogs":             {logs},
	"LoadLogs":               {logs},
	"GatewayLogs":            {logs},
}

const (
	backups = "backups of the tables but `limits` (point-in-time recovery)"
	logs    = "logs (ids and codes)"
	forever = "no end"
)

// keepers are the types of resource that keep something.
var keepers = []string{template.TypeTable, template.TypeQueue, "AWS::S3::Bucket", "AWS::Logs::LogGroup"}

// TestTheTemplateKeepsThingsAsLongAsTheReadmeSays: each table, backup, queue, bucket and log, with its whole life.
func TestTheTemplateKeepsThingsAsLongAsTheReadmeSays(t *testing.T) {
	stack := deployedWith(t, map[string]string{"DataEvents": "on"})
	said, unsaid := retentions(t), maps.Clone(stores)
	for _, kind := range keepers {
		for _, r := range stack.OfType(kind) {
			rows, ok := stores[r.ID]
			if !ok {
				t.Errorf("no row of the README says how long %s keeps what", r.ID)
				continue
			}
			delete(unsaid, r.ID)
			var want []string
			for _, row := range rows {
				if said[row] == "" {
					t.Errorf("the README has no row %q", row)
				}
				want = append(want, said[row])
			}
			if got := lifetimes(t, r); !saysAll(want, got) {
				t.Errorf("%s keeps things for %q, the README says %q", r.ID, got, want)
			}
		}
	}
	for id := range unsaid {
		t.Errorf("the template has no %s", id)
	}
}

// lifetimes are how long a resource keeps what is in it, as the template has it.
func lifetimes(t *testing.T, r template.Resource) []string {
	t.Helper()
	var all []string
	switch r.Type {
	case template.TypeTable:
		if r.Properties["TimeToLiveSpecification"] == nil {
			all = append(all, forever)
		} else {
			all = append(all, "by the item")
		}
		if recovery, ok := r.Properties["PointInTimeRecoverySpecification"].(map[string]any); ok && recovery["PointInTimeRecoveryEnabled"] == true {
			days := 35 // AWS's default
			if given, ok := recovery["RecoveryPeriodInDays"]; ok {
				days = count(t, given)
			}
			all = append(all, fmt.Sprint(days, " days"))
		}
	case template.TypeQueue:
		all = append(all, fmt.Sprint(count(t, r.Properties["MessageRetentionPeriod"])/(24*60*60), " days"))
	case "AWS::Logs::LogGroup":
		all = append(all, logLifetimes(t, r)...)
	default:
		all = append(all, bucketLifetimes(t, r)...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// bucketLifetimes are those of a bucket's objects. In a bucket with versions an object that has expired lives on as an old
// version.
func bucketLifetimes(t *testing.T, r template.Resource) []string {
	t.Helper()
	lifecycle, _ := r.Properties["LifecycleConfiguration"].(map[string]any)
	rules, _ := lifecycle["Rules"].([]any)
	versioning, _ := r.Properties["VersioningConfiguration"].(map[string]any)
	var all []string
	for _, entry := range rules {
		rule := entry.(map[string]any)
		if rule["ExpirationInDays"] == nil || rule["Status"] != "Enabled" {
			continue
		}
		days := count(t, rule["ExpirationInDays"])
		if versioning["Status"] == "Enabled" {
			old, ok := rule["NoncurrentVersionExpiration"].(map[string]any)
			if !ok {
				return []string{forever}
			}
			days += count(t, old["NoncurrentDays"])
		}
		all = append(all, fmt.Sprint(days, " days"))
	}
	if len(all) == 0 {
		return []string{forever}
	}
	return all
}

// logLifetimes are those of the stages in samconfig.toml, which a parameter sets.
func logLifetimes(t *testing.T, r template.Resource) []string {
	t.Helper()
	if r.Properties["RetentionInDays"] == nil {
		return []string{forever}
	}
	config, err := os.ReadFile("../samconfig.toml")
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, days := range regexp.MustCompile(`LogRetentionDays=(\d+)`).FindAllStringSubmatch(string(config), -1) {
		all = append(all, days[1]+" days")
	}
	return all
}

func count(t *testing.T, value any) int {
	t.Helper()
	n, err := strconv.Atoi(fmt.Sprint(value))
	if err != nil {
		t.Fatalf("%v is no number: %v", value, err)
	}
	return n
}

// saysAll tells whether each time of the template is in the README's rows, and each of theirs in the template.
func saysAll(rows, times []string) bool {
	for _, time := range times {
		said := slices.ContainsFunc(rows, func(row string) bool {
			switch time {
			case forever:
				return strings.HasPrefix(row, "for ever") || strings.HasPrefix(row, "as long as")
			case "by the item":
				return !strings.HasPrefix(row, "for ever") && !strings.HasPrefix(row, "as long as")
			}
			return slices.Contains(daysOf(row), strings.TrimSuffix(time, " days"))
		})
		if !said {
			return false
		}
	}
	if slices.Contains(times, "by the item") {
		return true // the package that writes the items has tests of their times
	}
	for _, row := range rows {
		for _, days := range daysOf(row) {
			if !slices.Contains(times, days+" days") {
				return false
			}
		}
	}
	return true
}

var numbersOfDays = regexp.MustCompile(`(?:(\d+) or )?(\d+) days`)

func daysOf(row string) (all []string) {
	for _, found := range numbersOfDays.FindAllStringSubmatch(row, -1) {
		all = append(all, found[2])
		if found[1] != "" {
			all = append(all, found[1])
		}
	}
	return all
}

// TestThePrivacyNoticeNamesBackupsAndNotify: what outlives the tables, and what others keep for us.
func TestThePrivacyNoticeNamesBackupsAndNotify(t *testing.T) {
	said := retentions(t)
	for row, key := range map[string]string{backups: "privacy.keep.item.7", "GOV.UK Notify (emails with their addresses)": "privacy.share.1"} {
		for _, days := range daysOf(said[row]) {
			if !strings.Contains(catalogue.English.Text(key), days+" days") {
				t.Errorf("%s: the README says %q, and %s %q", row, said[row], key, catalogue.English.Text(key))
			}
		}
		if said[row] == "" {
			t.Errorf("the README has no row %q", row)
		}
	}
}
