package stack

import "losttrn/internal/local/outbox"

func serviceEmails() (map[string]outbox.Template, error) { return map[string]outbox.Template{}, nil }
