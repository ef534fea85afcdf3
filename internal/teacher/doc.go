// Package teacher defines the values of the service: the teacher reference number (TRN), the National Insurance number
// (NINO), the email address, dates, and the register's record of a teacher.
//
// The values cannot be built invalid: each has a Parse function that cleans and checks what a person or a
// file gave, and a zero value that means "absent". TRN, NINO and Email mask themselves when they are printed
// or logged, because a log must never hold one; the methods Digits, Normalised and Typed give the real text.
//
// The package is pure: no clock, no network, no storage.
package teacher
