// Package helpdeskcmd implements the program `helpdesk`: the commands of package helpdesk, for the local stack of this
// folder or a stack in AWS.
package helpdeskcmd

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"

	"losttrn/internal/local/helpdesk"
	"losttrn/internal/lookup"
	"losttrn/internal/teacher"
)

const usage = `usage: helpdesk COMMAND [-stage STAGE] [FLAGS]

  find       what became of a person's lookups, in words: -email ADDRESS, -trn TRN or -reference REFERENCE;
             -all prints every attribute that is held, as JSON, for an access request
  answered   take a request off the list of those who wait: -reference REFERENCE [-note TEXT]
  contacted  mark a mailbox of the list of repeat emails as contacted: -email ADDRESS -note TEXT
  lift       let what a mailbox has found until now no longer count as another TRN: -email ADDRESS -why TEXT
  retry      have the unlock of a lookup judged again by all the rules: -reference REFERENCE [-why TEXT]
  erase      erase what is held: -email ADDRESS or -trn TRN
  restore    after the emails table was restored to a point in time: record what lookups have found since then,
             -since TIME such as 2026-11-26T09:30:00Z

Without -stage it works on the local stack of this folder; with -stage dev, staging or production on that stack in AWS.
A change is asked about first, unless -yes, and recorded with who made it: -by NAME, else who you are to AWS.
`

// Exit codes.
const (
	exitDone   = 0
	exitFailed = 1 // nothing was found or changed, or not all of it; the last line says why
	exitUsage  = 2
)

// Program holds the streams and the clock that the commands use, and how they reach a stack.
type Program struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Clock          func() time.Time
	StateFile      string // the file of a running local stack
	// HTTP makes the calls of AWS; nil means a client with a time-out for each attempt.
	HTTP aws.HTTPClient
	// Open opens the desk of the settings; nil means that of the local stack or AWS.
	Open func(ctx context.Context, s Settings) (*helpdesk.Desk, error)
}

// Settings are the values of the flags.
type Settings struct {
	Stage, Region         string
	By, Note, Why         string
	Email, TRN, Reference string
	Since                 string
	Yes, All              bool

	subject helpdesk.Subject
	since   time.Time
}

// needs are the flags of a command beside those of all commands: one of the subjects, if it has any, each of the texts,
// and optional ones. It refuses any other flag, so that no input is ignored.
type needs struct {
	subjects []string
	texts    []string // must be given
	may      []string
	change   func(d *helpdesk.Desk, ctx context.Context, s Settings) (helpdesk.Change, error)
}

// forAll are the flags that every command takes.
var forAll = []string{"stage", "region", "by", "yes"}

// accept refuses flags that the command does not take, and arguments that are not flags.
func (n needs) accept(flags *flag.FlagSet) (foreign error) {
	takes := slices.Concat(forAll, n.subjects, n.texts, n.may)
	flags.Visit(func(f *flag.Flag) {
		if foreign == nil && !slices.Contains(takes, f.Name) {
			foreign = fmt.Errorf("it takes no -%s", f.Name)
		}
	})
	if foreign == nil && flags.NArg() > 0 {
		foreign = fmt.Errorf("%q is too much: texts with spaces stand in quotes", flags.Arg(0))
	}
	return foreign
}

var commands = map[string]needs{
	"find": {subjects: []string{"email", "trn", "reference"}, may: []string{"all"}},
	"answered": {subjects: []string{"reference"}, may: []string{"note"}, change: func(d *helpdesk.Desk, ctx context.Context, s Settings) (helpdesk.Change, error) {
		return d.Answered(ctx, s.subject, s.Note)
	}},
	"contacted": {subjects: []string{"email"}, texts: []string{"note"}, change: func(d *helpdesk.Desk, ctx context.Context, s Settings) (helpdesk.Change, error) {
		return d.Contacted(ctx, s.subject.Email, s.Note)
	}},
	"lift": {subjects: []string{"email"}, texts: []string{"why"}, change: func(d *helpdesk.Desk, ctx context.Context, s Settings) (helpdesk.Change, error) {
		return d.Lift(ctx, s.subject.Email, s.Why)
	}},
	"retry": {subjects: []string{"reference"}, may: []string{"why"}, change: func(d *helpdesk.Desk, ctx context.Context, s Settings) (helpdesk.Change, error) {
		return d.Retry(ctx, s.subject, s.Why)
	}},
	"erase": {subjects: []string{"email", "trn"}, change: func(d *helpdesk.Desk, ctx context.Context, s Settings) (helpdesk.Change, error) {
		return d.Erase(ctx, s.subject)
	}},
	"restore": {texts: []string{"since"}, change: func(d *helpdesk.Desk, ctx context.Context, s Settings) (helpdesk.Change, error) {
		return d.RestoreClaims(ctx, s.since)
	}},
}

// errUsage says that the arguments were wrong, and that the reason was printed already.
var errUsage = errors.New("usage")

// Run runs the command that the arguments name and returns the exit code: 0 done, 1 not or not all done, 2 wrong
// arguments.
func (p Program) Run(ctx context.Context, args []string) int {
	if len(args) > 0 && slices.Contains([]string{"help", "-h", "-help", "--help"}, args[0]) {
		fmt.Fprint(p.Stdout, usage)
		return exitDone
	}
	if len(args) == 0 {
		fmt.Fprint(p.Stderr, usage)
		return exitUsage
	}
	command, known := commands[args[0]]
	if !known {
		fmt.Fprintf(p.Stderr, "helpdesk: there is no command %q\n\n%s", args[0], usage)
		return exitUsage
	}
	s, err := p.parse(args[0], command, args[1:])
	if err == nil {
		err = p.run(ctx, command, s)
	}
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, flag.ErrHelp):
		return exitDone
	case errors.Is(err, errUsage):
		return exitUsage
	case ctx.Err() != nil:
		fmt.Fprintln(p.Stderr, "Interrupted. What was said to be done is done; the same command again does the rest.")
	default:
		fmt.Fprintln(p.Stderr, "helpdesk:", err)
	}
	return exitFailed
}

