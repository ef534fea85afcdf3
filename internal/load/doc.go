// Package load loads a CSV extract of the register of teachers into the `teachers` table.
//
// # The file
//
// UTF-8 (a byte-order mark is passed over), columns parted by commas, cells quoted as in RFC 4180, lines ended by LF
// or CRLF, a header first. Columns are named by the header, in any order:
//
//	column                     attribute                cell
//	trn *                      trn                      seven digits
//	first_name, last_name *    firstName, lastName      text; one of the two at least
//	middle_name                middleName               text
//	previous_names             previousNames            First|Last; …
//	date_of_birth *            dateOfBirth              YYYY-MM-DD
//	national_insurance_number  nationalInsuranceNumber  as people write it
//	email                      email, emailKey          one mailbox
//	training_providers         trainingProviders        UKPRN|name; …
//	status                     status, mergedInto       active (also if blank), deactivated, merged:<trn> or deceased
//	former_trns                formerTrns               TRN; …
//	alerts                     alerts                   id|type|start|end; … (no end: open)
//	locked                     locked                   true, false, or blank: as stored, else false
//	locked_at                  lockedAt                 a time
//	updated_at *               updatedAt                a time: when the register last changed the record
//
// * must be there. locked_at counts only beside a locked that is not blank. A time is RFC 3339
// (2025-06-30T14:05:00Z), or a date, which is its first moment in UTC. A file whose header lacks a column that must be
// there, or names one that is not in this list, is refused whole, as is one that is not UTF-8 by its header; nothing
// of it is loaded. Anything wrong further down makes a reject of that row.
//
// # What a row does
//
// The row is the whole truth about its record as far as the file has columns: a blank cell clears the attribute, a
// column that the file does not have leaves it as it is. But:
//
//   - A row older (by updated_at) than what is stored never wins. Within a file the latest row of a TRN wins, whatever
//     the order. At equal times the row that comes later wins, in a file or in a later file, so that a corrected
//     extract of the same day is not lost; if it says the same as what is stored, nothing is written.
//   - A row never locks an account again that this service unlocked, unless its locked_at is later than that unlock.
//   - A load never writes unlockedAt or unlockedBy.
//
// Each write is conditional on what was read to decide it, the lock and the unlock included, so a load and an unlock
// at the same moment end as one after the other. Each row stands for itself and loading twice is loading once, so an
// interrupted load is finished by starting it again: rows that are stored already cost half as much as a quick read.
//
// # Rejects
//
// The rejects file is CSV with the columns line, column and reason: one line for each bad cell. The line is the
// physical line in the extract at which the row begins; the header is line 1. The file names no TRN and repeats no
// cell, so it is no second copy of personal data: whoever owns the extract finds the row by its line.
//
// # Full extracts
//
// A full extract is the whole register, so active records that it lacks have vanished. They are counted, and
// deactivated only if that is asked. It takes the column status, so that a record that comes back is active again. It
// is refused if more than one in a hundred of the active records have vanished, unless that is allowed as well; and
// if the file has a row whose TRN cannot be read, because the row may be of one of them.
package load
