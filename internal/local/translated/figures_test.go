//go:build template

package translated_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"losttrn/internal/local/template"
	"losttrn/internal/metric"
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
		if made, ok := by.(*ast.CallExpr); ok && len(made.Args) == 2 && strings.HasSuffix(text(made.Fun), "By") {
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
		if strings.HasPrefix(m.by, "Dashboard") {
			what := m.name
			if len(dimensions) > 0 {
				what += " by " + strings.Join(dimensions, " ")
			}
			shown[what] = true
		}
		if m.dimensions["function"] == anyValue {
			continue // a search finds whatever functions write it
		}
		main, err := os.ReadFile(filepath.Join("..", "..", "..", "functions", m.dimensions["function"], "main.go"))
		if err != nil || !strings.Contains(string(main), `"`+m.dimensions["function"]+`", time.Now)`) {
			t.Errorf("%s shows %s of the function %q, which writes no figures", m.by, m.name, m.dimensions["function"])
		}
	}
	// Section by section of what is to be measured.
	for _, name := range []string{"questionShown by question", "questionAnswered by question", "fieldProblems by code face field", "journeysStarted",
		"journeysCompleted", "journeysEnded by outcome", "journeySeconds by outcome", "requestSeconds by face outcome", "crowded_birthday",
		"earlyMatches by matched", "tries", "silenced", "refusals", "emails by kind", "receipts by kind status", "unlocks by outcome",
		"unlockReasons by reason", "lookups by outcome", "failures by code face", "reports"} {
		if !shown[name] {
			t.Errorf("the dashboard does not show %s", name)
		}
	}
}

// TestTheDashboardListsTheDomainsThatUnlockMost: CloudWatch makes no metric of what stands beside a figure; a query of the log
// adds it up, by the names that the code writes.
func TestTheDashboardListsTheDomainsThatUnlockMost(t *testing.T) {
	stack := evaluate(t, states(t)[1])
	var query string
	for _, dashboard := range stack.OfType("AWS::CloudWatch::Dashboard") {
		var body struct {
			Widgets []struct {
				Type       string
				Properties struct{ Query string }
			}
		}
		if err := json.Unmarshal([]byte(fmt.Sprint(dashboard.Properties["DashboardBody"])), &body); err != nil {
			t.Fatal(err)
		}
		for _, w := range body.Widgets {
			if w.Type == "log" {
				query = w.Properties.Query
			}
		}
	}
	var line bytes.Buffer
	metric.New(&line, "find-a-lost-trn/prod", "unlock", time.Now).Count("unlocks", 1, metric.By("outcome", "unlocked"), metric.Beside("domain", "abcdef"))
	var written map[string]any
	if err := json.Unmarshal(line.Bytes(), &written); err != nil {
		t.Fatal(err)
	}
	log, rest, _ := strings.Cut(strings.TrimPrefix(query, "SOURCE '"), "'")
	if log == "" || !strings.Contains(log, "UnlockLogs") {
		t.Errorf("the query %q is not of the log that unlock writes", query)
	}
	for _, field := range []string{"domain", "outcome", "unlocks"} {
		if _, ok := written[field]; !ok || !strings.Contains(rest, field) {
			t.Errorf("the query %q does not use %s, or the code does not write it", query, field)
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

// anyValue is the value of a dimension that a search finds whatever it is.
const anyValue = "*"

var search = regexp.MustCompile(`^SEARCH\('\{([^}]*)\} MetricName="(\w+)"', '\w+', \d+\)$`)

// rowOf reads a row of a widget: namespace, name, then dimensions by name and value, and perhaps options; or a search.
func rowOf(row []any) (watched, bool) {
	if len(row) < 2 {
		found := search.FindStringSubmatch(fmt.Sprint(dig(row[0], "expression")))
		if found == nil {
			return watched{}, false // another expression
		}
		schema := strings.Split(found[1], ",")
		m := watched{namespace: schema[0], name: found[2], dimensions: map[string]string{}}
		for _, dimension := range schema[1:] {
			m.dimensions[dimension] = anyValue
		}
		return m, true
	}
	m := watched{namespace: fmt.Sprint(row[0]), name: fmt.Sprint(row[1]), dimensions: map[string]string{}}
	for i := 2; i+1 < len(row); i += 2 {
		if _, isText := row[i].(string); isText {
			m.dimensions[fmt.Sprint(row[i])] = fmt.Sprint(row[i+1])
		}
	}
	return m, true
}
