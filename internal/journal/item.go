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
	q := r.Query
	details := attribute.Item{}
	for field, text := range map[lookup.Field]string{
		lookup.FieldEmail:             q.Email.Typed(),
		lookup.FieldFirstName:         q.FirstName,
		lookup.FieldMiddleName:        q.MiddleName,
		lookup.FieldLastName:          q.LastName,
		lookup.FieldPreviousFirstName: q.PreviousFirstName,
		lookup.FieldPreviousLastName:  q.PreviousLastName,
		lookup.FieldDateOfBirth:       q.DateOfBirth.ISO(),
		lookup.FieldNINO:              q.NINO.Normalised(),
		lookup.FieldTRN:               q.TRN.Digits(),
		lookup.FieldTrainingProvider:  q.TrainingProvider,
	} {
		attribute.Put(details, string(field), text)
	}
	item := attribute.Item{
		"lookupId":    attribute.String(r.LookupID),
		"why":         attribute.String(r.Why),
		"details":     attribute.Map(details),
		"requestedAt": attribute.Time(r.RequestedAt),
		"expiresAt":   attribute.Epoch(r.RequestedAt.AddDate(0, 0, requestDays)),
	}
	if len(r.Candidates) > 0 {
		digits := make([]string, len(r.Candidates))
		for i, trn := range r.Candidates {
			digits[i] = trn.Digits()
		}
		item["candidateTrns"] = attribute.Strings(digits)
	}
	return item
}

// requestOf reads as much of a kept request as acknowledging it needs: who asked, and where to write to.
func requestOf(item attribute.Item) (lookup.HelpdeskRequest, error) {
	details := attribute.Nested(item, "details")
	email, err := teacher.ParseEmail(attribute.Text(details, string(lookup.FieldEmail)))
	if err != nil {
		return lookup.HelpdeskRequest{}, fmt.Errorf("kept helpdesk request: email: %w", err)
	}
	at, err := time.Parse(message.TimeFormat, attribute.Text(item, "requestedAt"))
	if err != nil {
		return lookup.HelpdeskRequest{}, fmt.Errorf("kept helpdesk request: requestedAt: %w", err)
	}
	return lookup.HelpdeskRequest{
		LookupID: attribute.Text(item, "lookupId"),
		Why:      attribute.Text(item, "why"),
		Query: lookup.Query{
			Email:     email,
			FirstName: attribute.Text(details, string(lookup.FieldFirstName)),
			LastName:  attribute.Text(details, string(lookup.FieldLastName)),
		},
		RequestedAt: at,
	}, nil
}
