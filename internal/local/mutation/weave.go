package mutation

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// selects is the environment variable that names the mutant which the tests meet, by its number from 1; none or 0 is the
// package as it is.
const selects = "MUTANT"

// selector is the file that reads it.
const selector = `package %s

import (
	mutantos "os"
	mutantstrconv "strconv"
)

var mutantSelected, _ = mutantstrconv.Atoi(mutantos.Getenv("` + selects + `"))
`

// woven is a source file with all its mutants in it: each function that has some is there once as it is, and once as each
// of them has it, and a function of its name calls the one that is selected. So one build is enough for all of them.
type woven struct {
	name    string
	source  []byte
	mutants []copied
}

// copied is where a mutant's function stands in a woven file.
type copied struct{ mutant, first, last int }

// weave returns the woven files of a package, and the selector. It leaves out mutants that are not in a function, and
// says which it took.
func weave(dir string, mutants []Mutant, out map[int]bool) (files []woven, in map[int]bool, err error) {
	in = map[int]bool{}
	byFile := map[string][]int{}
	for i, m := range mutants {
		if !out[i] {
			byFile[m.File] = append(byFile[m.File], i)
		}
	}
	packageName := ""
	for name, numbers := range byFile {
		source, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return nil, nil, err
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, name, source, parser.SkipObjectResolution)
		if err != nil {
			return nil, nil, err
		}
		packageName = file.Name.Name
		w := weaveFile(name, source, file, func(at token.Pos) int { return set.Position(at).Offset }, mutants, numbers)
		for _, c := range w.mutants {
			in[c.mutant] = true
		}
		files = append(files, w)
	}
	if len(files) > 0 {
		files = append(files, woven{name: "mutant_selector.go", source: fmt.Appendf(nil, selector, packageName)})
	}
	return files, in, nil
}

func weaveFile(name string, source []byte, file *ast.File, offset func(token.Pos) int, mutants []Mutant, numbers []int) woven {
	var asItIs, added bytes.Buffer
	w := woven{name: name}
	done := 0
	type addition struct {
		text   []byte
		mutant int // -1: none
	}
	var additions []addition
	for _, d := range file.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || f.Body == nil || f.Name.Name == "init" || f.Name.Name == "_" {
			continue
		}
		within := slices.DeleteFunc(slices.Clone(numbers), func(i int) bool {
			return mutants[i].start < offset(f.Body.Pos()) || mutants[i].end > offset(f.Body.End())
		})
		if len(within) == 0 {
			continue
		}
		start, end, named := offset(f.Pos()), offset(f.End()), offset(f.Name.Pos())
		text := func(n ast.Node) string { return string(source[offset(n.Pos()):offset(n.End())]) }
		additions = append(additions, addition{[]byte(selecting(f, text, within)), -1})
		for _, i := range within {
			m := mutants[i]
			renamed := slices.Concat(source[start:named], fmt.Appendf(nil, "mutant%d_", i+1), m.of(source[named:end], named))
			additions = append(additions, addition{renamed, i})
		}
		asItIs.Write(source[done:named])
		asItIs.WriteString("mutant0_")
		done = named
	}
	asItIs.Write(source[done:])
	line := bytes.Count(asItIs.Bytes(), []byte("\n")) + 1
	for _, a := range additions {
		added.WriteString("\n\n")
		added.Write(a.text)
		first := line + 2
		line = first + bytes.Count(a.text, []byte("\n"))
		if a.mutant >= 0 {
			w.mutants = append(w.mutants, copied{a.mutant, first, line})
		}
	}
	w.source = append(asItIs.Bytes(), added.Bytes()...)
	return w
}

// selecting returns the function that calls the selected one of those that stand for f.
func selecting(f *ast.FuncDecl, text func(ast.Node) string, mutants []int) string {
	var s strings.Builder
	s.WriteString("func ")
	call := ""
	if f.Recv != nil {
		fmt.Fprintf(&s, "(mutantReceiver %s) ", text(f.Recv.List[0].Type))
		call = "mutantReceiver."
	}
	s.WriteString(f.Name.Name)
	kinds := ""
	if f.Type.TypeParams != nil {
		s.WriteString(text(f.Type.TypeParams))
		var names []string
		for _, field := range f.Type.TypeParams.List {
			for _, n := range field.Names {
				names = append(names, n.Name)
			}
		}
		kinds = "[" + strings.Join(names, ", ") + "]"
	}
	var parameters, arguments []string
	for _, field := range f.Type.Params.List {
		for range max(len(field.Names), 1) {
			name := fmt.Sprintf("mutantArgument%d", len(arguments))
			parameters = append(parameters, name+" "+text(field.Type))
			if _, variadic := field.Type.(*ast.Ellipsis); variadic {
				name += "..."
			}
			arguments = append(arguments, name)
		}
	}
	fmt.Fprintf(&s, "(%s) ", strings.Join(parameters, ", "))
	verb := ""
	if f.Type.Results != nil {
		s.WriteString(text(f.Type.Results) + " ")
		verb = "return "
	}
	s.WriteString("{\n\tswitch mutantSelected {\n")
	for _, i := range mutants {
		fmt.Fprintf(&s, "\tcase %d:\n\t\t%s%smutant%d_%s%s(%s)\n", i+1, verb, call, i+1, f.Name.Name, kinds, strings.Join(arguments, ", "))
	}
	fmt.Fprintf(&s, "\tdefault:\n\t\t%s%smutant0_%s%s(%s)\n\t}\n}", verb, call, f.Name.Name, kinds, strings.Join(arguments, ", "))
	return s.String()
}
