package sample_test

import (
	"os"
	"strings"
	"testing"

	"losttrn/internal/local/sample"
)

// TestReadmeNamesThePeople: whom the README tells a newcomer to try is in the register.
func TestReadmeNamesThePeople(t *testing.T) {
	readme, err := os.ReadFile("../../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range sample.People()[:3] {
		line := "| " + p.FirstName + " " + p.LastName + ", born " + p.DateOfBirth + ", " + p.NINO + " |"
		if !strings.Contains(string(readme), line) {
			t.Errorf("the README has no line %q", line)
		}
	}
}
