// Package matchcases is a table of cases that every face of the service must answer alike: the complaints that
// teachers and helpdesk have made about matching, and the examples by which its rules are explained. It holds
// test data only. All people in it are made up.
package matchcases
