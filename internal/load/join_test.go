package load_test

import (
	"slices"
	"strings"
	"testing"

	"losttrn/internal/attribute"
	"losttrn/internal/load"
)

const qualification = header // a row a qualification: all columns

// TestRowsOfOneTimeAreJoined: an extract has a row a qualification. In either order, and loaded again, the record has
// what both say, and what forbids wins.
func TestRowsOfOneTimeAreJoined(t *testing.T) {
	rows := []string{
		"1000001,Ann,,Cox,Ann|Day,1980-02-03,QQ123456C,ann@example.com,10000001|A,,1111111,A1|Prohibition|2020-01-01|,false,,2025-01-01T10:00:00Z\n",
		"1000001,Ann,,Cox,Ann|Fox,1980-02-03,,,10000002|B,deactivated,2222222,A2|Warning|2020-01-01|2021-01-01,true,2013-01-01,2025-01-01T10:00:00Z\n",
		"1000001,Ann,,Cox,,1980-02-03,,,,active,,,,,2025-01-01\n",
	}
	want := map[string]string{"previousNames": "[map[firstName:Ann lastName:Day] map[firstName:Ann lastName:Fox]]",
		"nationalInsuranceNumber": "QQ123456C", "email": "ann@example.com", "formerTrns": "[1111111 2222222]", "status": "deactivated", "locked": "true",
		"trainingProviders": "[map[name:A ukprn:10000001] map[name:B ukprn:10000002]]",
		"alerts":            "[map[endDate:2021-01-01 id:A2 startDate:2020-01-01 type:Warning] map[id:A1 startDate:2020-01-01 type:Prohibition]]"}
	for _, order := range [][]int{{0, 1, 2}, {1, 0, 2}, {2, 1, 0}, {0, 2, 1, 0}} {
		tb := newTable(t)
		file := qualification
		for _, i := range order {
			file += rows[i]
		}
		got := tb.load(t, file)
		if got.Differing != 1 || !slices.Equal(got.Named.Differing, []string{"1000001"}) {
			t.Errorf("%v: %+v", order, got)
		}
		tb.expect(t, "1000001", want)
		before := tb.show(t, "1000001")
		if again := tb.load(t, file); again.Updated+again.Added > 0 || again.Differing != 1 {
			t.Errorf("%v, loaded again: %+v", order, again)
		}
		if after := tb.show(t, "1000001"); after != before {
			t.Errorf("%v: was\n%s, is\n%s", order, before, after)
		}
	}
}

// TestTwoPeopleUnderOneTRNAreNotMixed: of two rows that disagree about who it is, one wins with all that identifies.
func TestTwoPeopleUnderOneTRNAreNotMixed(t *testing.T) {
	ann := "1000001,Ann,,Cox,,1980-02-03,QQ123456C,ann@example.com,,,,,,,2025-01-01\n"
	bea := "1000001,Bea,,Fox,,1960-02-03,QQ111111C,,,,,A1|Prohibition|2020-01-01|,,,2025-01-01\n"
	for _, file := range []string{header + ann + bea, header + bea + ann} {
		tb := newTable(t)
		tb.load(t, file)
		tb.expect(t, "1000001", map[string]string{"firstName": "Bea", "lastName": "Fox", "dateOfBirth": "1960-02-03", "nationalInsuranceNumber": "QQ111111C",
			"ninoKey": "QQ111111", "email": "", "alerts": "[map[id:A1 startDate:2020-01-01 type:Prohibition]]"})
	}
}

