package sample_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"fmt"
	"io"
	"strings"
	"testing"

	"losttrn/internal/local/sample"
	"losttrn/internal/teacher"
)

func write(t testing.TB, o sample.Options) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := sample.Write(&out, o); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// rows are the register's rows, each by column name.
func rows(t testing.TB, file []byte) []map[string]string {
	t.Helper()
	lines, err := csv.NewReader(bytes.NewReader(file)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var all []map[string]string
	for _, line := range lines[1:] {
		row := map[string]string{}
		for i, name := range lines[0] {
			row[name] = line[i]
		}
		all = append(all, row)
	}
	return all
}

func TestDefaultRegisterIsTheSameForEver(t *testing.T) {
	const golden = "811ae37e24a2114ea0a7b8880aa832fee26cfe5dd5fcc4f7f067d71ac68e6b06"
	sum := sha256.Sum256(write(t, sample.Default))
	if got := hex.EncodeToString(sum[:]); got != golden {
		t.Errorf("SHA-256 of the default register is %s, want %s", got, golden)
	}
}

func TestSeedsDiffer(t *testing.T) {
	other := sample.Default
	other.Seed, other.Count = 2, 100
	same := sample.Default
	same.Count = 100
	if bytes.Equal(write(t, same), write(t, other)) {
		t.Error("two seeds gave the same register")
	}
}

func TestDefaultRegisterIsWhatItPromises(t *testing.T) {
	all := rows(t, write(t, sample.Default))
	if len(all) != 10_000 || all[0]["trn"] != "1000000" || all[9_999]["trn"] != "1009999" {
		t.Fatalf("%d rows from %s", len(all), all[0]["trn"])
	}
	counts := map[string]int{}
	count := func(what string, is bool) {
		if is {
			counts[what]++
		}
	}
	ninos := map[string]string{}
	formerOf := map[string]string{}
	for _, row := range all {
		trn, nino := row["trn"], row["national_insurance_number"]
		status, target, _ := strings.Cut(row["status"], ":")
		if row["updated_at"] >= "2026" {
			t.Errorf("%s updated at %s", trn, row["updated_at"])
		}
		if _, err := teacher.ParseDate(row["date_of_birth"]); err != nil {
			t.Errorf("%s born %s", trn, row["date_of_birth"])
		}
		if nino != "" {
			if _, err := teacher.ParseNINO(nino); err != nil || !strings.HasPrefix(nino, "QQ") {
				t.Errorf("%s has the number %s", trn, nino)
			}
			if other, taken := ninos[nino]; taken && status != "merged" {
				t.Errorf("%s and %s share the number %s", trn, other, nino)
			}
			ninos[nino] = trn
		}
		if email := row["email"]; email != "" {
			if _, err := teacher.ParseEmail(email); err != nil || !strings.HasSuffix(email, "@example.com") {
				t.Errorf("%s has the address %s", trn, email)
			}
		}
		if row["locked"] == "true" && row["locked_at"] > row["updated_at"] {
			t.Errorf("%s locked after it was updated", trn)
		}
		if status == "merged" {
			formerOf[target] = trn
		}
		count(status, true)
		count("no number", nino == "")
		count("no address", row["email"] == "")
		count("locked", row["locked"] == "true")
		count("open alert", openAlert(row["alerts"]))
		count("closed alert only", row["alerts"] != "" && !openAlert(row["alerts"]))
		count("previous name", row["previous_names"] != "")
	}
	for _, row := range all {
		if got, want := row["former_trns"], formerOf[row["trn"]]; got != want {
			t.Errorf("%s has the former TRN %q, want %q", row["trn"], got, want)
		}
		if row["former_trns"] != "" && row["status"] != "active" {
			t.Errorf("%s survives a merge and is %s", row["trn"], row["status"])
		}
	}
	for _, want := range []struct {
		what     string
		low, top int
	}{
		{"no number", 2350, 2650}, {"no address", 5800, 6200}, {"locked", 3700, 4300}, {"open alert", 160, 240},
		{"closed alert only", 90, 200}, {"previous name", 1500, 3000}, {"merged", 50, 120}, {"deactivated", 80, 160},
		{"deceased", 40, 120}, {"active", 9500, 9850},
	} {
		if got := counts[want.what]; got < want.low || got > want.top {
			t.Errorf("%s: %d of 10,000, want %d to %d", want.what, got, want.low, want.top)
		}
	}
}

func openAlert(alerts string) bool {
	for _, alert := range strings.Split(alerts, ";") {
		parts := strings.Split(alert, "|")
		if len(parts) == 4 && (parts[3] == "" || parts[3] > "2026") {
			return true
		}
	}
	return false
}

func TestPeopleAreRecordsOfTheDefaultRegister(t *testing.T) {
	all := rows(t, write(t, sample.Default))
	people := sample.People()
	wantKinds := []sample.Kind{sample.Locked, sample.OpenAlert, sample.NotLocked, sample.ClosedAlert, sample.AlsoLocked}
	if len(people) != len(wantKinds) {
		t.Fatalf("%d people", len(people))
	}
	emails := map[string]bool{}
	for i, person := range people {
		if person.Kind != wantKinds[i] {
			t.Errorf("person %d is %s, want %s", i, person.Kind, wantKinds[i])
		}
		emails[person.Email] = true
		var bearers []map[string]string
		for _, row := range all {
			if row["first_name"] == person.FirstName && row["last_name"] == person.LastName && row["date_of_birth"] == person.DateOfBirth {
				bearers = append(bearers, row)
			}
		}
		if len(bearers) != 1 {
			t.Fatalf("%s: %d records have the name and date of birth", person.Kind, len(bearers))
		}
		row := bearers[0]
		got := fmt.Sprintln(row["trn"], row["national_insurance_number"], row["email"], row["status"], row["locked"], openAlert(row["alerts"]), row["alerts"] != "")
		want := fmt.Sprintln(person.TRN, person.NINO, person.Email, "active", person.Kind != sample.NotLocked, person.Kind == sample.OpenAlert,
			person.Kind == sample.OpenAlert || person.Kind == sample.ClosedAlert)
		if got != want || person.NINO == "" || person.Email == "" {
			t.Errorf("%s: the record is %s, want %s", person.Kind, got, want)
		}
	}
	if len(emails) != len(people) {
		t.Error("two people share an address: the second would be refused the unlock")
	}
}

func TestARegisterStreams(t *testing.T) {
	short, long := sample.Default, sample.Default
	short.Count, long.Count = 500, 1000
	a, b := write(t, short), write(t, long)
	if !bytes.HasPrefix(b, a[:bytes.LastIndexByte(bytes.TrimSpace(a), '\n')]) {
		t.Error("the first rows depend on how many follow")
	}
}

func TestTRNsMustHaveSevenDigits(t *testing.T) {
	for _, o := range []sample.Options{{Count: 2, FirstTRN: 9_999_999}, {Count: -1}, {Count: 1, FirstTRN: -1}} {
		if sample.Write(io.Discard, o) == nil {
			t.Errorf("%+v was accepted", o)
		}
	}
}
