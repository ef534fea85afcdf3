package web_test

import (
	"context"

	"losttrn/internal/lookup"
)

// nobodyHome is a service that is never asked.
type nobodyHome struct{}

func (nobodyHome) Lookup(context.Context, lookup.Request) (lookup.Answer, error) {
	return lookup.Answer{}, nil
}

func (nobodyHome) Peek(context.Context, string, lookup.Query) (bool, error) { return false, nil }

func (nobodyHome) RequestHelp(context.Context, string, lookup.Request) error { return nil }

func noSecrets(context.Context) (string, error) { return "", nil }
