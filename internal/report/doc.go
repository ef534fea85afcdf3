// Package report makes the helpdesk's reports from exports of the emails, lookups and helpdeskRequests tables:
//
//	repeat-emails.csv      an email address a row that found more than one TRN, most TRNs first
//	unlocks.csv            a matched lookup a row, of the last 31 days or the days asked for, oldest first
//	helpdesk-requests.csv  a person a row who waits for the helpdesk, oldest first
//	summary.html           the figures, on one page to print
//	report.json            what was made: the moment reported, the days covered, rows and SHA-256 of each file
//
// The files depend on the exports and the days asked for and on nothing else, so making them twice gives the same
// bytes. They are made in a folder of this machine and only then published (package publish): a damaged export
// leaves no part of a report anywhere.
//
// Memory is bounded whatever the size of the exports: a line and two buffers for each worker, a fixed amount for
// each sorting (package spill), a count for each day, and eight bytes for each address that found more TRNs than
// its item can hold.
package report
