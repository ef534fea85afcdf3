// Command texts prints the emails' texts, each in the form to paste into its template in GOV.UK Notify.
package main

import (
	"fmt"

	"losttrn/internal/notify"
)

func main() {
	for _, t := range notify.Templates() {
		fmt.Printf("──── %s, its id is the parameter %s ────\nTemplate name and subject:\n%s\n\nMessage:\n%s\n\n", t.Kind, notify.TemplateParameter(t.Kind), t.Subject, t.Body)
	}
}
