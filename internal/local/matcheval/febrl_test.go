package matcheval

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const febrlHeader = "rec_id, given_name, surname, street_number, address_1, address_2, suburb, postcode, state, date_of_birth, soc_sec_id\n"

func TestRunFEBRL(t *testing.T) {
	folder := t.TempDir()
	data := febrlHeader +
		"rec-1-org, ann, berry, 69, giblin street, , , , , 19990219, 7364009\n" +
		"rec-1-dup-0, ann, bery, 69, giblin street, , , , , 19990219, 7364009\n" +
		"rec-2-org, lachlan, hill, 1, some road, , , , , 19600210, 2635962\n" +
		"rec-2-dup-0, lachlan, hill, 1, other road, , , , , 19609999, 2635926\n"
	for _, file := range febrlFiles {
		if err := os.WriteFile(filepath.Join(folder, file), []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	results, err := RunFEBRL(folder)
	if err != nil {
		t.Fatal(err)
	}
	if len(results) != 3 {
		t.Fatalf("%d results", len(results))
	}
	mine := results[0].Rules[len(results[0].Rules)-1]
	if mine.Name != oursName || mine.Tally[Right] != 1 || mine.Tally[Missed] != 1 || results[0].InRegister != 2 || results[0].InIt != 2 {
		t.Errorf("%+v", results[0])
	}
	var text strings.Builder
	PrintFEBRL(&text, results)
	if strings.Count(text.String(), "dataset1.csv") != len(results[0].Rules) {
		t.Error(text.String())
	}
}

func TestRunFEBRLSaysWhatIsWrong(t *testing.T) {
	folder := t.TempDir()
	if _, err := RunFEBRL(folder); err == nil {
		t.Error("no files, no error")
	}
	for _, file := range febrlFiles {
		if err := os.WriteFile(filepath.Join(folder, file), []byte("rec_id, given_name\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := RunFEBRL(folder); err == nil || !strings.Contains(err.Error(), "no column surname") {
		t.Errorf("a file without columns: %v", err)
	}
}
