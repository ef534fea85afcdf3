package api_test

import (
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"losttrn/internal/lookup"
)

type m = map[string]any

func TestWhatIsNoRequestIsRefused(t *testing.T) {
	good := details(nil)
	big := details(m{"trainingProvider": strings.Repeat("x", 100_000)})
	exactly := good + strings.Repeat(" ", 16<<10-len(good))
	for _, test := range []struct {
		name, contentType, body string
		status                  int
		code                    string
	}{
		{"good", "application/json", good, 200, ""},
		{"charset", "application/json; charset=utf-8", good, 200, ""},
		{"charset in capitals", `Application/JSON;Charset="UTF-8"`, good, 200, ""},
		{"other parameter", "application/json; profile=x", good, 200, ""},
		{"16 KiB", "application/json", exactly, 200, ""},
		{"a byte more", "application/json", exactly + " ", 413, "too_large"},
		{"field of 100,000 characters", "application/json", big, 413, "too_large"},
		{"large and no JSON", "application/json", strings.Repeat("[", 100_000), 413, "too_large"},
		{"no content type", "", good, 415, "unsupported_media_type"},
		{"text", "text/plain", good, 415, "unsupported_media_type"},
		{"form", "application/x-www-form-urlencoded", "email=ann%40example.com", 415, "unsupported_media_type"},
		{"json-like", "application/jsonp", good, 415, "unsupported_media_type"},
		{"other charset", "application/json; charset=iso-8859-1", good, 415, "unsupported_media_type"},
		{"broken content type", "application/json; charset", good, 415, "unsupported_media_type"},
		{"empty", "application/json", "", 400, "malformed_json"},
		{"blank", "application/json", "  \n", 400, "malformed_json"},
		{"text", "application/json", "hello", 400, "malformed_json"},
		{"null", "application/json", "null", 400, "malformed_json"},
		{"list", "application/json", "[" + good + "]", 400, "malformed_json"},
		{"string", "application/json", `"hello"`, 400, "malformed_json"},
		{"cut short", "application/json", good[:len(good)-1], 400, "malformed_json"},
		{"cut in a text", "application/json", good[:20], 400, "malformed_json"},
		{"trailing comma", "application/json", good[:len(good)-1] + ",}", 400, "malformed_json"},
		{"no comma", "application/json", `{"email":"ann@example.com" "firstName":"Ann"}`, 400, "malformed_json"},
		{"single quotes", "application/json", "{'email':'ann@example.com'}", 400, "malformed_json"},
		{"trailing garbage", "application/json", good + "x", 400, "malformed_json"},
		{"two objects", "application/json", good + good, 400, "malformed_json"},
		{"trailing bracket", "application/json", good + "}", 400, "malformed_json"},
		{"byte order mark", "application/json", "\ufeff" + good, 200, ""},
		{"two byte order marks", "application/json", "\ufeff\ufeff" + good, 400, "malformed_json"},
		{"charset without its hyphen", "application/json; charset=UTF8", good, 200, ""},
		{"UTF-16", "application/json", "\xff\xfe{\x00}\x00", 400, "malformed_json"},
		{"not UTF-8", "application/json", `{"firstName":"Si` + "\xe2" + `n"}`, 400, "malformed_json"},
		{"not UTF-8 in a name", "application/json", "{\"\xe2\":1}", 400, "malformed_json"},
		{"surrogates in UTF-8", "application/json", "{\"firstName\":\"\xed\xa0\x80\"}", 400, "malformed_json"},
		{"lone high surrogate", "application/json", `{"firstName":"\ud83d"}`, 400, "malformed_json"},
		{"lone high surrogate before text", "application/json", `{"firstName":"\ud83dabc"}`, 400, "malformed_json"},
		{"two high surrogates", "application/json", `{"firstName":"\ud83d\ud83d"}`, 400, "malformed_json"},
		{"lone low surrogate", "application/json", `{"firstName":"\uDE00"}`, 400, "malformed_json"},
		{"lone surrogate in a name", "application/json", `{"\ud83d":"x"}`, 400, "malformed_json"},
		{"duplicate", "application/json", `{"email":"a@example.com","email":"b@example.com"}`, 400, "malformed_json"},
		{"duplicate of the same value", "application/json", `{"trn":null,"trn":null}`, 400, "malformed_json"},
		{"duplicate in other spelling", "application/json", `{"email":"a@example.com","\u0065mail":"b@example.com"}`, 400, "malformed_json"},
		{"duplicate unknown", "application/json", `{"x":1,"x":1}`, 400, "malformed_json"},
		{"control character", "application/json", "{\"firstName\":\"a\nb\"}", 400, "malformed_json"},
		{"deep", "application/json", `{"email":` + strings.Repeat("[", 12_000), 400, "malformed_json"},
	} {
		for _, path := range []string{lookupsPath, helpPath} {
			t.Run(path[len(lookupsPath):]+"/"+test.name, func(t *testing.T) {
				c := newCaller(t)
				header := map[string]string{"content-type": test.contentType}
				if test.contentType == "" {
					header = nil
				}
				a := c.call(http.MethodPost, path, header, test.body)
				want := test.status
				if want == http.StatusOK && path == helpPath {
					want = http.StatusAccepted
				}
				if a.status != want {
					t.Fatalf("status %d, want %d: %s", a.status, want, a.body)
				}
				if test.code != "" && c.problem(a).Code != test.code {
					t.Errorf("code %s, want %s", c.problem(a).Code, test.code)
				}
				if called := c.service.called(); called > 0 != (test.code == "") {
					t.Errorf("the use case was called %d times", called)
				}
			})
		}
	}
}

