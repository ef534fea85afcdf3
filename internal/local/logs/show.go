package logs

import (
	"fmt"
	"io"
	"strings"
)

// Terminal's colours.
const (
	plainColour = "\x1b[0m"
	dim         = "\x1b[2m"
	bold        = "\x1b[1m"
	red         = "\x1b[31m"
	yellow      = "\x1b[33m"
)

// functionColours tell the functions apart.
var functionColours = map[string]string{
	"lookup": "\x1b[36m", "unlock": "\x1b[35m", "notify": "\x1b[34m", "receipts": "\x1b[94m", "load": "\x1b[95m",
	"export": "\x1b[32m", "report": "\x1b[92m",
}

// Show writes a line in a readable form: its time, function and event, then its fields.
func Show(w io.Writer, l Line, colour bool) {
	paint := func(code, text string) string {
		if !colour || code == "" || text == "" {
			return text
		}
		return code + text + plainColour
	}
	clock := "        "
	if !l.Time.IsZero() {
		clock = l.Time.Local().Format("15:04:05")
	}
	message := paint(bold, l.Message)
	switch l.Level {
	case "ERROR":
		message = paint(red, "ERROR "+l.Message)
	case "WARN":
		message = paint(yellow, "WARN "+l.Message)
	}
	var b strings.Builder
	for _, f := range l.Fields {
		value := plain(f.Value)
		if strings.ContainsAny(value, " \"\n\t") && value[0] != '{' {
			value = fmt.Sprintf("%q", value)
		}
		b.WriteString(" " + paint(dim, f.Name+"=") + value)
	}
	fmt.Fprintf(w, "%s %s %s%s\n", paint(dim, clock), paint(functionColours[l.Function], fmt.Sprintf("%-8s", l.Function)), message, b.String())
}
