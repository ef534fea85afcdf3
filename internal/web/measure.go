package web

import (
	"time"

	"losttrn/internal/lookup"
	"losttrn/internal/metric"
	"losttrn/internal/web/journey"
)

// Metrics takes figures about the form. They are
//
//	questionShown, questionAnswered   by question
//	fieldProblems                     by face, field and code of the message
//	journeysStarted
//	journeysEnded, journeySeconds     by outcome, each result of a journey; asked_helpdesk follows a no_match
//	journeysCompleted                 once a journey: its first result that is no no_match
//	failures                          by face and code
//
// and hold no answers and nothing that tells one person from another.
type Metrics interface {
	Count(name string, n int, dimensions ...metric.Dimension)
	Seconds(name string, took time.Duration, dimensions ...metric.Dimension)
}

func (x *exchange) countShown(f form) {
	x.metrics.Count("questionShown", 1, metric.By("question", f.name))
}

func (x *exchange) countAnswered(f form) {
	x.metrics.Count("questionAnswered", 1, metric.By("question", f.name))
}

func (x *exchange) countProblems(problems []lookup.Problem) {
	for _, p := range problems {
		x.metrics.Count("fieldProblems", 1, metric.By("face", face), metric.By("field", string(p.Field)), metric.By("code", p.Code))
	}
}

func (x *exchange) countStarted() { x.metrics.Count("journeysStarted", 1) }

// countResult counts a result, and records how long the journey took.
func (x *exchange) countResult(j *journey.Journey) {
	outcome := metric.By("outcome", string(j.Outcome))
	x.metrics.Count("journeysEnded", 1, outcome)
	x.metrics.Seconds("journeySeconds", x.clock().Sub(time.Unix(j.Began, 0)), outcome)
	if j.Outcome != lookup.NoMatch {
		x.countCompleted(j)
	}
}

func (x *exchange) countHelpRequested(j *journey.Journey) {
	x.metrics.Count("journeysEnded", 1, metric.By("outcome", "asked_helpdesk"))
	x.countCompleted(j)
}

// countCompleted counts a journey once, so that no more journeys are completed than were started.
func (x *exchange) countCompleted(j *journey.Journey) {
	if !j.Completed {
		j.Completed = true
		x.metrics.Count("journeysCompleted", 1)
	}
}