func TestInvalidFields(t *testing.T) {
	hundred := strings.Repeat("😀", 100)
	for _, test := range []struct {
		name    string
		changes m
		want    []string
	}{
		{"nothing", m{"email": leftOut, "firstName": leftOut, "lastName": leftOut, "dateOfBirth": leftOut},
			[]string{"email missing", "firstName missing", "lastName missing", "dateOfBirth missing"}},
		{"null and blank are absent", m{"email": nil, "firstName": "", "lastName": " \u00a0\u200b", "dateOfBirth": " "},
			[]string{"email missing", "firstName missing", "lastName missing", "dateOfBirth missing"}},
		{"all invalid", m{"email": "ann", "firstName": hundred + "x", "middleName": hundred + "x", "lastName": hundred + "x",
			"previousFirstName": hundred + "x", "previousLastName": hundred + "x", "dateOfBirth": "31/01/1980",
			"nationalInsuranceNumber": "QQ12345", "trn": "123456", "trainingProvider": hundred + hundred + "x"},
			[]string{"email invalid", "firstName too_long", "middleName too_long", "lastName too_long", "previousFirstName too_long",
				"previousLastName too_long", "dateOfBirth wrong_form", "nationalInsuranceNumber invalid", "trn invalid",
				"trainingProvider too_long"}},
		{"names without a letter", m{"firstName": "\u3164", "lastName": "\u2800 \u115f"}, []string{"firstName missing", "lastName missing"}},
		{"names that are dashes", m{"firstName": "-", "lastName": "."}, []string{"firstName missing", "lastName missing"}},
		{"digits and emoji", m{"firstName": "123", "lastName": "👩‍🏫"}, []string{"firstName missing", "lastName missing"}},
		{"unknown", m{"surname": "x"}, []string{"surname unknown_field"}},
		{"unknown null", m{"surname": nil}, []string{"surname unknown_field"}},
		{"nameless", m{"": "x"}, []string{" unknown_field"}},
		{"case counts", m{"email": leftOut, "Email": "ann@example.com"}, []string{"Email unknown_field", "email missing"}},
		{"number", m{"trn": 1234567}, []string{"trn not_text"}},
		{"boolean", m{"firstName": true}, []string{"firstName not_text"}},
		{"list", m{"email": []string{"ann@example.com"}}, []string{"email not_text"}},
		{"object", m{"dateOfBirth": m{"year": 1980}}, []string{"dateOfBirth not_text"}},
		{"unknown and invalid", m{"surname": "x", "trn": 1, "email": "ann", "dateOfBirth": "2015-01-01"},
			[]string{"surname unknown_field", "trn not_text", "email invalid", "dateOfBirth too_young"}},
		{"email of 255", m{"email": strings.Repeat("a", 255-len("@example.com")) + "@example.com"}, []string{"email invalid"}},
		{"two emails", m{"email": "ann@example.com, bob@example.com"}, []string{"email invalid"}},
		{"30 February", m{"dateOfBirth": "1980-02-30"}, []string{"dateOfBirth not_real"}},
		{"29 February of no leap year", m{"dateOfBirth": "1900-02-29"}, []string{"dateOfBirth not_real"}},
		{"month 13", m{"dateOfBirth": "1980-13-01"}, []string{"dateOfBirth not_real"}},
		{"day 0", m{"dateOfBirth": "1980-01-00"}, []string{"dateOfBirth not_real"}},
		{"before 1900", m{"dateOfBirth": "1899-12-31"}, []string{"dateOfBirth not_real"}},
		{"one digit", m{"dateOfBirth": "1980-1-31"}, []string{"dateOfBirth wrong_form"}},
		{"with time", m{"dateOfBirth": "1980-01-31T00:00:00Z"}, []string{"dateOfBirth wrong_form"}},
		{"month name", m{"dateOfBirth": "1980-jan-31"}, []string{"dateOfBirth wrong_form"}},
		{"today", m{"dateOfBirth": "2026-11-22"}, []string{"dateOfBirth in_future"}},
		{"tomorrow", m{"dateOfBirth": "2026-11-23"}, []string{"dateOfBirth in_future"}},
		{"15", m{"dateOfBirth": "2010-11-23"}, []string{"dateOfBirth too_young"}},
		{"refused prefix", m{"nationalInsuranceNumber": "GB123456A"}, []string{"nationalInsuranceNumber invalid"}},
		{"fields of 4,000 characters", m{"email": strings.Repeat("a", 4000), "firstName": strings.Repeat("a", 4000),
			"trn": strings.Repeat("1", 4000)}, []string{"email invalid", "firstName too_long", "trn invalid"}},
	} {
		for _, path := range []string{lookupsPath, helpPath} {
			t.Run(path[len(lookupsPath):]+"/"+test.name, func(t *testing.T) {
				c := newCaller(t)
				a := c.post(path, details(test.changes))
				if a.status != http.StatusUnprocessableEntity {
					t.Fatalf("status %d: %s", a.status, a.body)
				}
				p := c.problem(a)
				got, want := p.codes(), test.want
				if test.name == "unknown and invalid" || test.name == "case counts" || test.name == "all invalid" { // a JSON object has no order
					slices.Sort(got)
					want = slices.Sorted(slices.Values(want))
				}
				if p.Code != "invalid_fields" || !slices.Equal(got, want) {
					t.Errorf("%s: got %v, want %v", p.Code, got, want)
				}
				if c.service.called() > 0 {
					t.Error("the use case was called")
				}
			})
		}
	}
}

