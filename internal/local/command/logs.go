package command

import (
	"context"
	"path/filepath"
	"slices"

	"losttrn/internal/local"
	"losttrn/internal/local/logs"
	"losttrn/internal/local/progress"
	"losttrn/internal/local/story"
)

// logs shows the functions' logs, and follows them until it is interrupted.
func (p Program) logs(ctx context.Context, args []string) error {
	f := p.flags("logs")
	id := f.String("id", "", "show only what is about this lookup (its id or reference), request, message or run")
	follow := f.Bool("follow", true, "go on with what is added")
	if err := parse(f, args); err != nil {
		return err
	}
	project, err := local.FindProject()
	if err != nil {
		return err
	}
	folder := filepath.Join(string(project), ".local", "logs")
	colour := p.colour()
	show := func(l logs.Line) {
		if !l.Figure && (*id == "" || l.About(*id) || l.Field("lookupId") != "" && story.Names(*id, l.Field("lookupId"))) {
			logs.Show(p.Stdout, l, colour)
		}
	}
	if *follow {
		return logs.Follow(ctx, folder, show)
	}
	return logs.Read(folder, show)
}

// colour reports whether to write in colours: to a terminal, unless NO_COLOR says not to.
func (p Program) colour() bool { return progress.IsTerminal(p.Stdout) && p.Getenv("NO_COLOR") == "" }

// narrate prints one line for each lookup, unlock and email of the running stack, and every warning and error.
func (p Program) narrate(l logs.Line) {
	failure := l.Level == "WARN" || l.Level == "ERROR"
	if l.Figure || !failure && (l.Field("lookupId") == "" || l.Message == messageHandled) {
		return
	}
	if failure && len(l.Message) > maxReport {
		l.Message = brief(l.Message)
	}
	l.Fields = slices.DeleteFunc(l.Fields, func(f logs.Field) bool { return f.Name == comparedField })
	logs.Show(p.Stdout, l, p.colour())
}

// comparedField is the field that describes how the records compared. It is too long for these lines; the log and the
// lookup's page show it.
const comparedField = "compared"

// messageHandled is the line of package queue about a handled message. It is left out, because the lines before it say
// what was done.
const messageHandled = "message handled"
