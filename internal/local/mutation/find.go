package mutation

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// Mutant is a source file with one thing in it changed.
type Mutant struct {
	File string // within the package's folder
	Line int
	From string // the line as it is, without indentation
	To   string // the line as the mutant has it
	// source is the whole changed file.
	source []byte
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

// Find returns the mutants of the package in a folder, in the order of its files and lines: every operator, every bare
// condition and every part of a condition of DynamoDB in turn. Generated files and tests have none.
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
		all = append(all, within(files, file, filepath.Base(name), source)...)
	}
	return all, nil
}

// within returns the mutants of one file.
func within(files *token.FileSet, file *ast.File, name string, source []byte) []Mutant {
	var all []Mutant
	replace := func(at token.Pos, was, is string) {
		position := files.Position(at)
		start := position.Offset
		changed := append(append(append([]byte(nil), source[:start]...), is...), source[start+len(was):]...)
		all = append(all, Mutant{File: name, Line: position.Line, From: lineAt(source, start), To: lineAt(changed, start), source: changed})
	}
	swap := func(at token.Pos, was token.Token) {
		for _, is := range swaps[was] {
			replace(at, was.String(), is.String())
		}
	}
	bare := func(e ast.Expr) {
		if _, compared := e.(*ast.BinaryExpr); e != nil && !compared {
			text := string(source[files.Position(e.Pos()).Offset:files.Position(e.End()).Offset])
			replace(e.Pos(), text, "!("+text+")")
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BinaryExpr:
			swap(n.OpPos, n.Op)
			if n.Op == token.LAND || n.Op == token.LOR {
				bare(n.X)
				bare(n.Y)
			}
		case *ast.UnaryExpr:
			if n.Op == token.SUB {
				swap(n.OpPos, n.Op)
			}
		case *ast.IncDecStmt:
			swap(n.TokPos, n.Tok)
		case *ast.AssignStmt:
			swap(n.TokPos, n.Tok)
		case *ast.BranchStmt:
			if n.Label == nil {
				swap(n.TokPos, n.Tok)
			}
		case *ast.IfStmt:
			bare(n.Cond)
		case *ast.ForStmt:
			bare(n.Cond)
		case *ast.BasicLit:
			if n.Kind == token.STRING {
				for _, part := range condition.FindAllStringIndex(n.Value, -1) {
					was := n.Value[part[0]:part[1]]
					replace(n.Pos()+token.Pos(part[0]), was, conditions.Replace(was))
				}
			}
		case *ast.ImportSpec:
			return false
		}
		return true
	})
	return all
}

// lineAt returns the line that holds an offset, without the space around it.
func lineAt(source []byte, offset int) string {
	start := strings.LastIndexByte(string(source[:offset]), '\n') + 1
	line, _, _ := strings.Cut(string(source[start:]), "\n")
	return strings.TrimSpace(line)
}
