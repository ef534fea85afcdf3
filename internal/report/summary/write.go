package summary

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strings"

	"losttrn/internal/report/chart"
	"losttrn/internal/teacher"
)

//go:embed page.html
var pageText string

var page = template.Must(template.New("page").Parse(pageText))

// The colours are the Government Analysis Function's for charts: apart for the colour-blind and in grey.
const (
	darkBlue  = "#12436D"
	turquoise = "#28A197"
	darkPink  = "#801650"
)

const dateForm = "2 January 2006"

// view is the page as its template sees it.
type view struct {
	At, From, To string
	Headlines    []headline
	Sections     []section
}

type headline struct{ Figure, Words string }

// section is a chart with its table.
type section struct {
	ID, Heading, Intro string
	Note               string
	Empty              string // said in place of a chart without figures
	Chart              template.HTML
	Columns            []string
	Rows               []tableRow
}

type tableRow struct {
	Head  string
	Cells []string
}

// Write writes the page.
func Write(to io.Writer, f Figures) error {
	at := f.At.In(teacher.London)
	v := view{
		At: at.Format("3:04pm on Monday " + dateForm), From: noon(f.From).Format(dateForm), To: noon(f.To).Format(dateForm),
		Headlines: f.headlines(),
		Sections:  []section{f.lookupSection(), f.unlockSection(), f.refusalSection(), f.repeatSection()},
	}
	if at.Hour() == 0 && at.Minute() == 0 && at.Second() == 0 {
		v.At = "the beginning of " + at.Format("Monday "+dateForm)
	}
	return page.Execute(to, v)
}

func (f *Figures) headlines() []headline {
	sum := f.total()
	oldest := "nobody is waiting"
	if f.waiting > 0 {
		oldest = "longest wait: " + count(f.oldestWait, "weekday", "weekdays")
	}
	return []headline{
		{chart.Thousands(sum.all()), "lookups"},
		{share(sum.found, sum.all()), "of lookups answered without the helpdesk"},
		{chart.Thousands(f.unlocks[Unlocked]), "accounts unlocked"},
		{chart.Thousands(f.unlocks[Refused]), "unlocks refused"},
		{chart.Thousands(f.repeated), "email addresses that found more than one TRN, ever"},
		{chart.Thousands(f.waiting), "people waiting for the helpdesk; " + oldest},
	}
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
	found := chart.Series{Name: "TRN sent", Colour: darkBlue}
	helpdesk := chart.Series{Name: "Sent to the helpdesk", Colour: turquoise}
	none := chart.Series{Name: "No match", Colour: darkPink}
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
	s.Chart = chart.Columns{ID: "lookups-chart", Title: s.Heading,
		Description: fmt.Sprintf("%s in all: %s sent a TRN, %s sent to the helpdesk, %s without a match. The most were %s (%s). The table below has every figure.",
			count(sum.all(), "lookup", "lookups"), chart.Thousands(sum.found), chart.Thousands(sum.helpdesk), chart.Thousands(sum.notFound),
			chart.Thousands(busiest.counts.all()), busiest.Name),
		Labels: labels, Series: []chart.Series{found, helpdesk, none}}.SVG()
	return s
}

func lookupRow(name string, d dayFigures) tableRow {
	return tableRow{name, []string{chart.Thousands(d.found), chart.Thousands(d.helpdesk), chart.Thousands(d.notFound),
		chart.Thousands(d.all()), share(d.found, d.all())}}
}

func (f *Figures) unlockSection() section {
	return bars(section{
		ID:      "unlocks",
		Heading: "What became of the accounts found",
		Intro:   "For each lookup that sent a TRN: whether the portal account was unlocked.",
		Empty:   "No lookup sent a TRN.",
		Columns: []string{"Outcome", "In unlocks.csv", "Lookups"},
	}, darkBlue, []string{"Unlocked", "Was not locked", "Refused", "Not decided yet"},
		[]string{string(Unlocked), string(NotLocked), string(Refused), string(Pending)},
		[]int{f.unlocks[Unlocked], f.unlocks[NotLocked], f.unlocks[Refused], f.unlocks[Pending]})
}

func (f *Figures) refusalSection() section {
	names, codes, counts := f.refusals()
	return bars(section{
		ID:      "refusals",
		Heading: "Refusals by reason",
		Intro:   "Why locked accounts stayed locked. A refusal can have more than one reason.",
		Empty:   "No unlock was refused.",
		Columns: []string{"Reason", "In unlocks.csv", "Refusals"},
	}, darkPink, names, codes, counts)
}

func (f *Figures) repeatSection() section {
	var labels []string
	for _, group := range repeatGroups {
		labels = append(labels, group.label)
	}
	return bars(section{
		ID:      "repeats",
		Heading: "Email addresses that found more than one TRN",
		Intro:   "Since the service began, whatever days the rest of this page covers. The addresses are in repeat-emails.csv.",
		Note:    count(f.roles, "of them looks like a role mailbox (headteacher@, office@ and the like).", "of them look like role mailboxes (headteacher@, office@ and the like)."),
		Empty:   "No email address has found more than one TRN.",
		Columns: []string{"Found", "Email addresses"},
	}, turquoise, labels, nil, f.repeats)
}

// bars fills a section with a bar and a table row for each label. codes, if given, are a column of their own.
func bars(s section, colour string, labels, codes []string, counts []int) section {
	sum := 0
	var words []string
	for i, label := range labels {
		sum += counts[i]
		cells := []string{chart.Thousands(counts[i])}
		if codes != nil {
			cells = append([]string{codes[i]}, cells...)
		}
		s.Rows = append(s.Rows, tableRow{label, cells})
		words = append(words, label+": "+chart.Thousands(counts[i]))
	}
	if sum == 0 {
		s.Rows, s.Columns, s.Note = nil, nil, ""
		return s
	}
	s.Empty = ""
	s.Chart = chart.Bars{ID: s.ID + "-chart", Title: s.Heading, Description: strings.Join(words, "; ") + ".",
		Colour: colour, Labels: labels, Values: counts}.SVG()
	return s
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return chart.Thousands(n) + " " + many
}

// share is a percentage, to a tenth; never 100.0% or 0.0% unless it is all or none.
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
