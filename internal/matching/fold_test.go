package matching

import (
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

func TestFold(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""}, {"  ", ""}, {"-", ""}, {"'", ""},
		{"Smith", "smith"}, {"  Anna \t Maria\n", "anna maria"}, {"Smith--Jones", "smith jones"}, {"-Smith-", "smith"},
		{"O'Brien", "obrien"}, {"O’Brien", "obrien"}, {"OʼBrien", "obrien"}, {"O＇Brien", "obrien"}, {"O´Brien", "obrien"}, {"Anna ’", "anna"},
		{"José", "jose"}, {"Jose\u0301", "jose"}, {"JOSÉ", "jose"}, {"Straße", "strasse"}, {"STRAẞE", "strasse"},
		{"Søren", "soren"}, {"Łukasz", "lukasz"}, {"Đorđe", "dorde"}, {"Þór", "thor"}, {"Æthel", "aethel"}, {"Œuvre", "oeuvre"},
		{"Işıl", "isil"}, {"İnci", "inci"}, {"Nguyễn", "nguyen"}, {"Ơn", "on"}, {"ﬁona", "fiona"}, {"Ａｎｎａ", "anna"},
		{"ŉ", "n"}, {"a\u00a8b", "a b"}, {"St. John", "st john"}, {"St.John", "st john"}, {"J.R.", "j r"}, {"Gal·la", "gal la"},
		{"Mary\u2011Ann", "mary ann"}, {"Mary–Ann", "mary ann"}, {"Mary\u2212Ann", "mary ann"}, {"Mary\u00a0Ann", "mary ann"}, {"Mary\u3000Ann", "mary ann"},
		{"\xab", ""}, {"Jos\ufffd", "jos"}, {"Mary\u200bAnn", "maryann"}, {"Ma\u00adry", "mary"}, {"Ann\x00a", "anna"},
		{"شُكْرًا", "شكرا"}, {"Ann\x7fa", "anna"}, {"\x80", ""}, {" Émile-Åsa ", "emile asa"},
		{"Γιώργος", "γιωργοσ"}, {"Алёна", "алена"}, {"Андрей", "андрей"}, {"Її", "її"},
		{"राम", "राम"}, {"राम\tदेव", "राम देव"}, {"रा\x00म", "राम"}, {"रोमा", "रोमा"}, {"مُحَمَّد", "محمد"}, {"محـــمد", "محمد"}, {"أحمد", "أحمد"}, {"שָׁלוֹם", "שלום"},
		{"が", "が"}, {"ｶﾞ", "ガ"}, {"王 明", "王 明"}, {"\u2f00\u0301", "\u4e00\u0301"}, {"マリア・アンナ", "マリア アンナ"}, {"한", "한"},
	} {
		if got := Fold(c.in); got != norm.NFKC.String(c.want) {
			t.Errorf("Fold(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

// One round comes to one space already, not only all rounds together.
func TestOneSpace(t *testing.T) {
	for _, c := range []struct{ in, want string }{{"anna", "anna"}, {"anna - maria", "anna maria"}, {"-anna–", "anna"}, {"・", ""}} {
		if got := oneSpace(c.in); got != c.want {
			t.Errorf("oneSpace(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestFoldIsIdempotent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { checkIdempotent(t, rapid.String().Draw(t, "name")) })
}

// Every single character of Unicode, alone and between letters.
func TestFoldEveryCharacter(t *testing.T) {
	for r := rune(0); r <= 0x2FFFF; r++ {
		checkIdempotent(t, string(r))
		checkIdempotent(t, "a"+string(r)+"b")
	}
}

// The short way through appendFold comes to what the long way does.
func TestFoldLatin(t *testing.T) {
	for r := rune(0x80); r <= 'ſ'; r++ {
		for _, name := range []string{string(r), "a" + string(r) + "b", "a-" + string(r), string(r) + string(r) + "’ " + string(r)} {
			if short, long := Fold(name), foldUnicode(name); short != long {
				t.Errorf("%q: %q, the long way %q", name, short, long)
			}
		}
	}
}

func FuzzFold(f *testing.F) {
	for _, seed := range []string{"O’Brien-Smith", "ŉ", "\u00a8\u0345", "ﷺ", "İ", "\u1fbf\u0301", "Ǆ", "a\xffb"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) { checkIdempotent(t, name) })
}

func checkIdempotent(t interface{ Fatalf(string, ...any) }, name string) {
	once := Fold(name)
	if twice := Fold(once); twice != once {
		t.Fatalf("Fold(%+q) = %+q, folded again %+q", name, once, twice)
	}
	if strings.TrimSpace(once) != once || strings.Contains(once, "  ") {
		t.Fatalf("Fold(%+q) = %+q: spaces", name, once)
	}
	if appended := string(appendFold([]byte("x"), name)); appended != "x"+once {
		t.Fatalf("appendFold(%+q) = %+q, Fold %+q", name, appended, once)
	}
}
