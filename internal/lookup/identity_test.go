package lookup

import (
	"reflect"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"losttrn/internal/teacher"
)

func TestNewIDs(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		id := NewID()
		if !IsID(id) || id[14] != '4' || seen[id] {
			t.Fatalf("%s", id)
		}
		seen[id] = true
	}
}

func TestIsID(t *testing.T) {
	for id, want := range map[string]bool{
		"5b1f6a52-3c0e-4b7e-9d54-0c8f6d2a7e11":   true,
		"5b1f6a52-3c0e-8b7e-bd54-0c8f6d2a7e11":   true,
		"5b1f6a52-3c0e-1b7e-9d54-0c8f6d2a7e11":   false,
		"5b1f6a52-3c0e-4b7e-cd54-0c8f6d2a7e11":   false,
		"5B1F6A52-3C0E-4B7E-9D54-0C8F6D2A7E11":   false,
		"5b1f6a523c0e4b7e9d540c8f6d2a7e11":       false,
		"5b1f6a52-3c0e-4b7e-9d54-0c8f6d2a7e11\n": false,
		"":                                       false, "prime": false,
	} {
		if IsID(id) != want {
			t.Errorf("%q: %t", id, !want)
		}
	}
}

// drawDetails draws details without fault, with a second spelling of the same.
func drawDetails(t *rapid.T) (Details, Details) {
	name := rapid.StringMatching(`[A-Za-zé][a-zé'’ -]{0,20}[a-z]`)
	local := rapid.StringMatching(`[a-z][a-z0-9]{0,8}`).Draw(t, "local")
	digits := rapid.StringMatching(`[0-9]{6}`).Draw(t, "NINO")
	trn := rapid.StringMatching(`[0-9]{7}`).Draw(t, "TRN")
	d := Details{
		Email: local + "@example.com", FirstName: name.Draw(t, "first"), LastName: name.Draw(t, "last"),
		DateOfBirth: TypedDate{rapid.StringMatching(`0[1-9]|1[0-9]`).Draw(t, "day"), rapid.StringMatching(`0[3-9]`).Draw(t, "month"),
			rapid.StringMatching(`19[5-9][0-9]`).Draw(t, "year")},
	}
	if rapid.Bool().Draw(t, "optional") {
		d.MiddleName, d.PreviousFirstName, d.PreviousLastName = name.Draw(t, "middle"), name.Draw(t, "previous first"), name.Draw(t, "previous last")
		d.NINO, d.TRN, d.TrainingProvider = "QQ"+digits+"A", trn, name.Draw(t, "provider")
	}
	again := d
	again.Email = " " + strings.ToUpper(local) + "+tag@EXAMPLE.com"
	again.FirstName, again.LastName = "\u00a0"+norm.NFD.String(d.FirstName)+" ", norm.NFD.String(d.LastName)+"\u200b"
	again.DateOfBirth = TypedDate{strings.TrimPrefix(d.DateOfBirth.Day, "0"), strings.TrimPrefix(d.DateOfBirth.Month, "0"), d.DateOfBirth.Year + " "}
	if d.NINO != "" {
		again.NINO, again.TRN = "qq "+digits[:2]+" "+digits[2:]+".a", trn[:2]+"/"+trn[2:]
	}
	return d, again
}

var checkedOn, _ = teacher.NewDate(2026, 11, 22)

func mustCheck(t *rapid.T, d Details) Query {
	q, errs := d.Check(checkedOn)
	if len(errs) > 0 {
		t.Fatalf("%v", errs)
	}
	return q
}

func TestRepeatableID(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, again := drawDetails(t)
		key := rapid.StringMatching(`[ -~]{1,40}`).Draw(t, "key")
		q := mustCheck(t, d)
		id := repeatableID("secret", key, q)
		if !IsID(id) || id[14] != '8' {
			t.Fatalf("not an id: %s", id)
		}
		if got := repeatableID("secret", key, mustCheck(t, again)); got != id {
			t.Errorf("the same details in another spelling are another lookup")
		}
		if repeatableID("other", key, q) == id {
			t.Error("another secret gives the same id")
		}
		if repeatableID("secret", key+"x", q) == id {
			t.Error("another key gives the same id")
		}
		// Each text changed, and each text moved to the next field.
		fields := reflect.TypeFor[Details]()
		for i := range fields.NumField() {
			other := d
			switch name := fields.Field(i).Name; name {
			case "DateOfBirth":
				other.DateOfBirth.Day = "2" + other.DateOfBirth.Day[1:]
			case "Email":
				other.Email = "x" + other.Email
			case "NINO":
				other.NINO = "QQ123456D"
			case "TRN":
				other.TRN = "12" + rapid.StringMatching(`[0-9]{5}`).Filter(func(s string) bool { return "12"+s != d.TRN }).Draw(t, "other TRN")
			default:
				field := reflect.ValueOf(&other).Elem().Field(i)
				field.SetString("x" + field.String())
			}
			if repeatableID("secret", key, mustCheck(t, other)) == id {
				t.Errorf("another %s gives the same id", fields.Field(i).Name)
			}
		}
		swapped := d
		swapped.MiddleName, swapped.PreviousFirstName = d.PreviousFirstName, d.MiddleName
		if swapped != d && repeatableID("secret", key, mustCheck(t, swapped)) == id {
			t.Error("a text in another field gives the same id")
		}
		for _, text := range []string{q.Email.Typed(), q.LastName, key} {
			if len(text) > 3 && strings.Contains(id, strings.ToLower(text)) && strings.ContainsFunc(text, unicode.IsLetter) {
				t.Errorf("the id holds %q", text)
			}
		}
	})
}

// TestFieldsDoNotRunTogether: what ends one field and begins the next is part of neither.
func TestFieldsDoNotRunTogether(t *testing.T) {
	ids := map[string]string{}
	for name, q := range map[string]Query{
		"ab,c": {FirstName: "ab", MiddleName: "c"}, "a,bc": {FirstName: "a", MiddleName: "bc"}, "abc": {FirstName: "abc"},
		`quoted`: {FirstName: `ab","c`},
	} {
		id := repeatableID("secret", "key", q)
		if other, taken := ids[id]; taken {
			t.Errorf("%s and %s have one id", name, other)
		}
		ids[id] = name
	}
}