// TestADateIsNeitherLaterNorEarlierThanATimeOfIt.
func TestADateIsNeitherLaterNorEarlierThanATimeOfIt(t *testing.T) {
	const alert = "1000001,Cox,active,A|x|2020-01-01|,,,2025-01-01"
	for name, file := range map[string]string{
		"date, time":            extract(alert, "1000001,Cox,active,,,,2025-01-01T10:00:00Z"),
		"time, date":            extract("1000001,Cox,active,,,,2025-01-01T10:00:00Z", alert),
		"time, date, time":      extract("1000001,Cox,active,,,,2025-01-01T10:00:00Z", alert, "1000001,Cox,active,,,,2025-01-01T14:00:00Z"),
		"time, time, date":      extract("1000001,Cox,active,,,,2025-01-01T10:00:00Z", "1000001,Cox,active,,,,2025-01-01T14:00:00Z", alert),
		"time with alert, date": extract("1000001,Cox,active,A|x|2020-01-01|,,,2025-01-01T10:00:00Z", "1000001,Cox,active,,,,2025-01-01"),
	} {
		tb := newTable(t)
		tb.load(t, file)
		tb.expect(t, "1000001", map[string]string{"alerts": "[map[id:A startDate:2020-01-01 type:x]]"})
		if again := tb.load(t, file); again.Updated > 0 {
			t.Errorf("%s, loaded again: %+v", name, again)
		}
		tb.load(t, extract("1000001,Cox,active,,,,2025-01-02"))
		tb.expect(t, "1000001", map[string]string{"alerts": "", "joinedWithDay": ""})
	}
}

// TestABlankStatusUndoesNothing: whatever the order of the rows, the latest row that says a status says it.
func TestABlankStatusUndoesNothing(t *testing.T) {
	for _, said := range []string{"deactivated", "deceased", "merged:7654321"} {
		for _, order := range [][]string{
			{"1000001,Cox," + said + ",,,,2025-01-01", "1000001,Cox,,,,,2025-02-01"},
			{"1000001,Cox,,,,,2025-02-01", "1000001,Cox," + said + ",,,,2025-01-01"},
			{"1000001,Cox,active,,,,2024-01-01", "1000001,Cox,,,,,2025-02-01", "1000001,Cox," + said + ",,,,2025-01-01"},
			{"1000001,Cox," + said + ",,,,2025-02-01", "1000001,Cox,active,,,,2025-02-01"},
			{"1000001,Cox,,,,,2025-02-01", "1000001,Cox," + said + ",,,,2025-02-01", "1000001,Cox,,,,,2025-02-01"},
		} {
			status, _, _ := strings.Cut(said, ":")
			tb := newTable(t)
			tb.load(t, extract(order...))
			tb.expect(t, "1000001", map[string]string{"status": status, "updatedAt": "2025-02-01T00:00:00.000Z"})
			if again := tb.load(t, extract(order...)); again.Updated > 0 {
				t.Errorf("%v, loaded again: %+v", order, again)
			}
			tb.load(t, extract("1000001,Cox,active,,,,2025-03-01"))
			tb.expect(t, "1000001", map[string]string{"status": "active", "mergedInto": "", "statusAt": ""})
		}
	}
}

// TestARejectedRowPutsItsRecordInDoubt: it is stored as it was, and nothing is unlocked until a good row comes.
func TestARejectedRowPutsItsRecordInDoubt(t *testing.T) {
	const doubt = "2025-02-01T00:00:00.000Z"
	good := "1000001,Cox,active,,true,,2025-01-01"
	for name, test := range map[string]struct{ row, since string }{
		"an alert":               {"1000001,Cox,active,A|x;y|2020-01-01|,true,,2025-02-01", doubt},
		"nothing but bars":       {"1000001,Cox,active,|||,true,,2025-02-01", doubt},
		"an end for no end":      {"1000001,Cox,active,A|x|1899-12-30|1900-01-01,true,,2025-02-01", doubt},
		"a death":                {"1000001,Cox,Deceased 2025,,true,,2025-02-01", doubt},
		"a merge":                {"1000001,Cox,merged:123456.0,,true,,2025-02-01", doubt},
		"no time":                {"1000001,Cox,active,A|x|2020-01-01|,true,,1/2/2025", "2025-01-01T00:00:00.000Z"},
		"a time far ahead":       {"1000001,Cox,active,A|x|2020-01-01|,true,,2099-01-01", "2025-01-01T00:00:00.000Z"},
		"a comma":                {"1000001,Cox,active,A|x, y|2020-01-01|,true,,2025-02-01", "2025-01-01T00:00:00.000Z"},
		"a quote":                {"1000001,Cox,active,A|x \"y|2020-01-01|,true,,2025-02-01", "2025-01-01T00:00:00.000Z"},
		"older than the record":  {"1000001,Cox,active,A|x;y|2020-01-01|,true,,2024-02-01", ""},
		"another record's":       {"1000002,Cox,active,A|x;y|2020-01-01|,true,,2025-02-01", ""},
		"a number that is a TRN": {"1000001.0,Cox,active,A|x;y|2020-01-01|,true,,2025-02-01", ""},
	} {
		t.Run(name, func(t *testing.T) {
			for _, apart := range []bool{false, true} {
				tb := newTable(t)
				var rejects string
				var err error
				if apart {
					tb.load(t, extract(good))
					_, rejects, err = tb.tryLoad(t.Context(), extract(test.row))
				} else {
					// Before the record exists.
					_, rejects, err = tb.tryLoad(t.Context(), extract(test.row, good))
				}
				if err != nil || rejects == "" {
					t.Fatalf("%v, %q", err, rejects)
				}
				tb.expect(t, "1000001", map[string]string{"inDoubtSince": test.since, "status": "active", "locked": "true", "alerts": ""})
				ok, err := unlocker{tb: tb}.unlock(t.Context(), trn(t, "1000001"))
				if err != nil || ok != (test.since == "") {
					t.Errorf("unlocked: %t, %v", ok, err)
				}
				tb.load(t, extract("1000001,Cox,active,,true,,2025-03-01"))
				tb.expect(t, "1000001", map[string]string{"inDoubtSince": ""})
			}
		})
	}
}

