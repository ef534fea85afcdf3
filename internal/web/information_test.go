package web_test

import (
	"regexp"
	"testing"
)

var announced = regexp.MustCompile(`(?s)[^>]*:</p>\s*(<\w+)`)

// TestWhatAColonAnnouncesFollows: on pages of several paragraphs, a list stands right below the words that announce it.
func TestWhatAColonAnnouncesFollows(t *testing.T) {
	c := newClient(t)
	lists := 0
	for _, path := range []string{"/", "/privacy", "/accessibility", "/cookies"} {
		for _, found := range announced.FindAllStringSubmatch(c.get(path).body, -1) {
			if lists++; found[1] != "<ul" {
				t.Errorf("%s: %q is followed by %s", path, found[0], found[1])
			}
		}
	}
	if lists < 5 {
		t.Errorf("only %d announced lists found", lists)
	}
}
