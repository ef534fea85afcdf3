// Package load loads a CSV extract of the register of teachers into the `teachers` table.
//
// # The file
//
// UTF-8 (a byte-order mark is passed over), columns parted by commas, cells quoted as in RFC 4180, lines ended by LF
// or CRLF, a header first. Columns are named by the header, in any order:
//
//	column                     attribute                cell
//	trn *                      trn                      seven digits; RP or TRN before them, a slash, spaces about them
//	first_name, last_name *    firstName, lastName      text; one of the two at least
//	middle_name                middleName               text
//	previous_names             previousNames            First|Last; …
//	date_of_birth *            dateOfBirth              YYYY-MM-DD
//	national_insurance_number  nationalInsuranceNumber, ninoKey   letters and digits, spaces between the pairs
//	email                      email, emailKey          one mailbox
//	training_providers         trainingProviders        UKPRN|name; …
//	status                     status, mergedInto       active, deactivated, merged:<trn> or deceased; blank: as stored, else active
//	former_trns                formerTrns               TRN; … (blank: as stored)
//	alerts                     alerts                   id|type|start|end; … (no end: open)
//	locked                     locked                   true, false, or blank: as stored, else false
//	locked_at                  lockedAt                 a time
//	updated_at *               updatedAt                a time: when the register last changed the record
//
// * must be there. locked_at counts only beside a locked that is not blank. A time is RFC 3339 (2025-06-30T14:05:00Z),
// or a date, which is stored as its first moment in UTC and is neither later nor earlier than any time of that day.
// Cells are read strictly: what a spreadsheet makes of a number is no number (package teacher, ParseExtractTRN), and a
// cell that can only be a mistake (mistakes.go) is refused. A column without a name must be blank throughout. A file
// packed with gzip is unpacked. A file that is not this format is refused whole, with a sentence that names its format
// and the remedy; nothing of it is loaded.
//
// # What a row does
//
// A row replaces its record in the file's columns: a blank cell clears the attribute, and attributes without a column
// stay. But:
//
//   - A row older (by updated_at) than what is stored never wins. Within a file the latest row of a TRN wins, whatever
//     the order.
//   - Rows of one time are joined, whatever their order and in however many files: an extract may have a row a
//     qualification. Lists are joined, a value wins over a blank, and whatever forbids wins: an alert, a status that is
//     not active, locked. Where they disagree about who it is, one of them wins with all that identifies (join.go). The
//     summary counts and names such records.
//   - A blank status never undoes a merge, a death or a deactivation, and a blank former_trns takes none away.
//   - A row never locks an account again that this service unlocked, unless its locked_at is later than that unlock.
//   - A load never writes unlockedAt or unlockedBy.
//
// When all rows are stored, the TRN of each record that was merged, and its former ones, go to the record that was
// retained in the end, also over several merges. Merges that go round in a circle, or end at a record that does not
// exist, change nothing, and the summary counts and names them.
//
// Each write is conditional on what was read to decide it, the lock and the unlock included, so a load and an unlock
// at the same moment end as one after the other. Each row stands for itself and loading twice is loading once, so an
// interrupted load is finished by starting it again: rows that are stored already cost half as much as a quick read.
//
// # Rejects
//
// The rejects file is CSV with the columns line, column and reason: one line for each bad cell. The line is the
// physical line in the extract at which the row begins; the header is line 1. The file names no TRN and repeats no
// cell, so it is not a second copy of personal data; the owner of the extract finds the row by its line.
//
// A cell that is only evidence (email, National Insurance number, training providers, previous names) and cannot be
// read is left out, with a line in the rejects, and the record keeps what it has there. Any other bad cell rejects the
// row. Because the content of such a row, perhaps an alert, is not known, it puts the record in doubt (inDoubtSince) if
// its TRN can be read and it is not older than the record. A record in doubt is still found, but not unlocked, until a
// good row comes: a newer one, or one of the same time in a load that rejects no row of that record.
//
// # Full extracts
//
// A full extract is the whole register, so active records that are missing from it have vanished. They are counted, and
// deactivated only on request, which requires the column status, so that a record that comes back is active again. When
// all rows are stored, the deactivation is refused as a whole if more than one in a hundred of the active records have
// vanished, unless that is allowed as well, or if the file has a row whose TRN cannot be read, because the row may be
// of one of them.
package load
