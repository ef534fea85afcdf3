package translated

import (
	"debug/elf"
	"fmt"
	"path/filepath"
)

// machines are the processors by the parameter Architecture.
var machines = map[string]elf.Machine{"arm64": elf.EM_AARCH64, "x86_64": elf.EM_X86_64}

// CheckBuild checks that every function that `sam build` put into a folder is a program for an architecture.
func CheckBuild(folder, architecture string) (checked int, err error) {
	want, ok := machines[architecture]
	if !ok {
		return 0, fmt.Errorf("no functions run on %q", architecture)
	}
	programs, err := filepath.Glob(filepath.Join(folder, "*", "bootstrap"))
	if err != nil || len(programs) == 0 {
		return 0, fmt.Errorf("nothing was built in %s: run `sam build`", folder)
	}
	for _, program := range programs {
		file, err := elf.Open(program)
		if err != nil {
			return 0, fmt.Errorf("%s is no program: %w", program, err)
		}
		_ = file.Close()
		if file.Machine != want {
			return 0, fmt.Errorf("%s is built for %s, and %s is deployed: run `sam build` again", program, file.Machine, architecture)
		}
	}
	return len(programs), nil
}
