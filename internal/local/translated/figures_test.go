//go:build template

package translated_test

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"losttrn/internal/local/template"
)

// emitted are the figures that the code writes: by name, the sets of dimensions that it tells them apart by.
type emitted map[string][][]string

// figuresOfTheCode reads every call of Count and Seconds whose first argument begins with a text, and the dimensions
// that it gives.
func figuresOfTheCode(t *testing.T) emitted {
	t.Helper()
	all := emitted{}
	root := filepath.Join("..", "..", "..")
	for _, folder := range []string{"internal", "functions"} {
		err := filepath.WalkDir(filepath.Join(root, folder), func(path string, entry fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if entry.IsDir() && (entry.Name() == "local" || entry.Name() == "node_modules") {
				return fs.SkipDir
			}
			if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.HasSuffix(path, "_templ.go") {
				return nil
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
			if err != nil {
				return err
			}
			ast.Inspect(file, func(n ast.Node) bool {
				if call, ok := n.(*ast.CallExpr); ok {
					all.add(file, call)
				}
				return true
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return all
}

func (e emitted) add(file *ast.File, call *ast.CallExpr) {
	method, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || method.Sel.Name != "Count" && method.Sel.Name != "Seconds" || len(call.Args) < 2 {
		return
	}
	if owner := fmt.Sprint(method.X); !strings.Contains(strings.ToLower(text(method.X)+owner), "metrics") {
		return
	}
	name, prefix := literal(call.Args[0])
	if prefix {
		name += "*"
	}
	var dimensions []string
	for _, argument := range call.Args[2:] {
		by := argument
		if id, ok := argument.(*ast.Ident); ok {
			by = assigned(file, id.Name)
		}
		if made, ok := by.(*ast.CallExpr); ok && len(made.Args) == 2 {
			dimension, _ := literal(made.Args[0])
			dimensions = append(dimensions, dimension)
		}
	}
	slices.Sort(dimensions)
	e[name] = append(e[name], dimensions)
}

// literal is a text, or the text that a sum begins with.
func literal(e ast.Expr) (value string, prefix bool) {
	if sum, ok := e.(*ast.BinaryExpr); ok {
		value, _ = literal(sum.X)
		return value, true
	}
	if basic, ok := e.(*ast.BasicLit); ok {
		value, _ = strconv.Unquote(basic.Value)
	}
	return value, false
}

// assigned is what a variable of a file was made from.
func assigned(file *ast.File, name string) (value ast.Expr) {
	ast.Inspect(file, func(n ast.Node) bool {
		if a, ok := n.(*ast.AssignStmt); ok && len(a.Lhs) == 1 && text(a.Lhs[0]) == name {
			value = a.Rhs[0]
		}
		return true
	})
	return value
}

// text is an expression of names and dots.
func text(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return text(e.X) + "." + e.Sel.Name
	}
	return ""
}

// has tells whether a figure of that name is written by that function with those dimensions.
func (e emitted) has(name string, dimensions []string) bool {
	sets := e[name]
	for prefix, of := range e {
		if start, ok := strings.CutSuffix(prefix, "*"); ok && strings.HasPrefix(name, start) {
			sets = append(sets, of...)
		}
	}
	if len(dimensions) == 0 {
		return len(sets) > 0
	}
	return slices.ContainsFunc(sets, func(set []string) bool { return slices.Equal(set, dimensions) })
}

// watched is a metric that an alarm or the dashboard shows.
type watched struct {
	by, namespace, name string
	dimensions          map[string]string
}

func TestAlarmsAndDashboardShowWhatTheCodeWrites(t *testing.T) {
	code := figuresOfTheCode(t)
	if len(code) < 10 {
		t.Fatalf("only %d figures found in the code", len(code))
	}
	stack := evaluate(t, states(t)[1])
	metrics := append(ofAlarms(stack), ofDashboard(t, stack)...)
	shown := map[string]bool{}
	for _, m := range metrics {
		if m.namespace != "find-a-lost-trn/"+stack.Parameters["Stage"] {
			if !strings.HasPrefix(m.namespace, "AWS/") {
				t.Errorf("%s shows the namespace %s, in which nobody writes", m.by, m.namespace)
			}
			continue
		}
		var dimensions []string
		for name := range m.dimensions {
			if name != "function" {
				dimensions = append(dimensions, name)
			}
		}
		slices.Sort(dimensions)
		if !code.has(m.name, dimensions) {
			t.Errorf("%s shows %s by %v, which no code writes", m.by, m.name, dimensions)
		}
		main, err := os.ReadFile(filepath.Join("..", "..", "..", "functions", m.dimensions["function"], "main.go"))
		if err != nil || !strings.Contains(string(main), `"`+m.dimensions["function"]+`", time.Now)`) {
			t.Errorf("%s shows %s of the function %q, which writes no figures", m.by, m.name, m.dimensions["function"])
		}
		if strings.HasPrefix(m.by, "Dashboard") {
			shown[m.name] = true
		}
	}
	// Section by section of what is to be measured.
	for _, name := range []string{"questionShown", "questionAnswered", "fieldProblems", "journeysStarted", "journeysEnded", "journeySeconds",
		"earlyMatches", "tries", "silenced", "refusals", "emails", "receipts", "unlocks", "unlockReasons", "lookups", "failures", "reports"} {
		if !shown[name] {
			t.Errorf("the dashboard does not show %s", name)
		}
	}
}

func ofAlarms(s *template.Stack) []watched {
	var all []watched
	for _, alarm := range s.OfType("AWS::CloudWatch::Alarm") {
		stats := []any{alarm.Properties}
		if several, ok := alarm.Properties["Metrics"].([]any); ok {
			stats = nil
			for _, one := range several {
				if metric := dig(one, "MetricStat", "Metric"); metric != nil {
					stats = append(stats, metric)
				}
			}
		}
		for _, stat := range stats {
			m := watched{by: alarm.ID, namespace: fmt.Sprint(dig(stat, "Namespace")), name: fmt.Sprint(dig(stat, "MetricName")), dimensions: map[string]string{}}
			list, _ := dig(stat, "Dimensions").([]any)
			for _, d := range list {
				m.dimensions[fmt.Sprint(dig(d, "Name"))] = fmt.Sprint(dig(d, "Value"))
			}
			all = append(all, m)
		}
	}
	return all
}

func ofDashboard(t *testing.T, s *template.Stack) []watched {
	t.Helper()
	var all []watched
	for _, dashboard := range s.OfType("AWS::CloudWatch::Dashboard") {
		var body struct {
			Widgets []struct {
				Properties struct {
					Title   string
					Metrics [][]any
				}
			}
		}
		if err := json.Unmarshal([]byte(fmt.Sprint(dashboard.Properties["DashboardBody"])), &body); err != nil {
			t.Fatalf("the dashboard is not JSON: %v", err)
		}
		for _, w := range body.Widgets {
			for _, row := range w.Properties.Metrics {
				if m, ok := rowOf(row); ok {
					m.by = "Dashboard: " + w.Properties.Title
					all = append(all, m)
				}
			}
		}
	}
	if len(all) == 0 {
		t.Error("there is no dashboard")
	}
	return all
}

// rowOf reads a row of a widget: namespace, name, then dimensions by name and value, and perhaps options.
func rowOf(row []any) (watched, bool) {
	if len(row) < 2 {
		return watched{}, false // an expression
	}
	m := watched{namespace: fmt.Sprint(row[0]), name: fmt.Sprint(row[1]), dimensions: map[string]string{}}
	for i := 2; i+1 < len(row); i += 2 {
		if _, isText := row[i].(string); isText {
			m.dimensions[fmt.Sprint(row[i])] = fmt.Sprint(row[i+1])
		}
	}
	return m, true
}
