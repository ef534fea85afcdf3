package matching

import "testing"

func TestFamilyNamesNeedASecondWord(t *testing.T) {
	for _, c := range []struct {
		given, recorded, middle string
		want                    bool
	}{
		{"Mohammed Ali", "Mohammed Hassan", "", false},
		{"Mohammed Ali", "Mohammed", "Hassan", false},
		{"Mohammed Ali", "Muhammad Hassan", "", false},
		{"Mo Ali", "Mohammed Hassan", "", false},
		{"Md Ali", "Mohammed Hassan", "", false},
		{"Mohammed Ali", "Mohammed Ali", "", true},
		{"Mohammed Ali", "Muhammad", "Ali", true},
		{"Mohammed Ali", "Mohammed", "", true},
		{"Mohammed", "Mohammed Hassan", "", true},
		{"Mohammed", "Mohammed", "Hassan", true},
		{"Mohammed A", "Mohammed Ali", "", true},
		{"Mohammed Ali", "Mohammed A", "", true},
		{"Mohammed A", "Mohammed Hassan", "", false},
		{"Mohammed Ali", "Mohammed H", "", false},
		{"Mohammed Ali", "Mohammed Alistair", "", false}, // no initial, and another name
		{"Mohammed Alistair", "Mohammed Ali", "", false},
		{"Mary Ann", "Mary Jane", "", false},
		{"Molly Ann", "Mary Jane", "", false}, // a short form of a name that sisters share
		{"Mary Ann", "Molly Jane", "", false},
		{"Mary-Ann", "Maryann", "", true},
		{"Mei Ling", "Mei-Fong", "", false},
		{"Mei Ling", "Meiling", "", true},
		{"Anne Marie", "Anne Louise", "", false},
		{"Jean-Pierre", "Jean-Claude", "", false},
		{"Juan Carlos", "Juan", "Pablo", false},
		{"Abdul Karim", "Abdur", "Rahman", false},
		{"Mohammed Ali", "Ali", "", true}, // often left out
		{"Ali", "Syed Ali", "", true},
		{"Linh", "Thi Linh", "", true},
		{"Mohammed Ali", "Ali Hassan", "", false},
		{"Ann", "Mary Ann", "", false},
		{"Abdul Karim", "Abdul Rahman", "", false},
		{"Sarah Jane", "Sarah Louise", "", true}, // not a name that sisters share
	} {
		if got := firstNameAgrees(c.given, "", c.recorded, c.middle); got != c.want {
			t.Errorf("%q, %q %q: %v", c.given, c.recorded, c.middle, got)
		}
	}
}

func TestFamilyNamesAreFolded(t *testing.T) {
	for name := range familyNames {
		if Fold(name) != name {
			t.Errorf("%q folds to %q", name, Fold(name))
		}
	}
}
