// Command simulate simulates a national rush, a million lookups in an hour, in virtual time, with the limits of
// template.yaml, AWS and GOV.UK Notify.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"time"

	"losttrn/internal/local"
	"losttrn/internal/local/simulate"
)

func main() {
	lookups := flag.Int("lookups", 1_000_000, "how many people ask")
	over := flag.Duration("over", time.Hour, "within which time they begin")
	flag.Parse()
	if err := run(*lookups, *over); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(lookups int, over time.Duration) error {
	if lookups < 1 || over < time.Second {
		return errors.New("-lookups must be at least 1, and -over at least a second")
	}
	declared, err := local.ReadTemplate()
	if err != nil {
		return err
	}
	service, err := simulate.Declared(declared)
	if err != nil {
		return err
	}
	rush := simulate.Morning(lookups, over)
	fmt.Printf("%d people begin within %s, most of them after %s; each asks for %d pages, %s apart, and %d styles, scripts and pictures, and is sent %.1f emails.\n",
		rush.Lookups, rush.Over, rush.Over/6, rush.Requests, rush.Reading, rush.Assets, rush.Emails)
	for _, scenario := range service.Scenarios(rush) {
		fmt.Printf("\n%s: %d requests a second, %d at once, %d write units a second; %d batches of matches and %d of emails at once; %d emails a minute and %d a day\n",
			scenario.Name, scenario.GatewayRate, scenario.LookupConcurrency, scenario.TableWrites, scenario.UnlockBatches, scenario.EmailBatches,
			scenario.NotifyPerMinute, scenario.NotifyPerDay)
		fmt.Print(simulate.Run(scenario.Service, rush))
	}
	return nil
}
