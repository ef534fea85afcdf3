// Package doctor checks a deployed stage without changing it, and prints in plain sentences what works and what does
// not.
package doctor

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// Doctor checks a stage.
type Doctor struct {
	Stage  string
	Config aws.Config // region, credentials; BaseEndpoint is AWS's own unless it is set
	// NotifyURL and NotifyKey are those of GOV.UK Notify; without a key its templates are not checked.
	NotifyURL, NotifyKey string
	Clock                func() time.Time
	Output               io.Writer

	stack described
	wrong int
}

// Look checks everything and returns the number of faults. An error means that nothing could be checked.
func (d *Doctor) Look(ctx context.Context) (wrong int, err error) {
	if d.stack, err = d.describe(ctx); err != nil {
		return 0, err
	}
	d.ok("The stack %s is there, %s.", d.stackName(), strings.ToLower(strings.ReplaceAll(d.stack.Status, "_", " ")))
	for _, look := range []func(context.Context) error{d.parameters, d.templates, d.topic, d.key, d.alarms, d.queues, d.report, d.load} {
		if err := look(ctx); err != nil {
			d.bad("%v.", err)
		}
	}
	return d.wrong, nil
}

func (d *Doctor) stackName() string { return "find-a-lost-trn-" + d.Stage }

func (d *Doctor) ok(format string, args ...any) {
	fmt.Fprintf(d.Output, "ok     "+format+"\n", args...)
}

func (d *Doctor) bad(format string, args ...any) {
	d.wrong++
	fmt.Fprintf(d.Output, "WRONG  "+format+"\n", args...)
}

func (d *Doctor) unknown(format string, args ...any) {
	fmt.Fprintf(d.Output, "?      "+format+"\n", args...)
}
