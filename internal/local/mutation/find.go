package mutation

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// Mutant is a source file with one thing in it changed.
type Mutant struct {
	File string // within the package's folder
	Line int
	From string // the line as it is, without indentation
	To   string // the line as the mutant has it
	// start and end are the offsets in the file between which the mutant has another text.
	start, end int
	text       string
}

// String is the mutant in one line.
func (m Mutant) String() string { return fmt.Sprintf("%s:%d: %s", m.File, m.Line, m.To) }

// of returns the mutant of a source, or of the part of it that begins at an offset.
func (m Mutant) of(source []byte, offset int) []byte {
	return slices.Concat(source[:m.start-offset], []byte(m.text), source[m.end-offset:])
}

// swaps are the tokens that a mutant has instead of others.
var swaps = map[token.Token][]token.Token{
	token.EQL: {token.NEQ}, token.NEQ: {token.EQL},
	token.LSS: {token.LEQ, token.GEQ}, token.LEQ: {token.LSS, token.GTR},
	token.GTR: {token.GEQ, token.LEQ}, token.GEQ: {token.GTR, token.LSS},
	token.LAND: {token.LOR}, token.LOR: {token.LAND},
	token.ADD: {token.SUB}, token.SUB: {token.ADD}, token.MUL: {token.QUO}, token.QUO: {token.MUL}, token.REM: {token.MUL},
	token.AND: {token.OR}, token.OR: {token.AND}, token.SHL: {token.SHR}, token.SHR: {token.SHL},
	token.ADD_ASSIGN: {token.SUB_ASSIGN, token.ASSIGN}, token.SUB_ASSIGN: {token.ADD_ASSIGN, token.ASSIGN}, token.OR_ASSIGN: {token.ASSIGN},
	token.INC: {token.DEC}, token.DEC: {token.INC},
	token.BREAK: {token.CONTINUE}, token.CONTINUE: {token.BREAK},
}

// conditions are what a mutant has instead of a part of an expression of DynamoDB.
var conditions = strings.NewReplacer(
	"attribute_not_exists(", "attribute_exists(", "attribute_exists(", "attribute_not_exists(",
	" AND ", " OR ", " OR ", " AND ", " < :", " >= :", " <= :", " > :", " > :", " <= :", " >= :", " < :", " = :", " <> :")

// condition finds those parts.
var condition = regexp.MustCompile(`attribute_(not_)?exists\(| AND | OR | (<|<=|>|>=|=) :`)

// Find returns the mutants of the package in a folder, in the order of its files and lines. Generated files and tests
// have none.
func Find(dir string) ([]Mutant, error) {
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, err
	}
	var all []Mutant
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		source, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, name, source, parser.ParseComments)
		if err != nil {
			return nil, err
		}
		if ast.IsGenerated(file) {
			continue
		}
		f := finder{files: files, name: filepath.Base(name), source: source}
		ast.Inspect(file, f.visit)
		slices.SortStableFunc(f.found, func(a, b Mutant) int { return cmp.Compare(a.Line, b.Line) })
		all = append(all, f.found...)
	}
	return all, nil
}

// finder finds the mutants of one file.
type finder struct {
	files  *token.FileSet
	name   string
	source []byte
	found  []Mutant
}

// replace adds a mutant that has another text between two places.
func (f *finder) replace(from, to token.Pos, text string) {
	position := f.files.Position(from)
	m := Mutant{File: f.name, Line: position.Line, start: position.Offset, end: f.files.Position(to).Offset, text: text}
	m.From, m.To = lineAt(f.source, m.start), lineAt(m.of(f.source, 0), m.start)
	f.found = append(f.found, m)
}

// text returns the source of a node.
func (f *finder) text(n ast.Node) string {
	return string(f.source[f.files.Position(n.Pos()).Offset:f.files.Position(n.End()).Offset])
}

// visit adds the mutants of a node, without those of the nodes in it.
func (f *finder) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.BinaryExpr:
		f.swap(n.OpPos, n.Op)
		if n.Op == token.LAND || n.Op == token.LOR {
			f.negate(n.X)
			f.negate(n.Y)
		}
	case *ast.UnaryExpr:
		if n.Op == token.SUB {
			f.swap(n.OpPos, n.Op)
		}
	case *ast.IncDecStmt:
		f.swap(n.TokPos, n.Tok)
	case *ast.AssignStmt:
		f.swap(n.TokPos, n.Tok)
	case *ast.BranchStmt:
		if n.Label == nil {
			f.swap(n.TokPos, n.Tok)
		}
	case *ast.IfStmt:
		f.negate(n.Cond)
		f.never(n.Cond)
	case *ast.ForStmt:
		f.negate(n.Cond)
	case *ast.SwitchStmt:
		f.cases(n)
	case *ast.BlockStmt:
		f.leaveOut(n.List)
	case *ast.CaseClause:
		f.leaveOut(n.Body)
	case *ast.CommClause:
		f.leaveOut(n.Body)
	case *ast.FuncDecl:
		f.returns(n.Type, n.Body)
	case *ast.FuncLit:
		f.returns(n.Type, n.Body)
	case *ast.BasicLit:
		if n.Kind == token.STRING {
			for _, part := range condition.FindAllStringIndex(n.Value, -1) {
				f.replace(n.Pos()+token.Pos(part[0]), n.Pos()+token.Pos(part[1]), conditions.Replace(n.Value[part[0]:part[1]]))
			}
		}
	case *ast.ImportSpec:
		return false
	}
	return true
}

// lineAt returns the line that holds an offset, without the space around it.
func lineAt(source []byte, offset int) string {
	start := strings.LastIndexByte(string(source[:offset]), '\n') + 1
	line, _, _ := strings.Cut(string(source[start:]), "\n")
	return strings.TrimSpace(line)
}