// TestMessagesAreTheForms: the words are the form's own.
func TestMessagesAreTheForms(t *testing.T) {
	c := newCaller(t)
	for _, test := range []struct {
		field string
		value any
		want  string
	}{
		{"email", "", "Enter an email address"},
		{"email", "ann@", "Enter an email address in the correct format, like name@example.com"},
		{"firstName", "", "Enter your first name"},
		{"lastName", "", "Enter your last name"},
		{"firstName", strings.Repeat("a", 101), "First name must be 100 characters or fewer"},
		{"lastName", strings.Repeat("a", 101), "Last name must be 100 characters or fewer"},
		{"dateOfBirth", "", "Enter your date of birth"},
		{"dateOfBirth", "1980-02-30", "Date of birth must be a real date"},
		{"dateOfBirth", "1980-01-31T00:00:00Z", "Date of birth must be a date without a time in the form YYYY-MM-DD, like 1980-03-31"},
		{"dateOfBirth", "2027-01-01", "Date of birth must be in the past"},
		{"dateOfBirth", "2011-01-01", "You must be 16 or over to use this service"},
		{"nationalInsuranceNumber", "x", "Enter a National Insurance number in the correct format, or continue without it"},
		{"trn", "123", "Your TRN should contain 7 digits"},
	} {
		p := c.problem(c.post(lookupsPath, details(m{test.field: test.value})))
		if len(p.Errors) != 1 || p.Errors[0].Field != test.field || p.Errors[0].Message != test.want {
			t.Errorf("%s %q: %+v, want %q", test.field, test.value, p.Errors, test.want)
		}
	}
}

