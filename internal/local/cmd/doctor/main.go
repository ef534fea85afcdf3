// Command doctor checks a deployed stage with the permissions of its user, changes nothing, and exits with 1 if
// something is wrong.
package main

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/aws/aws-sdk-go-v2/config"

	"losttrn/internal/local/doctor"
)

func main() {
	stage := flag.String("stage", "", "dev, staging or production")
	region := flag.String("region", "eu-west-2", "where it is deployed")
	notifyKey := flag.Bool("notify-key", false, "read GOV.UK Notify's API key from the standard input, to look at its templates too")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	wrong, err := look(ctx, *stage, *region, *notifyKey)
	stop()
	switch {
	case err != nil:
		fmt.Fprintln(os.Stderr, "Nothing could be looked at:", err)
		os.Exit(1)
	case wrong > 0:
		fmt.Fprintf(os.Stderr, "%d things are wrong.\n", wrong)
		os.Exit(1)
	}
}

func look(ctx context.Context, stage, region string, notifyKey bool) (int, error) {
	if !slices.Contains([]string{"dev", "staging", "production"}, stage) {
		return 0, fmt.Errorf("say which stage: make doctor STAGE=dev, staging or production")
	}
	settings, err := config.LoadDefaultConfig(ctx, config.WithRegion(region))
	if err != nil {
		return 0, fmt.Errorf("the AWS configuration cannot be read: %w", err)
	}
	d := &doctor.Doctor{Stage: stage, Config: settings, NotifyURL: "https://api.notifications.service.gov.uk", Clock: time.Now, Output: os.Stdout}
	if notifyKey {
		line, err := bufio.NewReader(os.Stdin).ReadString('\n')
		if err != nil {
			return 0, fmt.Errorf("the key cannot be read from the standard input: %w", err)
		}
		d.NotifyKey = strings.TrimSpace(line)
	}
	return d.Look(ctx)
}
