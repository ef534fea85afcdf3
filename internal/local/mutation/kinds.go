package mutation

import (
	"go/ast"
	"go/token"
	"strings"
)

// swap has other tokens instead of one.
func (f *finder) swap(at token.Pos, was token.Token) {
	for _, is := range swaps[was] {
		f.replace(at, at+token.Pos(len(was.String())), is.String())
	}
}

// negate has the opposite of a condition, unless it is a comparison, whose operator is swapped.
func (f *finder) negate(e ast.Expr) {
	if _, compared := e.(*ast.BinaryExpr); e != nil && !compared {
		f.replace(e.Pos(), e.End(), "!("+f.text(e)+")")
	}
}

// never judges a condition, and takes it for false: a guard does not return, a failure is passed over.
func (f *finder) never(e ast.Expr) {
	f.replace(e.Pos(), e.End(), "("+f.text(e)+") && false")
}

// cases does without each case of a switch in turn, but for the default.
func (f *finder) cases(n *ast.SwitchStmt) {
	for _, clause := range n.Body.List {
		clause := clause.(*ast.CaseClause)
		if n.Tag != nil && clause.List != nil {
			f.replace(clause.Pos(), clause.End(), "// without case "+f.text(clause.List[0]))
			continue
		}
		for _, e := range clause.List {
			f.negate(e)
			f.never(e)
		}
	}
}

// leaveOut does without each statement of a list in turn that is a call, an assignment, a send, or a call that is deferred or
// made on its own. What it names stays in use, so that it compiles.
func (f *finder) leaveOut(list []ast.Stmt) {
	for _, statement := range list {
		switch s := statement.(type) {
		case *ast.ExprStmt, *ast.SendStmt, *ast.DeferStmt, *ast.GoStmt:
		case *ast.AssignStmt:
			if s.Tok == token.DEFINE || len(swaps[s.Tok]) > 0 || isBlank(s.Lhs) {
				continue
			}
		default:
			continue
		}
		f.replace(statement.Pos(), statement.End(), "if false { "+f.text(statement)+" }")
	}
}

// isBlank reports whether what is assigned is only named, for the compiler.
func isBlank(targets []ast.Expr) bool {
	for _, e := range targets {
		if name, ok := e.(*ast.Ident); !ok || name.Name != "_" {
			return false
		}
	}
	return true
}

// returns returns nil where a function, but for those in it, returns an error, and the opposite where it returns a bool.
func (f *finder) returns(kind *ast.FuncType, body *ast.BlockStmt) {
	if kind.Results == nil || body == nil {
		return
	}
	results := kind.Results.NumFields()
	last, ok := kind.Results.List[len(kind.Results.List)-1].Type.(*ast.Ident)
	if !ok {
		return
	}
	ast.Inspect(body, func(n ast.Node) bool {
		if _, another := n.(*ast.FuncLit); another {
			return false
		}
		if n, ok := n.(*ast.ReturnStmt); ok && len(n.Results) == results {
			switch last.Name {
			case "error":
				f.returnNil(n)
			case "bool":
				f.returnOpposite(n.Results[results-1])
			}
		}
		return true
	})
}

// returnNil returns nil instead of an error. What made the error is called all the same.
func (f *finder) returnNil(n *ast.ReturnStmt) {
	e := n.Results[len(n.Results)-1]
	name, ok := e.(*ast.Ident)
	switch {
	case !ok:
		before := strings.TrimSuffix(f.text(n), f.text(e))
		f.replace(n.Pos(), n.End(), "_ = "+f.text(e)+"; "+before+"nil")
	case name.Name != "nil":
		f.replace(e.Pos(), e.End(), "nil")
	}
}

// returnOpposite returns the opposite of a bool, unless another kind of mutant makes it.
func (f *finder) returnOpposite(e ast.Expr) {
	switch f.text(e) {
	case "true":
		f.replace(e.Pos(), e.End(), "false")
	case "false":
		f.replace(e.Pos(), e.End(), "true")
	default:
		f.negate(e)
	}
}