func TestWhatIsTakenOfARequest(t *testing.T) {
	hundred := strings.Repeat("😀", 100)
	for _, test := range []struct {
		name    string
		changes m
		want    func(q lookup.Query) []string // pairs of what is and what should be
	}{
		{"all", m{"email": " Ann@Example.com ", "firstName": " Ann ", "middleName": "Mary", "lastName": "O'Example",
			"previousFirstName": "Anna", "previousLastName": "Other", "nationalInsuranceNumber": "qq 12 34 56 c", "trn": "RP99/12345",
			"trainingProvider": "University of Nowhere"}, func(q lookup.Query) []string {
			return []string{q.Email.Typed(), "Ann@Example.com", q.FirstName, "Ann", q.MiddleName, "Mary", q.LastName, "O'Example",
				q.PreviousFirstName, "Anna", q.PreviousLastName, "Other", q.DateOfBirth.ISO(), "1980-01-31",
				q.NINO.Normalised(), "QQ123456C", q.TRN.Digits(), "9912345", q.TrainingProvider, "University of Nowhere"}
		}},
		{"null and blank optional", m{"middleName": nil, "previousFirstName": nil, "previousLastName": "", "nationalInsuranceNumber": nil,
			"trn": " ", "trainingProvider": nil}, func(q lookup.Query) []string {
			return []string{q.MiddleName + q.PreviousFirstName + q.PreviousLastName + q.NINO.Normalised() + q.TRN.Digits() + q.TrainingProvider, ""}
		}},
		{"one letter", m{"firstName": "A", "lastName": "O"}, func(q lookup.Query) []string { return []string{q.FirstName, "A", q.LastName, "O"} }},
		{"any script", m{"firstName": "美咲", "lastName": "Ołówek-Nguyễn"}, func(q lookup.Query) []string {
			return []string{q.FirstName, "美咲", q.LastName, "Ołówek-Nguyễn"}
		}},
		{"right to left", m{"firstName": "فاطمة", "lastName": "בן־דוד"}, func(q lookup.Query) []string {
			return []string{q.FirstName, "فاطمة", q.LastName, "בן־דוד"}
		}},
		{"apostrophes and quotes", m{"firstName": `D’Arcy "D'Arcy"`, "lastName": `O\'Neill <b>&amp;`}, func(q lookup.Query) []string {
			return []string{q.FirstName, `D’Arcy "D'Arcy"`, q.LastName, `O\'Neill <b>&amp;`}
		}},
		{"emoji beside a letter", m{"firstName": "A" + hundred[4:], "lastName": "B👩‍🏫"}, func(q lookup.Query) []string {
			return []string{q.FirstName, "A" + hundred[4:], q.LastName, "B👩‍🏫"}
		}},
		{"one name only", m{"firstName": "-", "lastName": "Suharto"}, func(q lookup.Query) []string { return []string{q.FirstName, "-", q.LastName, "Suharto"} }},
		{"code points that are no characters", m{"firstName": "An\ufffen\uffff", "lastName": "O\U0001fffe"}, func(q lookup.Query) []string {
			return []string{q.FirstName, "Ann", q.LastName, "O"}
		}},
		{"email of 254", m{"email": strings.Repeat("a", 254-len("@example.com")) + "@example.com"}, func(q lookup.Query) []string {
			return []string{fmt.Sprint(len(q.Email.Typed())), "254"}
		}},
		{"16 today", m{"dateOfBirth": "2010-11-22"}, func(q lookup.Query) []string { return []string{q.DateOfBirth.ISO(), "2010-11-22"} }},
		{"1900", m{"dateOfBirth": "1900-01-01"}, func(q lookup.Query) []string { return []string{q.DateOfBirth.ISO(), "1900-01-01"} }},
		{"UKPRN", m{"trainingProvider": "10007799"}, func(q lookup.Query) []string { return []string{q.TrainingProvider, "10007799"} }},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := newCaller(t)
			for _, path := range []string{lookupsPath, helpPath} {
				if a := c.post(path, details(test.changes)); a.status >= 300 {
					t.Fatalf("%s: %d %s", path, a.status, a.body)
				}
			}
			if !reflect.DeepEqual(c.service.lookups[0], c.service.helped[0]) {
				t.Error("the two paths read the same body differently")
			}
			pairs := test.want(c.service.lookups[0].Query)
			for i := 0; i < len(pairs); i += 2 {
				if pairs[i] != pairs[i+1] {
					t.Errorf("got %q, want %q", pairs[i], pairs[i+1])
				}
			}
			if got := c.service.lookups[0].Source; got != "203.0.113.9" {
				t.Errorf("source %q", got)
			}
			if got := c.service.helpIDs[0]; got != lookupID {
				t.Errorf("lookup id %q", got)
			}
		})
	}
}

