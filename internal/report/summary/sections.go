package summary

import (
	"fmt"
	"html/template"
	"strings"

	"losttrn/internal/unlocking"
)

// The colours are the Government Analysis Function's for charts: apart for the colour-blind and in grey.
const (
	darkBlue  = "#12436D"
	turquoise = "#28A197"
	darkPink  = "#801650"
)

// section is a chart with its table.
type section struct {
	ID, Heading, Intro string
	Note               string
	Empty              string // said in place of a chart without figures
	Chart              template.HTML
	Columns            []string
	Coded              bool // the second column holds the code that stands in the lists
	Rows               []tableRow
}

type tableRow struct {
	Head  string
	Cells []string
}

func (f *Figures) headlines() []headline {
	sum := f.total()
	oldest := "nobody is waiting"
	if f.counts.Waiting > 0 {
		oldest = "longest wait: " + counted(f.oldestWait, "working day", "working days")
	}
	asked := f.asked["no_match"] + f.asked["several"] + f.asked["crowded_birthday"]
	return []headline{
		{Thousands(sum.all()), "lookups"},
		{share(sum.found, sum.all()), "of lookups found at once"},
		{Thousands(asked), "journeys that ended with the helpdesk; " + share(asked, asked+sum.found) + " of those that ended with it or with a TRN"},
		{Thousands(f.unlocked()), "accounts unlocked"},
		{Thousands(f.refused()), "unlocks refused"},
		{Thousands(f.counts.Bounced), "TRN emails not delivered"},
		{Thousands(f.counts.Repeats), "email addresses that found more than one TRN, ever; " + Thousands(f.counts.NewRepeats) + " new since the report before"},
		{Thousands(f.counts.Waiting), "people waiting for the helpdesk, " + Thousands(f.counts.NewWaiting) + " new since the report before; " + oldest},
	}
}

func (f *Figures) sections() []section {
	return []section{f.lookupSection(), f.helpdeskSection(), f.unlockSection(), f.refusalSection(), f.deliverySection(), f.repeatSection(), f.waitingSection()}
}

func (f *Figures) lookupSection() section {
	periods, each := f.periods()
	sum := f.total()
	s := section{
		ID:      "lookups",
		Heading: "Lookups a " + each + " by outcome",
		Intro:   "A lookup is one search with the details that a person gave. “TRN sent” means that exactly one record matched.",
		Columns: []string{strings.ToUpper(each[:1]) + each[1:], "TRN sent", "Sent to the helpdesk", "No match", "All", "TRN sent, share"},
	}
	found := series{Name: "TRN sent", Colour: darkBlue}
	helpdesk := series{Name: "Sent to the helpdesk", Colour: turquoise}
	none := series{Name: "No match", Colour: darkPink}
	var labels []string
	busiest := period{}
	for _, p := range periods {
		labels = append(labels, p.Label)
		found.Values = append(found.Values, p.counts.found)
		helpdesk.Values = append(helpdesk.Values, p.counts.helpdesk)
		none.Values = append(none.Values, p.counts.notFound)
		s.Rows = append(s.Rows, lookupRow(p.Name, p.counts))
		if p.counts.all() > busiest.counts.all() {
			busiest = p
		}
	}
	s.Rows = append(s.Rows, lookupRow("All", sum))
	if sum.all() == 0 {
		s.Empty, s.Rows, s.Columns = "There were no lookups.", nil, nil
		return s
	}
	s.Chart = columnChart{ID: "lookups-chart", Title: s.Heading,
		Description: fmt.Sprintf("%s in all: %s sent a TRN, %s sent to the helpdesk, %s without a match. The most were %s (%s). The table below has every figure.",
			counted(sum.all(), "lookup", "lookups"), Thousands(sum.found), Thousands(sum.helpdesk), Thousands(sum.notFound),
			Thousands(busiest.counts.all()), busiest.Name),
		Labels: labels, Series: []series{found, helpdesk, none}}.SVG()
	return s
}

func lookupRow(name string, d dayFigures) tableRow {
	return tableRow{name, []string{Thousands(d.found), Thousands(d.helpdesk), Thousands(d.notFound),
		Thousands(d.all()), share(d.found, d.all())}}
}

func (f *Figures) helpdeskSection() section {
	return bars(section{
		ID:      "journeys",
		Heading: "Journeys that ended with the helpdesk",
		Intro:   "Requests to the helpdesk made in these days, whether answered since or not.",
		Empty:   "Nobody asked the helpdesk.",
		Columns: []string{"Why", "In helpdesk-requests", "Requests"},
	}, turquoise, f.asked, []Words{{"no_match", "Asked after no match"}, {"several", "Several records matched"},
		{"crowded_birthday", "Too many people share the birthday"}})
}

