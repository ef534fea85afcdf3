package fault_test

import (
	"errors"
	"io"
	"strings"
	"testing"

	"losttrn/internal/fault"
)

func fails(text string) error { panic(text) }

func TestConfine(t *testing.T) {
	if err := fault.Confine(func() error { return io.EOF }); err != io.EOF {
		t.Errorf("an error: %v", err)
	}
	for name, do := range map[string]func() error{
		"TestConfine":      func() error { panic("canary@example.com") },
		"fault_test.fails": func() error { return fails("canary@example.com") },
		"TestConfine.":     func() error { var none []string; return errors.New(none[0]) },
	} {
		err := fault.Confine(do)
		raised, ok := errors.AsType[*fault.Panic](err)
		if !ok || !strings.Contains(raised.At, name) || strings.HasSuffix(raised.At, ":0") || strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
