// Package matchcases defines cases of matching that every face of the service must decide in the same way: complaints
// by teachers and the helpdesk about matching, and the examples that explain the rules. It holds test data only. All
// people in it are invented.
package matchcases
