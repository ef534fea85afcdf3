package helpdesk

import (
	"fmt"

	"losttrn/internal/attribute"
)

// keeps lists what an erasure keeps, and why.
func (d *Desk) keeps(s Subject, held Held) []string {
	var kept []string
	for _, item := range held.Teachers {
		kept = append(kept, fmt.Sprintf("Kept: the record of TRN %s in the table teachers, because it is the register's; the register's owner corrects it there.",
			attribute.Text(item, "trn")))
	}
	for _, item := range held.Mailboxes {
		if !s.TRN.IsZero() && several(item) {
			kept = append(kept, fmt.Sprintf("Kept: TRN %s in the record of the mailbox %s, which found others too, because the rule that such an email unlocks nobody is for ever.",
				s.TRN.Digits(), attribute.Text(item, "email")))
		}
	}
	if !s.TRN.IsZero() {
		kept = append(kept, "Kept: requests of other people in which this TRN is one of several candidates, or was typed; they are those people's, and go after 90 days at the latest. "+
			"A request of the teacher's own is found by the email address in it: erase that too.")
	}
	return append(kept, "Kept: the counts of the table limits, which are HMACs that name nobody and expire by themselves, and the logs, which hold ids and codes.")
}

// remains lists what cannot be erased at once, and until when it remains.
func (d *Desk) remains() []string {
	day := func(days int) string { return d.Clock().In(london).AddDate(0, 0, days).Format("2 January 2006") }
	return []string{
		fmt.Sprintf("What was deleted remains in the tables' backups (point-in-time recovery) until %s: whoever restores one erases again.", day(backupDays)),
		fmt.Sprintf("It remains in exports made before now until %s, and in reports until %s.", day(exportDays), day(reportDays)),
		fmt.Sprintf("GOV.UK Notify keeps the emails that it sent until %s.", day(exportDays)),
	}
}

// elsewhere lists the places that may hold more and cannot be searched by key.
var elsewhere = []string{
	fmt.Sprintf("Backups of the tables (point-in-time recovery) keep what was changed or deleted for %d days.", backupDays),
	fmt.Sprintf("Exports of the tables are kept for %d days, and reports made of them for %d; they hold nothing that the tables did not.", exportDays, reportDays),
	fmt.Sprintf("GOV.UK Notify keeps the emails that it sent for %d days.", exportDays),
	"The table limits holds counts under HMACs, which name nobody; logs hold ids and codes.",
}
