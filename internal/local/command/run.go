package command

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"

	"losttrn/internal/local/sample"
	"losttrn/internal/local/stack"
)

// defaultPort is the gateway's unless PORT says another.
const defaultPort = 8080

func (p Program) run(ctx context.Context, args []string) error {
	if err := parse(p.flags("run"), args); err != nil {
		return err
	}
	options, err := p.options()
	if err != nil {
		return err
	}
	options.Log = p.narrate
	began := p.began()
	s, err := stack.Start(ctx, options)
	if err != nil {
		return err
	}
	people := sample.People()
	tried, _ := s.Unlocked(ctx, people[0].TRN) // only a hint
	announce(p.Stdout, s.Gateway, s.Places(), people, tried, time.Since(began))
	<-ctx.Done()

	fmt.Fprintln(p.Stdout, "Stopping… (once more to stop at once)")
	again := make(chan os.Signal, 1)
	signal.Notify(again, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(again)
	stopped := make(chan struct{})
	go func() { s.Stop(); close(stopped) }()
	select {
	case <-stopped:
	case <-again:
		s.Abort()
		<-stopped
	}
	fmt.Fprintln(p.Stdout, "Stopped.")
	return nil
}

// began returns when the command was given. make passes it in seconds since the epoch, because it may have built and
// installed before this program runs.
func (p Program) began() time.Time {
	if seconds, err := strconv.ParseInt(p.Getenv("BEGAN"), 10, 64); err == nil {
		return time.Unix(seconds, 0)
	}
	return time.Now()
}

// options reads the environment.
func (p Program) options() (stack.Options, error) {
	o := stack.Options{
		Port: defaultPort, Sample: true,
		Progress: func(line string) { fmt.Fprintln(p.Stdout, line) },
		Report:   func(err error) { fmt.Fprintln(p.Stderr, time.Now().Format("15:04:05"), brief(err.Error())) },
	}
	if text := p.Getenv("PORT"); text != "" {
		port, err := strconv.Atoi(text)
		if err != nil || port < 0 || port > 65535 {
			return o, fmt.Errorf("PORT=%s is not a port", text)
		}
		o.Port = port
	}
	for name, into := range map[string]*bool{"LIMITS": &o.Limits, "SAM": &o.SAM, "WATCH": &o.Watch} {
		switch value := p.Getenv(name); value {
		case "on":
			*into = true
		case "", "off":
		default:
			return o, fmt.Errorf("%s=%s is neither on nor off", name, value)
		}
	}
	o.Parameters = map[string]string{}
	for pair := range strings.FieldsSeq(p.Getenv("PARAMETERS")) {
		name, value, ok := strings.Cut(pair, "=")
		if !ok {
			return o, fmt.Errorf("PARAMETERS: %q is not Name=value", pair)
		}
		o.Parameters[name] = value
	}
	return o, nil
}

// maxReport is how many bytes of a report are shown.
const maxReport = 300

// brief shortens a report to one line.
func brief(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	if len(line) > maxReport {
		line = strings.ToValidUTF8(line[:maxReport], "") + "…"
	}
	return line
}

// announce prints where everything is and what to do with it. tried says that the first of the people was unlocked in
// an earlier run.
func announce(w io.Writer, gateway string, places [][2]string, people []sample.Person, tried bool, took time.Duration) {
	fmt.Fprintf(w, "\nThe service is ready, after %.1f s.\n\n", took.Seconds())
	for _, place := range places {
		fmt.Fprintf(w, "  %-12s %s\n", place[0], place[1])
	}
	whys := []string{
		"account locked: it is unlocked",
		"account locked, open alert: it stays locked",
		"account not locked",
	}
	if tried {
		whys[0] = "account unlocked by an earlier lookup; `make reset` locks it again"
	}
	fmt.Fprint(w, "\nThree people to try:\n\n")
	for i, q := range people[:len(whys)] {
		fmt.Fprintf(w, "  %s %s, born %s, %s, %s\n      %s\n", q.FirstName, q.LastName, q.DateOfBirth, q.NINO, q.Email, whys[i])
	}
	again := people[len(people)-1]
	fmt.Fprintf(w, "\nThen one more at the first one's mailbox:\n\n  %s %s, born %s, %s, %s\n      %s\n", again.FirstName, again.LastName, again.DateOfBirth,
		again.NINO, people[0].Email, "account locked, but the mailbox has found another TRN: it stays locked, and "+gateway+"/_local/lookups says why")
	fmt.Fprint(w, "\nOr without the form:\n\n", curl(gateway, people[0]), "\n\nStop with Ctrl-C.\n\n")
}

// curl returns a lookup of a person on one line, to paste into a shell.
func curl(gateway string, q sample.Person) string {
	body := fmt.Sprintf(`{"email":%q,"firstName":%q,"lastName":%q,"dateOfBirth":%q,"nationalInsuranceNumber":%q}`,
		q.Email, q.FirstName, q.LastName, q.DateOfBirth, q.NINO)
	// A single quote in a name ends the shell's quotes, and is put between two others.
	body = strings.ReplaceAll(body, "'", `'\''`)
	return fmt.Sprintf("  curl -s -H 'Content-Type: application/json' -d '%s' %s/v1/lookups", body, gateway)
}
