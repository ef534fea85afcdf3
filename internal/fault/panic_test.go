package fault_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"losttrn/internal/fault"
)

func TestAPanicIsConfinedWithItsPlace(t *testing.T) {
	for name, fail := range map[string]func() error{
		"panic":   func() error { panic("canary@example.com") },
		"nil map": func() error { noMap()["canary"] = 1; return nil },
	} {
		err := fault.Confine(fail)
		var panicked *fault.PanicError
		if !errors.As(err, &panicked) || !strings.Contains(panicked.At, "TestAPanicIsConfinedWithItsPlace") {
			t.Fatalf("%s: %v", name, err)
		}
		if strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: the value is in %v", name, err)
		}
		if got := fault.Reason(fmt.Errorf("doing: %w", err)); got != "panic" {
			t.Errorf("%s: reason %s", name, got)
		}
	}
	if err := fault.Confine(func() error { return fault.Invalid }); err != fault.Invalid {
		t.Errorf("an error came back as %v", err)
	}
}

// noMap is a map that cannot be written to.
func noMap() map[string]int { return nil }
