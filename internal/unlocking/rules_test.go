package unlocking_test

import (
	"os"
	"regexp"
	"slices"
	"testing"

	"losttrn/internal/teacher"
	"losttrn/internal/unlocking"
)

func trn(digits string) teacher.TRN {
	t, err := teacher.ParseTRN(digits)
	if err != nil {
		panic(err)
	}
	return t
}

func date(iso string) teacher.Date {
	d, err := teacher.ParseDate(iso)
	if err != nil {
		panic(err)
	}
	return d
}

func TestDecide(t *testing.T) {
	a, b, former := trn("0000001"), trn("0000002"), trn("0000003")
	clean := func(change func(*unlocking.Facts)) unlocking.Facts {
		f := unlocking.Facts{
			SwitchedOn: true,
			Account:    teacher.Account{TRN: a, Status: teacher.Active, Locked: true},
			EmailUses:  []teacher.TRN{a},
			Today:      date("2026-11-22"),
		}
		change(&f)
		return f
	}
	alert := func(end string) teacher.Alert {
		alert := teacher.Alert{ID: "1", Type: "Prohibition", Start: date("2020-01-01")}
		if end != "" {
			alert.End = date(end)
		}
		return alert
	}
	alone := map[unlocking.Reason]bool{} // the rules that a case fails by themselves
	for _, test := range []struct {
		name    string
		change  func(*unlocking.Facts)
		outcome unlocking.Outcome
		reasons []unlocking.Reason
	}{
		{"locked and clean", func(*unlocking.Facts) {}, unlocking.Unlocked, nil},
		{"not locked", func(f *unlocking.Facts) { f.Account.Locked = false }, unlocking.NotLocked, nil},
		{"switched off", func(f *unlocking.Facts) { f.SwitchedOn = false },
			unlocking.Refused, []unlocking.Reason{unlocking.UnlockingSwitchedOff}},
		{"deactivated", func(f *unlocking.Facts) { f.Account.Status = teacher.Deactivated },
			unlocking.Refused, []unlocking.Reason{unlocking.RecordInactive}},
		{"merged away", func(f *unlocking.Facts) { f.Account.Status = teacher.Merged },
			unlocking.Refused, []unlocking.Reason{unlocking.RecordInactive}},
		{"deceased", func(f *unlocking.Facts) { f.Account.Status = teacher.Deceased },
			unlocking.Refused, []unlocking.Reason{unlocking.RecordInactive}},
		{"status unknown", func(f *unlocking.Facts) { f.Account.Status = "" },
			unlocking.Refused, []unlocking.Reason{unlocking.RecordInactive}},
		{"record gone", func(f *unlocking.Facts) { f.Account = teacher.Account{TRN: a} },
			unlocking.NotLocked, []unlocking.Reason{unlocking.RecordInactive}},
		{"alert without end", func(f *unlocking.Facts) { f.Account.Alerts = []teacher.Alert{alert("")} },
			unlocking.Refused, []unlocking.Reason{unlocking.OpenAlert}},
		{"alert ends tomorrow", func(f *unlocking.Facts) { f.Account.Alerts = []teacher.Alert{alert("2026-11-23")} },
			unlocking.Refused, []unlocking.Reason{unlocking.OpenAlert}},
		{"alert ends today", func(f *unlocking.Facts) { f.Account.Alerts = []teacher.Alert{alert("2026-11-22")} },
			unlocking.Unlocked, nil},
		{"one alert closed, one open", func(f *unlocking.Facts) {
			f.Account.Alerts = []teacher.Alert{alert("2021-01-01"), alert("")}
		}, unlocking.Refused, []unlocking.Reason{unlocking.OpenAlert}},
		{"in doubt", func(f *unlocking.Facts) { f.Account.InDoubt = true },
			unlocking.Refused, []unlocking.Reason{unlocking.RecordInDoubt}},
		{"email found another", func(f *unlocking.Facts) { f.EmailUses = []teacher.TRN{b, a} },
			unlocking.Refused, []unlocking.Reason{unlocking.EmailUsedForAnotherTRN}},
		{"email found a former TRN of the record", func(f *unlocking.Facts) {
			f.Account.FormerTRNs, f.EmailUses = []teacher.TRN{former}, []teacher.TRN{former, a}
		}, unlocking.Unlocked, nil},
		{"not locked, email found another", func(f *unlocking.Facts) {
			f.Account.Locked, f.EmailUses = false, []teacher.TRN{a, b}
		}, unlocking.NotLocked, []unlocking.Reason{unlocking.EmailUsedForAnotherTRN}},
		{"evidence of colleagues, any will do", func(f *unlocking.Facts) {
			f.Evidence = []string{"name", "date_of_birth", "training_provider"}
		}, unlocking.Unlocked, nil},
		{"evidence of colleagues", func(f *unlocking.Facts) {
			f.Strong, f.Evidence = true, []string{"name", "date_of_birth", "training_provider"}
		}, unlocking.Refused, []unlocking.Reason{unlocking.EvidenceOpenToOthers}},
		{"a NINO", func(f *unlocking.Facts) {
			f.Strong, f.Evidence = true, []string{"name", "date_of_birth", "national_insurance_number"}
		}, unlocking.Unlocked, nil},
		{"a TRN", func(f *unlocking.Facts) { f.Strong, f.Evidence = true, []string{"name", "date_of_birth", "trn"} }, unlocking.Unlocked, nil},
		{"the record's email", func(f *unlocking.Facts) { f.Strong, f.Evidence = true, []string{"name", "date_of_birth", "email"} },
			unlocking.Unlocked, nil},
		{"everything at once, in order", func(f *unlocking.Facts) {
			f.Strong = true
			f.SwitchedOn, f.Account.Status = false, teacher.Deactivated
			f.Account.Alerts, f.Account.InDoubt, f.EmailUses = []teacher.Alert{alert("")}, true, []teacher.TRN{a, b}
		}, unlocking.Refused, []unlocking.Reason{unlocking.UnlockingSwitchedOff, unlocking.RecordInactive,
			unlocking.OpenAlert, unlocking.RecordInDoubt, unlocking.EmailUsedForAnotherTRN, unlocking.EvidenceOpenToOthers}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := unlocking.Decide(clean(test.change))
			if got.Outcome != test.outcome || !slices.Equal(got.Reasons, test.reasons) {
				t.Errorf("got %v, want %s %v", got, test.outcome, test.reasons)
			}
		})
		if len(test.reasons) == 1 && test.outcome == unlocking.Refused {
			alone[test.reasons[0]] = true
		}
	}
	for _, reason := range unlocking.Reasons() {
		if !alone[reason] {
			t.Errorf("%s: add a case here that fails by it alone", reason)
		}
	}
}

// TestEveryReasonIsOfARule: a constant whose rule was forgotten is a rule that is never judged.
func TestEveryReasonIsOfARule(t *testing.T) {
	source, err := os.ReadFile("rules.go")
	if err != nil {
		t.Fatal(err)
	}
	declared := regexp.MustCompile(`(?m)^\t\w+ +Reason = "([a-z_]+)"`).FindAllStringSubmatch(string(source), -1)
	if len(declared) == 0 {
		t.Fatal("rules.go declares no reason")
	}
	for _, d := range declared {
		if !slices.Contains(unlocking.Reasons(), unlocking.Reason(d[1])) {
			t.Errorf("%s: the table of rules lacks it", d[1])
		}
	}
}
