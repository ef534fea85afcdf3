package register_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"losttrn/internal/attribute"
	"losttrn/internal/local"
	"losttrn/internal/local/localtest"
	"losttrn/internal/matching"
	"losttrn/internal/register"
	"losttrn/internal/teacher"
)

// fixture is the register over a real DynamoDB server.
type fixture struct {
	*testing.T
	servers *local.Servers
	db      *dynamodb.Client
	store   *register.Store
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	w := &fixture{T: t, servers: localtest.Servers(t)}
	w.db = w.servers.DynamoDBClient()
	w.store = register.NewStore(w.db, w.table())
	return w
}

func (w *fixture) table() string { return w.servers.Tables["teachers"] }

func (w *fixture) put(item attribute.Item) {
	w.Helper()
	if _, err := w.db.PutItem(w.Context(), &dynamodb.PutItemInput{TableName: aws.String(w.table()), Item: item}); err != nil {
		w.Fatal(err)
	}
}

// texts is an item of strings, given as pairs.
func texts(pairs ...string) attribute.Item {
	item := attribute.Item{"status": attribute.String("active")}
	for i := 0; i < len(pairs); i += 2 {
		item[pairs[i]] = attribute.String(pairs[i+1])
	}
	return item
}

func list(items ...attribute.Item) types.AttributeValue {
	l := &types.AttributeValueMemberL{}
	for _, item := range items {
		l.Value = append(l.Value, attribute.Map(item))
	}
	return l
}

