package unlocking

import "testing"

func TestEveryRuleHasWords(t *testing.T) {
	for _, rule := range rules {
		if words := reasonWords[rule.reason]; words == "" || rule.reason.Words() != words {
			t.Errorf("%s has no words", rule.reason)
		}
	}
	if got := Reason("of_a_later_version").Words(); got != "of_a_later_version" {
		t.Errorf("a reason of a later version: %q", got)
	}
}