func (p Program) parse(name string, command needs, args []string) (Settings, error) {
	var s Settings
	flags := flag.NewFlagSet("helpdesk "+name, flag.ContinueOnError)
	flags.SetOutput(p.Stderr)
	flags.Usage = func() {}
	given := map[string]*string{"email": &s.Email, "trn": &s.TRN, "reference": &s.Reference, "note": &s.Note, "why": &s.Why,
		"since": &s.Since}
	flags.StringVar(&s.Stage, "stage", "", "dev, staging or production; without it, the local stack of this folder")
	flags.StringVar(&s.Region, "region", "eu-west-2", "the AWS region of the stage")
	flags.StringVar(&s.By, "by", "", "who makes the change; without it, who you are to AWS")
	flags.StringVar(&s.Email, "email", "", "an email address, in any spelling")
	flags.StringVar(&s.TRN, "trn", "", "a TRN")
	flags.StringVar(&s.Reference, "reference", "", "the reference that the person was given, or the id of a lookup")
	flags.StringVar(&s.Note, "note", "", "what was done or said, for colleagues")
	flags.StringVar(&s.Why, "why", "", "why, for colleagues")
	flags.StringVar(&s.Since, "since", "", "restore: the point in time to which the table was restored")
	flags.BoolVar(&s.Yes, "yes", false, "do not ask before a change")
	flags.BoolVar(&s.All, "all", false, "find: every attribute that is held, as JSON")
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(p.Stdout, usage)
		return s, err
	} else if err != nil {
		fmt.Fprintln(p.Stderr, "`helpdesk help` lists the flags.")
		return s, errUsage
	}
	wrong := command.accept(flags)
	if wrong == nil {
		wrong = s.complete(command, given)
	}
	if wrong != nil {
		fmt.Fprintf(p.Stderr, "helpdesk %s: %v\n", name, wrong)
		return s, errUsage
	}
	return s, nil
}

// longest is the longest text for colleagues, in characters: as long as a person's note.
const longest = 500

// complete returns an error if a flag that a command needs is missing or cannot be read.
func (s *Settings) complete(command needs, given map[string]*string) error {
	for _, text := range []*string{&s.By, &s.Email, &s.TRN, &s.Reference, &s.Note, &s.Why, &s.Since} {
		*text = strings.TrimSpace(*text)
	}
	subjects := 0
	for _, subject := range command.subjects {
		if *given[subject] != "" {
			subjects++
		}
	}
	if subjects != min(len(command.subjects), 1) {
		return fmt.Errorf("give -%s", strings.Join(command.subjects, " or -"))
	}
	for _, text := range command.texts {
		switch {
		case *given[text] != "":
		case text == "since":
			return errors.New("give -since, the point in time to which the table was restored")
		default:
			return fmt.Errorf("give -%s, for colleagues who look later", text)
		}
	}
	for name, text := range map[string]string{"by": s.By, "note": s.Note, "why": s.Why} {
		if utf8.RuneCountInString(text) > longest {
			return fmt.Errorf("-%s is longer than %d characters", name, longest)
		}
	}
	if strings.ContainsFunc(s.By, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return errors.New("-by is a name, on one line")
	}
	return s.read()
}

// read reads the subject, or the time, from the flags.
func (s *Settings) read() (err error) {
	switch {
	case s.Since != "":
		if s.since, err = time.Parse(time.RFC3339, s.Since); err != nil {
			return errors.New("-since is not a time such as 2026-11-26T09:30:00Z")
		}
	case s.Email != "":
		if s.subject.Email, err = teacher.ParseEmail(s.Email); err != nil {
			return errors.New("-email is not an email address")
		}
	case s.TRN != "":
		if s.subject.TRN, err = teacher.ParseTRN(s.TRN); err != nil {
			return errors.New("-trn is not a TRN: it has seven digits")
		}
	case lookup.IsID(s.Reference):
		s.subject.LookupID = s.Reference
	default:
		if s.subject.Reference, err = lookup.ParseReference(s.Reference); err != nil {
			return errors.New("-reference is not a reference: it has two groups of five characters, such as MN93F-KWNMH")
		}
	}
	return nil
}

func (p Program) run(ctx context.Context, command needs, s Settings) error {
	open := p.Open
	if open == nil {
		open = p.open
	}
	desk, err := open(ctx, s)
	if err != nil {
		return err
	}
	if command.change == nil {
		return p.find(ctx, desk, s)
	}
	if desk.By == "" {
		return errors.New("say who makes the change: -by NAME")
	}
	change, err := command.change(desk, ctx, s)
	if err != nil {
		return err
	}
	for _, line := range change.Will {
		fmt.Fprintln(p.Stdout, line)
	}
	if !s.Yes && !p.confirmed() {
		return errors.New("nothing was changed")
	}
	did, err := change.Do(ctx)
	if err == nil {
		fmt.Fprintln(p.Stdout, "Done.")
	}
	for _, line := range did {
		fmt.Fprintln(p.Stdout, line)
	}
	return err
}

// confirmed asks whether to go on.
func (p Program) confirmed() bool {
	fmt.Fprint(p.Stdout, "Go on? [y/N] ")
	answer, err := bufio.NewReader(p.Stdin).ReadString('\n')
	if err != nil && answer == "" {
		fmt.Fprintln(p.Stdout)
	}
	answer = strings.ToLower(strings.TrimSpace(answer))
	return answer == "y" || answer == "yes"
}