// person is whom the keys, given as pairs, tell of.
func person(t testing.TB, pairs ...string) matching.Person {
	t.Helper()
	var p matching.Person
	for i := 0; i < len(pairs); i += 2 {
		var err error
		switch text := pairs[i+1]; pairs[i] {
		case "provider":
			p.Provider = teacher.ParseProvider(text)
		case "dateOfBirth":
			p.DateOfBirth, err = teacher.ParseDate(text)
		case "nino":
			p.NINO, err = teacher.ParseNINO(text)
		case "email":
			var email teacher.Email
			email, err = teacher.ParseEmail(text)
			p.Email = email.Key()
		case "trn":
			p.TRN, err = teacher.ParseTRN(text)
		default:
			t.Fatalf("no key %s", pairs[i])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return p
}

func (w *fixture) candidates(p matching.Person) []teacher.Record {
	w.Helper()
	found, err := w.store.Candidates(w.Context(), p)
	records := found.Records
	if err != nil {
		w.Fatal(err)
	}
	slices.SortStableFunc(records, func(a, b teacher.Record) int { return strings.Compare(a.TRN.Digits(), b.TRN.Digits()) })
	return records
}

// trns are the TRNs of records.
func trns(records []teacher.Record) string {
	var all []string
	for _, r := range records {
		all = append(all, r.TRN.Digits())
	}
	return strings.Join(all, " ")
}

func TestEachKeyLeadsToItsRecords(t *testing.T) {
	w := newFixture(t)
	w.put(texts("trn", "0000001", "dateOfBirth", "1980-01-31"))
	w.put(texts("trn", "0000002", "dateOfBirth", "1980-01-31", "nationalInsuranceNumber", "QQ123456C", "ninoKey", "QQ123456"))
	w.put(texts("trn", "0000003", "nationalInsuranceNumber", "QQ123456C", "ninoKey", "QQ123456", "email", "Ann@Example.com", "emailKey", "ann@example.com"))
	w.put(texts("trn", "0000004", "emailKey", "ann@example.com"))
	w.put(texts("trn", "0000005"))
	for _, test := range []struct {
		person matching.Person
		want   string
	}{
		{person(t), ""},
		{person(t, "dateOfBirth", "1980-01-31", "provider", "Example"), "0000001 0000002"},
		{person(t, "dateOfBirth", "1980-01-30", "provider", "Example"), ""},
		{person(t, "dateOfBirth", "1980-01-31"), ""}, // alone it cannot decide
		{person(t, "dateOfBirth", "1980-01-31", "email", "bob@example.com"), ""},
		{person(t, "dateOfBirth", "1980-01-31", "trn", "9999999"), ""}, // nor with a number that is made up
		{person(t, "nino", "qq 12 34 56 c"), "0000002 0000003"},
		{person(t, "nino", "QQ123456D"), "0000002 0000003"}, // the suffix identifies nobody
		{person(t, "nino", "QQ123456"), "0000002 0000003"},
		{person(t, "nino", "QQ123457C"), ""},
		{person(t, "nino", "QQ123456M"), ""}, // a number that is made up is nobody's
		{person(t, "email", "ANN+tag@example.com"), "0000003 0000004"},
		{person(t, "email", "bob@example.com"), ""},
		{person(t, "trn", "0000005"), "0000005"},
		{person(t, "trn", "0000006"), ""},
		{person(t, "dateOfBirth", "1980-01-31", "nino", "QQ123456C", "email", "ann@example.com", "trn", "0000005"),
			"0000001 0000002 0000002 0000003 0000003 0000004 0000005"},
	} {
		if got := trns(w.candidates(test.person)); got != test.want {
			t.Errorf("got %q, want %q", got, test.want)
		}
	}
}

// TestEveryWayReadsTheWholeRecord: whatever key leads to a record, all that matching compares comes with it.
func TestEveryWayReadsTheWholeRecord(t *testing.T) {
	w := newFixture(t)
	item := texts("trn", "0012345", "firstName", "Siân", "middleName", "Mary Ann", "lastName", "O’Example", "dateOfBirth", "1980-01-31",
		"nationalInsuranceNumber", "QQ123456C", "ninoKey", "QQ123456", "email", "Sian+x@Example.com", "emailKey", "sian@example.com", "lockedAt", "2012-01-01T00:00:00.000Z")
	item["previousNames"] = list(attribute.Item{"firstName": attribute.String("Sian"), "lastName": attribute.String("Other")},
		attribute.Item{"lastName": attribute.String("Third")})
	item["trainingProviders"] = list(attribute.Item{"ukprn": attribute.String("10007799"), "name": attribute.String("University of Nowhere")},
		attribute.Item{"name": attribute.String("Another")})
	item["formerTrns"] = attribute.Strings([]string{"0000007", "0000008"})
	item["locked"] = attribute.Bool(true)
	item["alerts"] = list(attribute.Item{"id": attribute.String("1")})
	w.put(item)

	born := person(t, "dateOfBirth", "1980-01-31", "provider", "Example")
	want := teacher.Record{
		TRN: person(t, "trn", "0012345").TRN, Name: teacher.Name{First: "Siân", Middle: "Mary Ann", Last: "O’Example"},
		PreviousNames: []teacher.Name{{First: "Sian", Last: "Other"}, {Last: "Third"}},
		DateOfBirth:   born.DateOfBirth, NINO: person(t, "nino", "QQ123456C").NINO, Email: person(t, "email", "sian@example.com").Email,
		Providers:  []teacher.Provider{{UKPRN: "10007799", Name: "University of Nowhere"}, {Name: "Another"}},
		Status:     teacher.Active,
		FormerTRNs: []teacher.TRN{person(t, "trn", "0000007").TRN, person(t, "trn", "0000008").TRN},
	}
	compare := cmp.AllowUnexported(teacher.TRN{}, teacher.NINO{}, teacher.EmailKey{}, teacher.Date{})
	for _, p := range []matching.Person{born, {NINO: want.NINO}, {Email: want.Email}, {TRN: want.TRN}} {
		got := w.candidates(p)
		if len(got) != 1 {
			t.Fatalf("%d records", len(got))
		}
		if difference := cmp.Diff(want, got[0], compare); difference != "" {
			t.Error(difference)
		}
	}
}

// TestIndexesNeverHoldLockOrAlerts looks at what the indexes themselves give.
func TestIndexesNeverHoldLockOrAlerts(t *testing.T) {
	w := newFixture(t)
	item := texts("trn", "0000001", "dateOfBirth", "1980-01-31", "nationalInsuranceNumber", "QQ123456C", "ninoKey", "QQ123456", "email", "Ann@example.com",
		"emailKey", "ann@example.com", "firstName", "Ann", "lastName", "Example", "mergedInto", "0000002", "lockedAt", "2012-01-01T00:00:00.000Z",
		"unlockedAt", "2026-01-01T00:00:00.000Z", "unlockedBy", "lookup", "updatedAt", "2025-01-01T00:00:00.000Z")
	item["locked"], item["alerts"] = attribute.Bool(true), list(attribute.Item{"id": attribute.String("1")})
	w.put(item)
	for index, key := range map[string]string{"byDateOfBirth": "dateOfBirth", "byNationalInsuranceNumber": "ninoKey", "byEmail": "emailKey"} {
		out, err := w.db.Query(t.Context(), &dynamodb.QueryInput{TableName: aws.String(w.table()), IndexName: aws.String(index),
			KeyConditionExpression: aws.String("#k = :v"), ExpressionAttributeNames: map[string]string{"#k": key},
			ExpressionAttributeValues: attribute.Item{":v": item[key]}})
		if err != nil || len(out.Items) != 1 {
			t.Fatalf("%s: %v", index, err)
		}
		got := slices.Sorted(maps.Keys(out.Items[0]))
		want := []string{"dateOfBirth", "emailKey", "firstName", "lastName", "nationalInsuranceNumber", "status", "trn"}
		if key == "ninoKey" {
			want = slices.Insert(want, 5, key)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s holds %v, want %v", index, got, want)
		}
	}
}

// TestPagesBeyondAMegabyte: so many and large records share one date of birth that DynamoDB gives them in pages.
func TestPagesBeyondAMegabyte(t *testing.T) {
	w := newFixture(t)
	const records = 12
	large := strings.Repeat("x", 200_000)
	var want []string
	for i := range records {
		trn := fmt.Sprintf("%07d", i+1)
		want = append(want, trn)
		w.put(texts("trn", trn, "dateOfBirth", "1980-01-31", "lastName", large))
	}
	first, err := w.db.Query(t.Context(), &dynamodb.QueryInput{TableName: aws.String(w.table()), IndexName: aws.String("byDateOfBirth"),
		KeyConditionExpression: aws.String("dateOfBirth = :v"), ExpressionAttributeValues: attribute.Item{":v": attribute.String("1980-01-31")}})
	if err != nil || len(first.Items) == records {
		t.Fatalf("one page holds %d records, %v: this test shows nothing", len(first.Items), err)
	}
	if got := trns(w.candidates(person(t, "dateOfBirth", "1980-01-31", "provider", "Example"))); got != strings.Join(want, " ") {
		t.Errorf("got %s", got)
	}
}

// TestInactiveRecordsAreGivenAsSuch: matching ignores them, and must know that they are.
// TestACrowdedBirthday: at most four pages of a birthday are read, and then it is said that there are more.
func TestACrowdedBirthday(t *testing.T) {
	w := newFixture(t)
	const day = "1980-01-01"
	large := strings.Repeat("x", 350_000) // two make a page
	for i := range 8 {
		w.put(texts("trn", fmt.Sprintf("%07d", i+1), "dateOfBirth", day, "lastName", large))
	}
	read := func() matching.Candidates {
		t.Helper()
		found, err := w.store.Candidates(t.Context(), person(t, "dateOfBirth", day, "provider", "Example"))
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	for i := 9; !read().Crowded; i++ {
		if i > 20 {
			t.Fatal("20 large records do not crowd a birthday")
		}
		w.put(texts("trn", fmt.Sprintf("%07d", i), "dateOfBirth", day, "lastName", large))
	}
	if n := len(read().Records); n < 8 || n > 16 {
		t.Errorf("%d records in four pages", n)
	}
}

func TestInactiveRecordsAreGivenAsSuch(t *testing.T) {
	w := newFixture(t)
	wants := []teacher.Status{teacher.Deactivated, teacher.Deceased, teacher.Merged, "", "retired"}
	for i, status := range wants {
		item := texts("trn", fmt.Sprintf("%07d", i+1), "dateOfBirth", "1980-01-31", "status", string(status))
		if status == "" {
			delete(item, "status")
		}
		w.put(item)
	}
	got := w.candidates(person(t, "dateOfBirth", "1980-01-31", "provider", "Example"))
	if len(got) != len(wants) {
		t.Fatalf("%d records", len(got))
	}
	for i, r := range got {
		if r.Status != wants[i] || r.Status == teacher.Active {
			t.Errorf("status %q, want %q", r.Status, wants[i])
		}
	}
}

func TestTheSurvivorOfAMergeIsRead(t *testing.T) {
	w := newFixture(t)
	w.put(texts("trn", "0000001", "dateOfBirth", "1980-01-31"))
	w.put(texts("trn", "0000002", "status", "merged", "mergedInto", "0000001"))
	w.put(texts("trn", "0000003", "status", "merged", "mergedInto", "0000009"))
	w.put(texts("trn", "0000004", "status", "merged"))
	w.put(texts("trn", "0000005", "mergedInto", "0000001")) // active: it was not merged
	w.put(texts("trn", "0000006", "status", "merged", "mergedInto", "0000002"))
	w.put(texts("trn", "0000007", "status", "merged", "mergedInto", "0000008"))
	w.put(texts("trn", "0000008", "status", "merged", "mergedInto", "0000007"))
	for _, test := range []struct{ name, trn, born, want string }{
		{"followed twice", "0000006", "1970-01-01", "0000001 0000002 0000006"},
		{"in a circle", "0000007", "1970-01-01", "0000007 0000008"},
		{"followed", "0000002", "1970-01-01", "0000001 0000002"},
		{"already found", "0000002", "1980-01-31", "0000001 0000002"},
		{"gone", "0000003", "1970-01-01", "0000003"},
		{"not known", "0000004", "1970-01-01", "0000004"},
		{"not merged", "0000005", "1970-01-01", "0000005"},
	} {
		got := w.candidates(person(t, "trn", test.trn, "dateOfBirth", test.born))
		if trns(got) != test.want {
			t.Errorf("%s: got %s, want %s", test.name, trns(got), test.want)
		}
		for _, r := range got {
			if r.TRN.Digits() == "0000002" && r.MergedInto.Digits() != "0000001" {
				t.Errorf("%s: merged into %q", test.name, r.MergedInto.Digits())
			}
		}
	}
}

// TestInvalidStoredValuesAreAbsent: what is not valid is no evidence, and does not hide the rest of the record.
func TestInvalidStoredValuesAreAbsent(t *testing.T) {
	w := newFixture(t)
	item := texts("trn", "0000001", "dateOfBirth", "31/01/1980", "nationalInsuranceNumber", "QQ12", "emailKey", "ann", "mergedInto", "x",
		"lastName", "Example")
	item["firstName"] = attribute.Bool(true)
	item["formerTrns"] = attribute.Strings([]string{"12", "0000002"})
	item["previousNames"] = attribute.String("Ann Other")
	item["trainingProviders"] = attribute.Strings([]string{"x"})
	w.put(item)
	got := w.candidates(person(t, "trn", "0000001"))
	if len(got) != 1 {
		t.Fatalf("%d records", len(got))
	}
	r := got[0]
	if !r.DateOfBirth.IsZero() || !r.NINO.IsZero() || !r.Email.IsZero() || !r.MergedInto.IsZero() || r.Name.First != "" ||
		len(r.PreviousNames) > 0 || len(r.Providers) > 0 || len(r.FormerTRNs) != 1 || r.Name.Last != "Example" {
		t.Errorf("%+v", r)
	}
}

func TestFailedReadsAreFailures(t *testing.T) {
	w := newFixture(t)
	store := register.NewStore(w.db, "no-such-table")
	for _, p := range []matching.Person{person(t, "dateOfBirth", "1980-01-31", "provider", "Example"), person(t, "trn", "0000001")} {
		if found, err := store.Candidates(t.Context(), p); err == nil {
			t.Errorf("%d records of no table", len(found.Records))
		}
	}
	if _, err := store.Account(t.Context(), person(t, "trn", "0000001").TRN); err == nil {
		t.Error("an account of no table")
	}
}
