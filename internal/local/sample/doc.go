// Package sample generates a synthetic register of teachers, as the CSV that package load reads. All people are
// invented: every National Insurance number has the prefix QQ, which is never issued, and every email address is at
// example.com.
//
// It resembles a real register in what matters for trying the service: names come in the proportions of Britain, by age
// and heritage; people marry and change their names; some records lack the National Insurance number (a quarter) or the
// email address (three fifths); about two fifths of the accounts are locked; a fiftieth of the records have an open
// alert; and some records are deactivated, of people who have died, or merged into another.
//
// Record i depends on the seed and on i alone (and on whether i+1 exists, which may have been merged into it), so
// a register of any size streams, and the same options give the same bytes on every machine and for ever.
package sample
