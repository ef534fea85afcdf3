// Package register stores the register of teachers, in the `teachers` table.
//
//	attribute                type       what
//	trn                      S  key     the TRN, seven digits
//	firstName, middleName,
//	lastName                 S          the current name as written
//	previousNames            L of M     {firstName, lastName}
//	dateOfBirth              S          YYYY-MM-DD; key of the index byDateOfBirth
//	nationalInsuranceNumber  S          upper case, no spaces
//	ninoKey                  S          its first eight characters (teacher.NINO.Body); key of the index
//	                                    byNationalInsuranceNumber
//	email                    S          as in the register
//	emailKey                 S          normalised (teacher.EmailKey); key of the index byEmail
//	trainingProviders        L of M     {ukprn, name}, either or both
//	status                   S          active, deactivated, merged or deceased
//	statusAt                 S          the time of the row that said so, if it is not updatedAt
//	mergedInto               S          the surviving TRN of a merged record
//	formerTrns               L of S     TRNs of the records that this one absorbed
//	absorbedTrns             L of S     those of them that merges in the register brought
//	alerts                   L of M     {id, type, startDate, endDate}; no endDate: open
//	inDoubtSince             S          the time of a row that a load rejected: nothing is unlocked until a good row comes
//	locked                   BOOL       whether the portal account is locked
//	lockedAt                 S          when it was locked, if the register says
//	unlockedAt               S          when this service unlocked it
//	unlockedBy               S          the lookup id that unlocked it
//	updatedAt                S          when the register last changed the record
//	joinedWithDay            S          the day of a row without a time that was joined with the record
//
// Blank attributes are left out. Times are RFC 3339 in UTC with milliseconds. The indexes project what matching
// reads and never the lock or alerts. Store reads it for lookups and makes the one change that the
// service makes to it, the unlock; Records reads and writes it for package load. The table keeps a record for as long as the register does.
package register
