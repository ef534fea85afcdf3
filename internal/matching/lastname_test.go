package matching

import "testing"

func TestLastNamesAgree(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"Smith", "Smith", true},
		{"Smith", "Smith-Jones", true},
		{"Jones", "Smith-Jones", true},
		{"Jones Smith", "Smith-Jones", true},
		{"Smith-Jones", "Jones-Brown", false},
		{"Smith", "Smithson", false},
		{"Mac Donald", "MacDonald", true},
		{"De Souza", "DeSouza", true},
		{"de Souza", "de Silva", false},
		{"de", "de Silva", false},
		{"de", "de", true},
		{"van der Berg", "Berg", true},
		{"van der Berg", "van der Meer", false},
		{"Le", "Le", true}, // a particle in French, a last name in Vietnamese
		{"Le", "Le Roux", false},
		{"O", "O Brien", false},
		{"O Brien", "O'Brien", true},
		{"O Brien", "O Neill", false},
		{"ap Rhys", "Rhys", true},
		{"bin Laden", "bin Said", false},
		{"Müller", "Muller", true},
		{"王", "王", true},
		{"王", "王 李", true},
		{"", "", false},
		{"Smith", "", false},
		{"-", "-", false},
	} {
		for _, pair := range [][2]string{{c.a, c.b}, {c.b, c.a}} {
			m := newMatcher(Person{Last: pair[0]})
			if got := m.lastAgrees(pair[1], &m.lasts); got != c.want {
				t.Errorf("%q, %q: %v", pair[0], pair[1], got)
			}
		}
	}
}

func TestParticlesAreFolded(t *testing.T) {
	for particle := range particles {
		if Fold(particle) != particle {
			t.Errorf("%q folds to %q", particle, Fold(particle))
		}
	}
	for word := range legalNoise {
		if Fold(word) != word {
			t.Errorf("%q folds to %q", word, Fold(word))
		}
	}
}
