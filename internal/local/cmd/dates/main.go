// Command dates runs the test of the functions' events as if today were another day: it builds the local stack, the
// functions and the test with a clock that is ahead by a number of days, because none of them has another way to set
// the date.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"losttrn/internal/local"
)

// read is the line of the standard library's time.Now that reads the clock.
const read = "\tsec, nsec, mono := runtimeNow()\n"

// fast is the code that is added to the standard library. It reads the number of days from a file, so that everything
// is built once for all dates.
const fast = `
var fast = readFast()

func readFast() (seconds int64) {
	fd, err := open(%q)
	if err != nil {
		panic("the file that says how fast the clock is: " + err.Error())
	}
	defer closefd(fd)
	var text [20]byte
	n, _ := read(fd, text[:])
	for _, digit := range text[:n] {
		seconds = 10*seconds + int64(digit-'0')
	}
	return seconds
}
`

func main() {
	days := flag.String("days", "0,40,730", "how many days from now, with commas")
	flag.Parse()
	if err := run(strings.Split(*days, ",")); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(days []string) error {
	project, err := local.FindProject()
	if err != nil {
		return err
	}
	dir, err := filepath.Abs(filepath.Join(string(project), ".build", "dates"))
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	overlay, by := filepath.Join(dir, "overlay.json"), filepath.Join(dir, "seconds")
	if err := prepare(dir, overlay, by); err != nil {
		return err
	}
	for _, text := range days {
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 {
			return fmt.Errorf("-days: %q is not a number of days", text)
		}
		if err := os.WriteFile(by, []byte(strconv.Itoa(n*24*60*60)), 0o644); err != nil {
			return err
		}
		fmt.Printf("On %s:\n", time.Now().AddDate(0, 0, n).Format("2 January 2006"))
		test := exec.Command("go", "test", "-count=1", "-run", "^TestEveryEventEndsAsTheREADMESays$", "./internal/local/endtoend")
		test.Dir, test.Stdout, test.Stderr = string(project), os.Stdout, os.Stderr
		test.Env = append(os.Environ(), "GOFLAGS="+strings.TrimSpace(os.Getenv("GOFLAGS")+" -overlay="+overlay))
		if err := test.Run(); err != nil {
			return fmt.Errorf("the events do not end as the README says in %d days: %w", n, err)
		}
	}
	return nil
}

// prepare writes a copy of the standard library's time.go whose clock is fast, and the overlay that puts it in place.
func prepare(dir, overlay, by string) error {
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return fmt.Errorf("go env GOROOT: %w", err)
	}
	original := filepath.Join(strings.TrimSpace(string(root)), "src", "time", "time.go")
	source, err := os.ReadFile(original)
	if err != nil {
		return err
	}
	if strings.Count(string(source), read) != 1 {
		return fmt.Errorf("%s does not read the clock as this command expects", original)
	}
	changed := filepath.Join(dir, "time.go.txt")
	text := strings.Replace(string(source), read, read+"\tsec += fast\n", 1) + fmt.Sprintf(fast, by)
	if err := os.WriteFile(changed, []byte(text), 0o644); err != nil {
		return err
	}
	replace, err := json.Marshal(map[string]any{"Replace": map[string]string{original: changed}})
	if err != nil {
		return err
	}
	return os.WriteFile(overlay, replace, 0o644)
}