// TestADoubtOfADayOutlastsItsTimes: a rejected row without a time is not older than a good one later that day, whatever
// other rejected rows there are.
func TestADoubtOfADayOutlastsItsTimes(t *testing.T) {
	const morning, day, afternoon = "1000001,Cox,active,|||,true,,2025-01-01T10:00:00Z", "1000001,Cox,active,|||,true,,2025-01-01", "1000001,Cox,active,,true,,2025-01-01T14:00:00Z"
	for _, rows := range [][]string{{morning, day, afternoon}, {day, morning, afternoon}, {afternoon, morning, day}, {morning, afternoon, day}} {
		tb := newTable(t)
		for range 2 {
			if _, _, err := tb.tryLoad(t.Context(), extract(rows...)); err != nil {
				t.Fatal(err)
			}
			tb.expect(t, "1000001", map[string]string{"inDoubtSince": "2025-01-01T00:00:00.000Z"})
		}
	}
}

// TestAMendedExtractEndsTheDoubt: with the same times, because only the export was mended.
func TestAMendedExtractEndsTheDoubt(t *testing.T) {
	tb := newTable(t)
	bad := extract("1000001,Cox,active,,true,,2025-01-01", "1000001,Cox,active,A|x;y|2020-01-01|,true,,2025-01-01")
	for range 2 {
		got, _, err := tb.tryLoad(t.Context(), bad)
		if err != nil || got.Rejected != 1 {
			t.Fatalf("%+v, %v", got, err)
		}
		tb.expect(t, "1000001", map[string]string{"inDoubtSince": "2025-01-01T00:00:00.000Z"})
	}
	got := tb.load(t, extract("1000001,Cox,active,,true,,2025-01-01", "1000001,Cox,active,A|x y|2020-01-01|,true,,2025-01-01"))
	if got.Recovered != 1 {
		t.Errorf("%+v", got)
	}
	tb.expect(t, "1000001", map[string]string{"inDoubtSince": "", "alerts": "[map[id:A startDate:2020-01-01 type:x y]]"})
}

// TestCellsThatAreOnlyEvidenceAreDropped: the rest of the row is loaded, its new alert too, and the record keeps what it
// has there.
func TestCellsThatAreOnlyEvidenceAreDropped(t *testing.T) {
	tb := newTable(t)
	tb.load(t, header+"1000001,Ann,,Cox,Ann|Day,1980-02-03,QQ123456C,ann@example.com,10000001|A,active,,,true,,2025-01-01\n")
	got, rejects, err := tb.tryLoad(t.Context(), header+"1000001,Ann,,Fox,Ann Day,1980-02-03,QQ-12,ann@,1001|A,active,,A1|Prohibition|2020-01-01|,true,,2025-02-01\n")
	if want := (load.Summary{Rows: 1, Updated: 1, Dropped: 4}); err != nil || got != want {
		t.Errorf("%+v, %v, want %+v", got, err, want)
	}
	if strings.Count(rejects, "this cell is left out") != 4 {
		t.Errorf("%s", rejects)
	}
	tb.expect(t, "1000001", map[string]string{"lastName": "Fox", "nationalInsuranceNumber": "QQ123456C", "email": "ann@example.com", "emailKey": "ann@example.com",
		"previousNames": "[map[firstName:Ann lastName:Day]]", "trainingProviders": "[map[name:A ukprn:10000001]]", "inDoubtSince": "",
		"alerts": "[map[id:A1 startDate:2020-01-01 type:Prohibition]]"})
}

