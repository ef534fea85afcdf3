// Package report makes the helpdesk's reports from exports of the emails, lookups and helpdeskRequests tables:
//
//	helpdesk.xlsx          the lists below, one sheet each
//	repeat-emails.csv      one row for each mailbox that found more than one TRN, most TRNs first
//	unlocks.csv            one row for each matched lookup of the last 31 days, or the days asked for, oldest first
//	helpdesk-requests.csv  one row for each person who waits for the helpdesk, oldest first
//	undelivered.csv        one row for each TRN email that did not arrive
//	pending.csv            one row for each matched lookup that was not decided within an hour
//	unreadable.csv         one row for each attribute that cannot be read; its item is in no report
//	summary.html           the figures, on one page to print
//	report.sqlite          the database that they are made from
//	report.json            what was made: the moment reported, the days covered, rows and SHA-256 of the files
//
// The reports are queries: the exports are read into an SQLite file (sql/schema.sql), tables that several reports join
// are made once (sql/prepare.sql), and each list is a query in a file of its own. A heading that ends with (London)
// marks a column of times. Two SQL functions are defined here: london(ms) writes a time as the CSV files do but without
// milliseconds, texts(column) joins the different texts of a group.
//
// The CSV files and the page depend on the exports, the days asked for and the moment of the report before, and on
// nothing else, so making them twice gives the same bytes; the workbook and the database hold the same things, in an
// order of their own. All files are made in a local folder and published only then (package publish), so that a damaged
// export leaves no part of a report anywhere. The pieces: package dataset reads exports, sheet writes CSV and workbook,
// summary the page, bucket is S3, export asks DynamoDB for the exports.
//
// Memory is bounded whatever the size of the exports: a line and two buffers for each worker, a cache of the database of
// 16 MiB, a buffer for each sheet, and some numbers for each mailbox that found several TRNs and each request.
package report
