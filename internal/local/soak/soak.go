// Package soak sends mixed requests to the local stack at a constant rate for minutes, with a spike in the middle, and
// then accounts for every one of them: what was acknowledged happened, once, and nothing else did.
package soak

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"losttrn/internal/load"
	"losttrn/internal/local/stack"
	"losttrn/internal/register"
)

// Options are the rate and the duration of a soak.
type Options struct {
	Rate     float64 // visits a second
	Duration time.Duration
	// Spike is by how much the rate rises for SpikeTime in the middle.
	Spike     float64
	SpikeTime time.Duration
	Seed      uint64
	Dir       string // keeps the stack's state
	Output    io.Writer
}

// soak is a run under way.
type soak struct {
	Options
	stack  *stack.Stack
	client *http.Client
	began  time.Time

	sent atomic.Int64 // attempts at requests

	mu      sync.Mutex
	visits  []*visit
	answers []sample
	usage   []usage
	reports map[string]int // what the stack reported, and how often
	atRest  string         // what this process held when all was done
}

// Run starts a stack, soaks it, prints the result, and returns an error if anything was lost or done twice.
func Run(ctx context.Context, o Options) error {
	s := &soak{Options: o, reports: map[string]int{}, client: &http.Client{Timeout: time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: 1000, IdleConnTimeout: idle},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	var err error
	s.stack, err = stack.Start(ctx, stack.Options{Dir: o.Dir, Progress: s.say, Report: s.reported,
		Parameters: map[string]string{"MaxReceiveCount": "500"}})
	if err != nil {
		return err
	}
	defer s.stack.Stop()
	s.plan()
	if err := s.load(ctx); err != nil {
		return err
	}
	s.say(fmt.Sprintf("%d visits: %g a second for %s, %g times as many for %s in the middle.", len(s.visits), o.Rate, o.Duration, o.Spike, o.SpikeTime))
	s.began = time.Now()
	watching, stop := context.WithCancel(ctx)
	watched := make(chan struct{})
	go func() { s.watch(watching); close(watched) }()
	s.send(ctx)
	s.say("All were answered; waiting for the queues.")
	drained, cancel := context.WithTimeout(ctx, settleLimit)
	empty := s.stack.Drain(drained)
	cancel()
	s.say(fmt.Sprintf("Visitors have gone; waiting %s for what they leave open.", settle))
	s.client.CloseIdleConnections()
	pause := time.NewTimer(settle)
	select {
	case <-pause.C:
	case <-ctx.Done():
	}
	stop()
	<-watched
	s.rest()
	if err := ctx.Err(); err != nil {
		return err
	}
	if !empty {
		s.say("The queues did not become empty.")
	}
	return s.account(context.WithoutCancel(ctx))
}

// idle is how long visitors' connections stay open without a request, as browsers' do.
const idle = 15 * time.Second

// settle is longer than any program here keeps a connection that it does not use.
const settle = 100 * time.Second

// rest measures once more when all is done, after memory that nothing holds was given back.
func (s *soak) rest() {
	debug.FreeOSMemory()
	s.usage = append(s.usage, s.measure())
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	s.atRest = fmt.Sprintf("%.1f MiB of heap in use, %d goroutines", float64(memory.HeapAlloc)/(1<<20), runtime.NumGoroutine())
}

// settleLimit is how long the queues may take to become empty, and how long a visitor retries.
const settleLimit = 5 * time.Minute

// reported keeps what the stack reports: what a flood meets is the same many times over.
func (s *soak) reported(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reports[err.Error()]++
}

func (s *soak) say(line string) { fmt.Fprintln(s.Output, line) }

// plan makes the visits and the moments at which they begin.
func (s *soak) plan() {
	random := rand.New(rand.NewPCG(s.Seed, 16))
	middle := (s.Duration - s.SpikeTime) / 2
	for at := time.Duration(0); at < s.Duration; {
		spike := at >= middle && at < middle+s.SpikeTime
		s.visits = append(s.visits, newVisit(len(s.visits), at, spike, random.IntN(100)))
		rate := s.Rate
		if spike {
			rate *= s.Spike
		}
		at += time.Duration(float64(time.Second) / rate)
	}
}

// load loads the people whom the visits are about.
func (s *soak) load(ctx context.Context) error {
	var rows strings.Builder
	rows.WriteString("trn,first_name,last_name,date_of_birth,national_insurance_number,status,alerts,locked,updated_at\n")
	for _, v := range s.visits {
		for _, p := range v.people {
			rows.WriteString(p.row())
		}
	}
	summary, err := load.Run(ctx, load.Options{Reader: strings.NewReader(rows.String()),
		Records: register.NewRecords(s.stack.DynamoDBClient(), s.stack.Tables["teachers"])})
	if err == nil && summary.Rejected > 0 {
		err = fmt.Errorf("%d rows were rejected", summary.Rejected)
	}
	return err
}

// send makes every visit at its moment, however long the others take, and waits for their ends.
func (s *soak) send(ctx context.Context) {
	var all sync.WaitGroup
	timer := time.NewTimer(0)
	defer timer.Stop()
	for _, v := range s.visits {
		timer.Reset(time.Until(s.began.Add(v.at)))
		select {
		case <-timer.C:
		case <-ctx.Done():
			return
		}
		all.Go(func() { v.make(ctx, s) })
	}
	all.Wait()
}
