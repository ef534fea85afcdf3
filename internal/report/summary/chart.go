package summary

import (
	"fmt"
	"html"
	"html/template"
	"strings"
)

// series is one kind of figure over all labels of a column chart.
type series struct {
	Name   string
	Colour string // #rrggbb
	Values []int  // as many as there are labels
}

// The charts need neither script nor style sheet, print in black and white (neighbouring shades differ in lightness,
// and figures stand beside or in a table below), and have a title and a description for screen readers.

// columnChart is a chart of stacked columns, one for each label.
type columnChart struct {
	ID          string // unique in the page
	Title       string
	Description string // what it shows, in words
	Labels      []string
	Series      []series
}

// barChart is a chart of horizontal bars, each with its figure.
type barChart struct {
	ID          string
	Title       string
	Description string
	Colour      string
	Labels      []string
	Values      []int
}

const (
	width = 960
	font  = `font-family="arial, sans-serif" font-size="16" fill="#0b0c0c"`
)

// svg opens a chart of a height, with its text alternative.
func svg(id, title, description string, height int) *strings.Builder {
	b := &strings.Builder{}
	fmt.Fprintf(b, `<svg role="img" aria-labelledby="%[1]s-title %[1]s-desc" viewBox="0 0 %[2]d %[3]d" width="%[2]d" height="%[3]d" %[4]s>`,
		html.EscapeString(id), width, height, font)
	fmt.Fprintf(b, `<title id="%[1]s-title">%[2]s</title><desc id="%[1]s-desc">%[3]s</desc>`,
		html.EscapeString(id), html.EscapeString(title), html.EscapeString(description))
	return b
}

func closed(b *strings.Builder) template.HTML {
	b.WriteString("</svg>")
	return template.HTML(b.String()) // every text in it has been escaped
}

func text(b *strings.Builder, x, y float64, anchor, s string) {
	fmt.Fprintf(b, `<text x="%.1f" y="%.1f" text-anchor="%s">%s</text>`, x, y, anchor, html.EscapeString(s))
}

func rect(b *strings.Builder, x, y, w, h float64, colour string) {
	fmt.Fprintf(b, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" fill="%s"/>`, x, y, w, h, html.EscapeString(colour))
}

// SVG draws the chart.
func (c columnChart) SVG() template.HTML {
	const top, bottom, left, right, height = 44, 36, 64, 24, 360
	b := svg(c.ID, c.Title, c.Description, height)
	x := float64(left)
	for _, s := range c.Series {
		rect(b, x, 6, 16, 16, s.Colour)
		text(b, x+24, 20, "start", s.Name)
		x += 24 + 9*float64(len([]rune(s.Name))) + 28
	}
	most := 0
	for i := range c.Labels {
		sum := 0
		for _, s := range c.Series {
			sum += s.Values[i]
		}
		most = max(most, sum)
	}
	scale := axis(most)
	const plot = float64(height - top - bottom)
	y := func(value int) float64 { return top + plot - plot*float64(value)/float64(scale.top) }
	for tick := 0; tick <= scale.top; tick += scale.step {
		fmt.Fprintf(b, `<line x1="%d" x2="%d" y1="%.1f" y2="%.1[3]f" stroke="#b1b4b6"/>`, left, width-right, y(tick))
		text(b, left-8, y(tick)+5, "end", Thousands(tick))
	}
	slot := float64(width-left-right) / float64(max(len(c.Labels), 1))
	every := max(1, (len(c.Labels)*80+width-left-right-1)/(width-left-right))
	for i, label := range c.Labels {
		x, below := left+slot*float64(i), 0
		for _, s := range c.Series {
			if v := s.Values[i]; v > 0 {
				rect(b, x+slot*0.1, y(below+v), slot*0.8, y(below)-y(below+v), s.Colour)
				below += v
			}
		}
		if i%every == 0 {
			text(b, x+slot/2, height-bottom+22, "middle", label)
		}
	}
	return closed(b)
}

// SVG draws the chart.
func (c barChart) SVG() template.HTML {
	const row, left, right = 36, 330, 90
	b := svg(c.ID, c.Title, c.Description, row*max(len(c.Labels), 1))
	most := 1
	for _, v := range c.Values {
		most = max(most, v)
	}
	for i, label := range c.Labels {
		y := float64(row * i)
		w := float64(width-left-right) * float64(c.Values[i]) / float64(most)
		text(b, left-12, y+23, "end", label)
		rect(b, left, y+6, max(w, 1), row-12, c.Colour)
		text(b, left+w+8, y+23, "start", Thousands(c.Values[i]))
	}
	return closed(b)
}

// scale is an axis from 0 to top with a line at every step.
type scale struct{ top, step int }

// axis returns a scale of at most five round steps that holds the greatest value.
func axis(most int) scale {
	for power := 1; ; power *= 10 {
		for _, of := range []int{1, 2, 5} {
			if step := power * of; step*5 >= most {
				return scale{top: max((most+step-1)/step, 1) * step, step: step}
			}
		}
	}
}

// Thousands writes a number as it is read: 12,345.
func Thousands(n int) string {
	digits := fmt.Sprint(n)
	for i := len(digits) - 3; i > 0 && digits[i-1] != '-'; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}
