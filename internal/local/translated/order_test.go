//go:build template

package translated_test

import "testing"

// TestOrder: CloudFormation can create every state in some order, and nothing in it is larger than AWS takes.
func TestOrder(t *testing.T) {
	for _, s := range states(t) {
		t.Run(s.name, func(t *testing.T) {
			stack := evaluate(t, s)
			order, err := read(t).Order(func(condition string) bool { return stack.Conditions[condition] })
			if err != nil {
				t.Fatal(err)
			}
			if len(order) < 100 {
				t.Errorf("only %d resources", len(order))
			}
			for _, over := range read(t).Limits(stack) {
				t.Error(over)
			}
		})
	}
}
