package journal

import (
	"fmt"
	"time"

	"losttrn/internal/attribute"
	"losttrn/internal/lookup"
	"losttrn/internal/message"
	"losttrn/internal/teacher"
)

func lookupItem(lookupID string, outcome lookup.Outcome, at time.Time) attribute.Item {
	return attribute.Item{
		"lookupId":   attribute.String(lookupID),
		"receivedAt": attribute.Time(at),
		"outcome":    attribute.String(string(outcome)),
		"reference":  attribute.String(lookup.Reference(lookupID)),
		"expiresAt":  attribute.Epoch(at.AddDate(0, lookupMonths, 0)),
	}
}

func outcomeOf(item attribute.Item) lookup.Outcome {
	return lookup.Outcome(attribute.Text(item, "outcome"))
}

func requestItem(r lookup.HelpdeskRequest) attribute.Item {
	details := attribute.Item{}
	for _, field := range lookup.Fields() {
		attribute.Put(details, string(field), r.Query.Text(field))
	}
	item := attribute.Item{
		"lookupId":    attribute.String(r.LookupID),
		"why":         attribute.String(r.Why),
		"details":     attribute.Map(details),
		"emailKey":    attribute.String(r.Query.Email.Key().Text()),
		"requestedAt": attribute.Time(r.RequestedAt),
		"expiresAt":   attribute.Epoch(r.RequestedAt.AddDate(0, 0, requestDays)),
	}
	attribute.Put(item, "note", r.Note)
	if len(r.Candidates) > 0 {
		digits := make([]string, len(r.Candidates))
		for i, trn := range r.Candidates {
			digits[i] = trn.Digits()
		}
		item["candidateTrns"] = attribute.Strings(digits)
	}
	return item
}

// requestOf reads a kept request.
func requestOf(item attribute.Item) (lookup.HelpdeskRequest, error) {
	details := attribute.Nested(item, "details")
	query, err := lookup.RestoreQuery(func(f lookup.Field) string { return attribute.Text(details, string(f)) })
	if err != nil {
		return lookup.HelpdeskRequest{}, fmt.Errorf("kept helpdesk request: %w", err)
	}
	at, err := time.Parse(message.TimeFormat, attribute.Text(item, "requestedAt"))
	if err != nil {
		return lookup.HelpdeskRequest{}, fmt.Errorf("kept helpdesk request: requestedAt: %w", err)
	}
	var candidates []teacher.TRN
	for _, digits := range attribute.Texts(item, "candidateTrns") {
		trn, err := teacher.ParseTRN(digits)
		if err != nil {
			return lookup.HelpdeskRequest{}, fmt.Errorf("kept helpdesk request: candidateTrns: %w", err)
		}
		candidates = append(candidates, trn)
	}
	return lookup.HelpdeskRequest{
		LookupID:    attribute.Text(item, "lookupId"),
		Why:         attribute.Text(item, "why"),
		Candidates:  candidates,
		Query:       query,
		Note:        attribute.Text(item, "note"),
		RequestedAt: at,
	}, nil
}
