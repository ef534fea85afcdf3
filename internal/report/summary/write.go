package summary

import (
	_ "embed"
	"html/template"
	"io"
	"maps"
	"slices"

	"losttrn/internal/teacher"
)

//go:embed page.html
var pageText string

var page = template.Must(template.New("page").Parse(pageText))

const dateForm = "2 January 2006"

// view is the page as its template sees it.
type view struct {
	At, From, To string
	Warnings     []string
	Headlines    []headline
	Sections     []section
}

type headline struct{ Figure, Words string }

// Write writes the page.
func (f *Figures) Write(to io.Writer) error {
	at := f.At.In(teacher.London())
	v := view{
		At: at.Format("3:04pm on Monday " + dateForm), From: noon(f.From).Format(dateForm), To: noon(f.To).Format(dateForm),
		Warnings: f.warnings(), Headlines: f.headlines(), Sections: f.sections(),
	}
	if at.Hour() == 0 && at.Minute() == 0 && at.Second() == 0 {
		v.At = "the beginning of " + at.Format("Monday "+dateForm)
	}
	return page.Execute(to, v)
}

// warnings returns the warnings above the figures.
func (f *Figures) warnings() []string {
	warnings := slices.Clone(f.Warnings)
	for _, table := range slices.Sorted(maps.Keys(f.unreadable)) {
		n := f.unreadable[table]
		warnings = append(warnings, counted(n, "item of the "+table+" table cannot be read and is in no report: unreadable.csv names it.",
			"items of the "+table+" table cannot be read and are in no report: unreadable.csv names them."))
	}
	return warnings
}
