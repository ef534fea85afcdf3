package helpdeskcmd

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"losttrn/internal/attribute"
	"losttrn/internal/local/helpdesk"
)

// find prints the stories of a subject, or all that is held about it as JSON.
func (p Program) find(ctx context.Context, desk *helpdesk.Desk, s Settings) error {
	if s.All {
		all, err := desk.FindAll(ctx, s.subject)
		if err != nil {
			return err
		}
		return p.printAll(all)
	}
	held, err := desk.Find(ctx, s.subject)
	if err != nil {
		return err
	}
	stories := held.Stories()
	for i, story := range stories {
		if i > 0 {
			fmt.Fprintln(p.Stdout)
		}
		fmt.Fprintln(p.Stdout, story.Title)
		for _, line := range story.Lines {
			fmt.Fprintf(p.Stdout, "  %-20s  %s\n", line.When(), line.Text)
		}
	}
	if len(stories) == 0 {
		return p.reportNothing(ctx, desk)
	}
	return nil
}

// reportNothing prints that no table holds anything about a subject, and where it may be nevertheless.
func (p Program) reportNothing(ctx context.Context, desk *helpdesk.Desk) error {
	waiting, err := desk.Waiting(ctx)
	if err != nil {
		return err
	}
	if len(waiting) > 0 {
		fmt.Fprintln(p.Stdout, "A match is in no table until it is handled. Some wait: "+strings.Join(waiting, " ")+" `find -all` looks into them.")
	}
	return errors.New("nothing is held under that: no lookup that was handled found a TRN with it in 18 months, and nobody asked for help in 90 days. " +
		"A lookup that found nothing keeps no address: ask for its reference")
}

func (p Program) printAll(everything helpdesk.Everything) error {
	requests := []attribute.Item{}
	for _, id := range slices.Sorted(maps.Keys(everything.Requests)) {
		requests = append(requests, everything.Requests[id])
	}
	all := map[string]any{"copies": everything.Copies, "elsewhere": everything.Elsewhere}
	for name, items := range map[string][]attribute.Item{"teachers": everything.Teachers, "emails": everything.Mailboxes,
		"lookups": everything.Lookups, "helpdeskRequests": requests} {
		plain := []any{}
		for _, item := range items {
			plain = append(plain, object(item))
		}
		all[name] = plain
	}
	messages := []any{}
	for _, m := range everything.Messages {
		body := any(m.Body)
		if json.Valid([]byte(m.Body)) {
			body = json.RawMessage(m.Body)
		}
		messages = append(messages, map[string]any{"queue": m.Queue, "body": body})
	}
	all["messages"] = messages
	encoder := json.NewEncoder(p.Stdout)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(all)
}

func object(item attribute.Item) map[string]any {
	plain := map[string]any{}
	for name, value := range item {
		plain[name] = value
		switch v := value.(type) {
		case *types.AttributeValueMemberS:
			plain[name] = v.Value
		case *types.AttributeValueMemberN:
			plain[name] = json.Number(v.Value)
		case *types.AttributeValueMemberBOOL:
			plain[name] = v.Value
		case *types.AttributeValueMemberNULL:
			plain[name] = nil
		case *types.AttributeValueMemberM:
			plain[name] = object(v.Value)
		case *types.AttributeValueMemberSS:
			plain[name] = v.Value
		case *types.AttributeValueMemberL:
			list := []any{}
			for _, element := range v.Value {
				list = append(list, object(attribute.Item{"": element})[""])
			}
			plain[name] = list
		}
	}
	return plain
}