// TestEscapesAreText: pairs of surrogates and escaped backslashes are not lone surrogates.
func TestEscapesAreText(t *testing.T) {
	c := newCaller(t)
	body := `{"email":"\u0061nn@example.com","firstName":"\ud83d\uDE00 \\ud83d \"\u00e9","lastName":"\/O\u2019Neill","dateOfBirth":"1980-01-31"}`
	if a := c.post(lookupsPath, body); a.status != http.StatusOK {
		t.Fatalf("%d %s", a.status, a.body)
	}
	q := c.service.lookups[0].Query
	if q.Email.Typed() != "ann@example.com" || q.FirstName != `😀 \ud83d "é` || q.LastName != "/O’Neill" {
		t.Errorf("%q %q %q", q.Email.Typed(), q.FirstName, q.LastName)
	}
}

func TestIdempotencyKey(t *testing.T) {
	for _, test := range []struct {
		name, key string
		good      bool
	}{
		{"one character", "a", true},
		{"UUID", "7f1c3a52-3c0e-4b7e-9d54-0c8f6d2a7e11", true},
		{"printable", ` !"#$%&'()*+,-./09:;<=>?@AZ[\]^_{|}~`, true},
		{"255", strings.Repeat("k", 255), true},
		{"empty", "", false},
		{"256", strings.Repeat("k", 256), false},
		{"tab", "a\tb", false},
		{"newline", "a\nb", false},
		{"delete", "a\x7f", false},
		{"not ASCII", "clé", false},
	} {
		for _, path := range []string{lookupsPath, helpPath} {
			t.Run(path[len(lookupsPath):]+"/"+test.name, func(t *testing.T) {
				c := newCaller(t)
				a := c.call(http.MethodPost, path, map[string]string{"content-type": "application/json", "idempotency-key": test.key}, details(nil))
				switch {
				case !test.good:
					if a.status != http.StatusBadRequest || c.problem(a).Code != "invalid_idempotency_key" || c.service.called() > 0 {
						t.Errorf("%d %s", a.status, a.body)
					}
				case a.status >= 300:
					t.Errorf("%d %s", a.status, a.body)
				case path == lookupsPath && c.service.lookups[0].IdempotencyKey != test.key:
					t.Errorf("key %q", c.service.lookups[0].IdempotencyKey)
				}
			})
		}
	}
	c := newCaller(t)
	c.post(lookupsPath, details(nil))
	if got := c.service.lookups[0].IdempotencyKey; got != "" {
		t.Errorf("a key came from nowhere: %q", got)
	}
}

// TestNote: a note goes with a request to the helpdesk, and with no lookup.
func TestNote(t *testing.T) {
	c := newCaller(t)
	if a := c.post(helpPath, details(m{"note": " I taught in Kent.\r\n\ufffeUntil 1999. "})); a.status != http.StatusAccepted {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if note := c.service.helped[0].Note; note != "I taught in Kent.\nUntil 1999." {
		t.Errorf("note %q", note)
	}
	if a := c.post(helpPath, details(m{"note": strings.Repeat("é", 500)})); a.status != http.StatusAccepted {
		t.Errorf("500 characters: %d", a.status)
	}
	for _, test := range []struct {
		path string
		note any
		want string
	}{
		{helpPath, strings.Repeat("é", 501), "note too_long"}, {helpPath, 7, "note not_text"}, {lookupsPath, "Kent", "note unknown_field"},
	} {
		a := c.post(test.path, details(m{"note": test.note}))
		if codes := c.problem(a).codes(); a.status != http.StatusUnprocessableEntity || !slices.Equal(codes, []string{test.want}) {
			t.Errorf("%s: %d %v, want %s", test.path, a.status, codes, test.want)
		}
	}
}

func TestUnknownMembersAreNamedUpToTwenty(t *testing.T) {
	c := newCaller(t)
	changes := m{"firstName": ""}
	for i := range 300 {
		changes[fmt.Sprintf("x%03d", i)] = i
	}
	p := c.problem(c.post(lookupsPath, details(changes)))
	if len(p.Errors) != 21 || p.Errors[20].Field != "firstName" {
		t.Errorf("%d errors, the last of %s", len(p.Errors), p.Errors[len(p.Errors)-1].Field)
	}
	if figures := c.figures.String(); strings.Contains(figures, "x000") || !strings.Contains(figures, `"field":"unknown"`) {
		t.Errorf("figures %s", figures)
	}
}
