package fault_test

import (
	"errors"
	"fmt"
	"testing"

	"losttrn/internal/fault"
)

func TestCodes(t *testing.T) {
	canary := errors.New("canary")
	for _, test := range []struct {
		err          error
		code, reason string
	}{
		{fault.NotFound, "not_found", "not_found"},
		{fault.Invalid, "invalid", "invalid"},
		{fault.Conflict, "conflict", "conflict"},
		{fault.Throttled, "throttled", "throttled"},
		{fault.Unavailable, "unavailable", "unavailable"},
		{canary, "internal", "internal"},
		{fmt.Errorf("doing: %w: %w", fault.Unavailable, canary), "unavailable", "unavailable"},
		{fault.New(fault.Invalid, "unknown_version"), "invalid", "unknown_version"},
		{fmt.Errorf("doing: %w", fault.New(fault.Invalid, "unknown_version")), "invalid", "unknown_version"},
		{errors.Join(canary, fault.New(fault.Conflict, "why")), "conflict", "why"},
	} {
		if got := fault.Code(test.err); got != test.code {
			t.Errorf("%v: code %s, want %s", test.err, got, test.code)
		}
		if got := fault.Reason(test.err); got != test.reason {
			t.Errorf("%v: reason %s, want %s", test.err, got, test.reason)
		}
	}
}

func TestNewKeepsItsKind(t *testing.T) {
	kinds := []error{fault.NotFound, fault.Invalid, fault.Conflict, fault.Throttled, fault.Unavailable}
	for i, kind := range kinds {
		err := fmt.Errorf("doing: %w", fault.New(kind, "why"))
		for j, other := range kinds {
			if errors.Is(err, other) != (i == j) {
				t.Errorf("%v is %v: %t", err, other, i != j)
			}
		}
		if got, want := err.Error(), "doing: "+kind.Error()+": why"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
