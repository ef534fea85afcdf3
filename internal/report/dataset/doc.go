// Package dataset reads the exports of tables that DynamoDB writes to S3, from the bucket or from a downloaded folder.
//
//	[prefix/]AWSDynamoDB/<export id>/manifest-summary.json   what was exported, when, how many items; the last to be written
//	                                 manifest-files.json     a JSON object a line: key, MD5 and item count of a data file
//	                                 manifest-*.checksum     MD5 of each, base64
//	                                 data/<name>.json.gz     an item a line, in no order
//
// An export is read completely or refused: every file's MD5 and item count is checked, and the sum of the counts, so
// that no report lacks rows unnoticed. A refusal is one sentence that begins with the file's name. Lines are streamed;
// at most one line of each worker (MaxLine) is in memory.
package dataset