// TestRowsThatAreTooMuchTogetherPutInDoubt.
func TestRowsThatAreTooMuchTogetherPutInDoubt(t *testing.T) {
	tb := newTable(t)
	alerts := func(letter string) string {
		return strings.Repeat(letter+"|"+strings.Repeat("x", 1_000)+"|2020-01-01|;", 1)
	}
	many := func(letter string) string {
		var all string
		for i := range 250 {
			all += alerts(letter + string(rune('a'+i%26)) + string(rune('a'+i/26)))
		}
		return all
	}
	got, rejects, err := tb.tryLoad(t.Context(), extract("1000001,Cox,active,"+many("a")+",true,,2025-01-01", "1000001,Cox,active,"+many("b")+",true,,2025-01-01"))
	if err != nil || got.Rejected != 1 || !strings.Contains(rejects, "3,,too large to store with the other rows") {
		t.Errorf("%+v, %v, %s", got, err, rejects)
	}
	tb.expect(t, "1000001", map[string]string{"inDoubtSince": "2025-01-01T00:00:00.000Z"})
}

// TestMergesAreFollowed: the retained record has the numbers of those that were merged into it, in the end, whatever the
// order of the rows, and keeps them.
func TestMergesAreFollowed(t *testing.T) {
	rows := []string{
		"1000001,A,merged:1000002,1111111,2025-01-01", "1000002,B,merged:1000003,2222222,2025-01-01", "1000003,C,active,3333333,2025-01-01",
		"1000004,D,merged:1000005,,2025-01-01", "1000005,E,merged:1000004,,2025-01-01", // a circle
		"1000006,F,merged:1000007,,2025-01-01", // an orphan
		"1000008,G,merged:1000004,,2025-01-01", // into the circle
	}
	file := func(rows []string) string {
		return "trn,last_name,status,former_trns,updated_at,date_of_birth\n" + strings.Join(addBirth(rows), "")
	}
	reversed := slices.Clone(rows)
	slices.Reverse(reversed)
	for _, order := range [][]string{rows, reversed} {
		tb := newTable(t)
		for range 2 {
			got := tb.load(t, file(order))
			if got.Cycles != 3 || got.Orphans != 1 || !slices.Equal(got.Named.Cycles, []string{"1000004", "1000005", "1000008"}) || !slices.Equal(got.Named.Orphans, []string{"1000006"}) {
				t.Errorf("%+v, %+v", got, got.Named)
			}
			tb.expect(t, "1000003", map[string]string{"formerTrns": "[1000001 1000002 1111111 2222222 3333333]"})
			tb.expect(t, "1000004", map[string]string{"formerTrns": ""})
		}
		tb.load(t, file([]string{"1000003,C,active,,2025-02-01"}))
		tb.expect(t, "1000003", map[string]string{"formerTrns": "[1000001 1000002 1111111 2222222 3333333]"})
		tb.load(t, file([]string{"1000003,C,active,4444444,2025-03-01"})) // a register that corrects its own
		tb.expect(t, "1000003", map[string]string{"formerTrns": "[1000001 1000002 1111111 2222222 4444444]"})
	}
}

// TestAMergeWhoseRetainedRecordComesLaterIsCompleted.
func TestAMergeWhoseRetainedRecordComesLaterIsCompleted(t *testing.T) {
	tb := newTable(t)
	if got := tb.load(t, extract("1000001,A,merged:1000002,,,,2025-01-01")); got.Orphans != 1 {
		t.Errorf("%+v", got)
	}
	if got := tb.load(t, extract("1000001,A,merged:1000002,,,,2025-01-01", "1000002,B,active,,true,,2025-01-01")); got.Orphans != 0 {
		t.Errorf("%+v", got)
	}
	if got := attribute.Texts(tb.item(t, "1000002"), "formerTrns"); !slices.Equal(got, []string{"1000001"}) {
		t.Errorf("%v", got)
	}
}