func (f *Figures) unlockSection() section {
	s := section{
		ID:      "unlocks",
		Heading: "What became of the accounts found",
		Intro:   "For each lookup that sent a TRN: whether the portal account was unlocked.",
		Empty:   "No lookup sent a TRN.",
		Columns: []string{"Outcome", "In unlocks", "Lookups"},
	}
	if n := f.counts.Pending; n > 0 {
		s.Note = fmt.Sprintf("%s not decided for more than an hour; see pending: %s.", counted(n, "lookup was", "lookups were"), some(f.pending))
	}
	return bars(s, darkBlue, f.unlocks, []Words{{string(unlocking.Unlocked), "Unlocked"}, {string(unlocking.NotLocked), "Was not locked"},
		{string(unlocking.Refused), "Refused"}, {Pending, "Not decided yet"}})
}

// listed is how many references stand in the page.
const listed = 10

func some(references []string) string {
	if len(references) <= listed {
		return strings.Join(references, ", ")
	}
	return strings.Join(references[:listed], ", ") + " and others"
}

func (f *Figures) refusalSection() section {
	names, codes, counts := f.refusals()
	return chartOf(section{
		ID:      "refusals",
		Heading: "Refusals by reason",
		Intro:   "Locked accounts stayed locked because of these. A refusal can have more than one reason.",
		Empty:   "No unlock was refused.",
		Columns: []string{"Reason", "In unlocks", "Refusals"},
	}, darkPink, names, codes, counts)
}

func (f *Figures) deliverySection() section {
	return bars(section{
		ID:      "deliveries",
		Heading: "What became of the TRN emails",
		Intro:   "As GOV.UK Notify said at last. Those that did not arrive are in undelivered.",
		Empty:   "No TRN was sent.",
		Columns: []string{"Delivery", "In unlocks", "TRN emails"},
	}, darkBlue, f.deliveries, []Words{{"delivered", "Delivered"}, {"permanent-failure", "No such mailbox"}, {"temporary-failure", "The mailbox took no mail for days"},
		{"technical-failure", "A fault between the mail servers"}, {"no_receipt", "Sent, and nothing heard yet"}, {"not_sent", "Not sent yet"}})
}

func (f *Figures) repeatSection() section {
	s := section{
		ID:      "repeats",
		Heading: "Email addresses that found more than one TRN",
		Intro:   "Since the service began, whatever days the rest of this page covers. The addresses are in repeat-emails.",
		Note:    counted(f.roles, "of them looks like a role mailbox (headteacher@, office@ and the like).", "of them look like role mailboxes (headteacher@, office@ and the like)."),
		Empty:   "No email address has found more than one TRN.",
		Columns: []string{"Found", "Email addresses"},
	}
	return chartOf(s, turquoise, labels(repeatGroups), nil, f.repeats)
}

func (f *Figures) waitingSection() section {
	s := section{
		ID:      "waiting",
		Heading: "People waiting, and how long",
		Intro:   "Working days of England since each person's first unanswered request. The people are in helpdesk-requests.",
		Empty:   "Nobody is waiting.",
		Columns: []string{"Waiting for", "People"},
	}
	if f.foundSince > 0 {
		s.Note = counted(f.foundSince, "of them has had a TRN found since, and stands last in the list.", "of them have had a TRN found since, and stand last in the list.")
	}
	return chartOf(s, darkPink, labels(waitGroups), nil, f.waiting)
}

func labels(groups []group) (list []string) {
	for _, g := range groups {
		list = append(list, g.label)
	}
	return list
}

// bars fills a section with the figures of each code, in the order of the words; codes without words come last.
func bars(s section, colour string, figures map[string]int, words []Words) section {
	view := Figures{reasons: figures, Reasons: words}
	names, codes, counts := view.refusals()
	return chartOf(s, colour, names, codes, counts)
}

// chartOf fills a section with a bar and a table row for each label. codes, if given, are a column of their own.
func chartOf(s section, colour string, labels, codes []string, counts []int) section {
	sum := 0
	var words []string
	for i, label := range labels {
		sum += counts[i]
		cells := []string{Thousands(counts[i])}
		if codes != nil {
			cells = append([]string{codes[i]}, cells...)
		}
		s.Rows = append(s.Rows, tableRow{label, cells})
		words = append(words, label+": "+Thousands(counts[i]))
	}
	s.Coded = codes != nil
	if sum == 0 {
		s.Rows, s.Columns, s.Note = nil, nil, ""
		return s
	}
	s.Empty = ""
	s.Chart = barChart{ID: s.ID + "-chart", Title: s.Heading, Description: strings.Join(words, "; ") + ".",
		Colour: colour, Labels: labels, Values: counts}.SVG()
	return s
}

func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return Thousands(n) + " " + many
}

// share returns a percentage, to a tenth; never 100.0% or 0.0% unless it is all or none.
func share(part, all int) string {
	switch {
	case all == 0:
		return "–"
	case part == 0:
		return "0%"
	case part == all:
		return "100%"
	}
	tenths := (part*2000 + all) / (all * 2)
	tenths = min(max(tenths, 1), 999)
	return fmt.Sprintf("%d.%d%%", tenths/10, tenths%10)
}
