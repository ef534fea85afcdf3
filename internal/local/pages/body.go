package pages

import (
	"html/template"
	"strings"
)

// body lays an email's text out as GOV.UK Notify does: a line with # is a
// heading, lines with * make a list, ^ marks an inset, all else are paragraphs.
func body(text string) template.HTML {
	var b strings.Builder
	for block := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n", "\n"), "\n\n") {
		block = strings.Trim(block, "\n")
		switch {
		case block == "":
		case strings.HasPrefix(block, "# "), strings.HasPrefix(block, "## "):
			heading, rest, _ := strings.Cut(block, "\n")
			b.WriteString("<h3>" + escape(strings.TrimLeft(heading, "# ")) + "</h3>")
			b.WriteString(string(body(rest)))
		case strings.HasPrefix(block, "* "), strings.HasPrefix(block, "- "):
			b.WriteString("<ul>")
			for line := range strings.SplitSeq(block, "\n") {
				b.WriteString("<li>" + escape(strings.TrimLeft(line, "*- ")) + "</li>")
			}
			b.WriteString("</ul>")
		case strings.HasPrefix(block, "^"):
			b.WriteString("<blockquote>" + lines(strings.TrimLeft(block, "^ ")) + "</blockquote>")
		case strings.HasPrefix(block, "---"):
			b.WriteString("<hr>")
		default:
			b.WriteString("<p>" + lines(block) + "</p>")
		}
	}
	return template.HTML(b.String()) // every text in it was escaped
}

func lines(block string) string {
	return strings.ReplaceAll(escape(block), "\n", "<br>")
}

func escape(text string) string { return template.HTMLEscapeString(curly(text)) }

// curly makes apostrophes as Notify does.
func curly(text string) string { return strings.ReplaceAll(text, "'", "’") }
