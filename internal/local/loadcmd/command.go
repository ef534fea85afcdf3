package loadcmd

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"

	"losttrn/internal/load"
	"losttrn/internal/local/progress"
	"losttrn/internal/providers"
	"losttrn/internal/register"
)

// Exit codes.
const (
	exitLoaded   = 0 // every row is stored, or the stored record is newer or the same
	exitRejects  = 1 // some rows or cells were rejected, the rest is as above
	exitRefused  = 2 // the file, or what was asked, was refused
	exitUnended  = 3 // interrupted, or the table could not be reached; loading again finishes it
	usageMessage = `usage: load -file FILE [-via bucket | -table TABLE [-providers TABLE] [-endpoint URL]] [-full [-deactivate-missing [-allow-many]]]

Without -table, it loads into the local stack of this folder; with it, into that table, with the AWS credentials and
region of the environment. With -via bucket it drops the file into the local stack's register bucket, from which the
load function loads it as in AWS.
`
)

type settings struct {
	file, rejects, stack string
	table, endpoint      string
	providers, via       string
	options              load.Options
}

// Run runs a load with the given arguments and returns the exit code: 0 loaded, also if rows were older or unchanged; 1
// some rows rejected; 2 refused; 3 not finished. The summary goes to stdout, progress and errors to stderr.
func Run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	s, err := parse(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return exitLoaded
	}
	if err == nil {
		err = s.load(ctx, stdout, stderr)
	}
	var refusal *load.Refusal
	switch {
	case err == nil:
		return exitLoaded
	case errors.Is(err, errRejects):
		return exitRejects
	case ctx.Err() != nil:
		fmt.Fprintln(stderr, "interrupted: what was stored stays; load the file again to finish")
		return exitUnended
	case errors.As(err, &refusal):
		fmt.Fprintln(stderr, "refused:", refusal.Why)
		return exitRefused
	default:
		fmt.Fprintln(stderr, "not finished:", err)
		fmt.Fprintln(stderr, "What was stored stays; load the file again to finish.")
		return exitUnended
	}
}

// errRejects says that rows were rejected.
var errRejects = errors.New("rejected rows")

func refuse(format string, a ...any) error { return &load.Refusal{Why: fmt.Sprintf(format, a...)} }

func parse(args []string, stderr io.Writer) (settings, error) {
	var s settings
	flags := flag.NewFlagSet("load", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() { fmt.Fprint(stderr, usageMessage); flags.PrintDefaults() }
	flags.StringVar(&s.file, "file", "", "the extract, CSV in UTF-8")
	flags.StringVar(&s.rejects, "rejects", "", "the rejects file (default: the extract's name with .rejects.csv)")
	flags.StringVar(&s.stack, "stack", ".local/stack.json", "where the local stack says how it is reached")
	flags.StringVar(&s.table, "table", "", "the teachers table to load into, instead of the local stack's")
	flags.StringVar(&s.providers, "providers", "", "the table of training providers beside it, if they are to be listed")
	flags.StringVar(&s.via, "via", "", `"bucket": drop the file into the local stack's register bucket`)
	flags.StringVar(&s.endpoint, "endpoint", "", "DynamoDB's address, if it is not AWS's own")
	flags.IntVar(&s.options.Workers, "workers", 32, "calls side by side")
	flags.BoolVar(&s.options.Full, "full", false, "the extract is the whole register: count active records that it lacks")
	flags.BoolVar(&s.options.DeactivateMissing, "deactivate-missing", false, "deactivate those; at most one in a hundred")
	flags.BoolVar(&s.options.AllowMany, "allow-many", false, "deactivate more than one in a hundred")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return s, err
		}
		return s, refuse("%v", err)
	}
	switch {
	case s.file == "":
		return s, refuse("name the file to load: make load FILE=register.csv")
	case flags.NArg() > 0:
		return s, refuse("%d arguments too many", flags.NArg())
	case s.endpoint != "" && s.table == "":
		return s, refuse("-endpoint takes -table")
	case s.providers != "" && s.table == "":
		return s, refuse("-providers takes -table")
	case s.via != "" && (s.via != "bucket" || s.table != ""):
		return s, refuse("-via takes the word bucket, and loads into the local stack")
	}
	if s.rejects == "" {
		s.rejects = s.file + ".rejects.csv"
	}
	return s, nil
}

func (s settings) load(ctx context.Context, stdout, stderr io.Writer) error {
	file, err := os.Open(s.file)
	if errors.Is(err, fs.ErrNotExist) {
		return refuse("there is no file %s", s.file)
	}
	if err != nil {
		return refuse("the file cannot be opened: %v", err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil || info.IsDir() {
		return refuse("%s is not a file", s.file)
	}
	if s.via != "" {
		return s.drop(ctx, file, stdout, stderr)
	}
	to, err := s.target(ctx)
	if err != nil {
		return err
	}
	rejects := &lazyFile{path: s.rejects}
	line := progress.To(stderr)
	options := s.options
	options.Reader, options.Size = file, info.Size()
	if options.Tail, err = tail(file, info.Size()); err != nil {
		return refuse("the file cannot be read: %v", err)
	}
	if to.providers != "" {
		options.Providers = providers.NewWriter(to.client, to.providers)
	}
	options.Records = register.NewRecords(to.client, to.table)
	options.Rejects = rejects
	options.Progress = func(p load.Progress) { line.Show(false, progressLine(p)) }
	summary, err := load.Run(ctx, options)
	line.End()
	err = errors.Join(err, rejects.end())
	var refusal *load.Refusal
	if summary.Rows > 0 || !errors.As(err, &refusal) {
		printSummary(stdout, summary, options.Full, to.name, s.rejects)
	}
	if err == nil && summary.Rejected+summary.Dropped > 0 {
		return errRejects
	}
	return err
}

// tail returns the last bytes of a file.
func tail(file *os.File, size int64) ([]byte, error) {
	end := make([]byte, min(size, 64<<10))
	_, err := file.ReadAt(end, size-int64(len(end)))
	return end, err
}
