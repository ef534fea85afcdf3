//go:build faults

package endtoend_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"losttrn/internal/local/faults"
	"losttrn/internal/local/runtimeapi"
)

// spot is a call of a journey: its n-th of that name by that function.
type spot struct {
	function, name string
	n              int
}

func (s spot) String() string {
	return fmt.Sprintf("%s %s #%d", strings.TrimSuffix(s.function, "Function"), s.name, s.n)
}

// parameter reports whether the call reads a parameter.
func (s spot) parameter() bool { return strings.HasPrefix(s.name, "ssm:") }

// readForm is what the names of calls without an effect look like.
var readForm = regexp.MustCompile(`^\w+:(Get|BatchGet|Query|List|Describe|Find)[^+]*$`)

// modes are the ways in which the call is made to fail. What only reads has no effect, so that it makes no difference
// whether it fails before or after.
func (s spot) modes() []faults.Mode {
	if readForm.MatchString(s.name) {
		return []faults.Mode{faults.Before, faults.Throttled, faults.Crashed, faults.Late}
	}
	return modes
}

// once is the mode in which only the first attempt's answer is lost, so that the SDK's next attempt meets what the first did.
const once faults.Mode = "answer lost once"

// director knows which call of which function belongs to which trial, and makes the one fail that a trial is about.
type director struct {
	mu      sync.Mutex
	trials  map[*trial]bool
	running map[string]*invocation // by trace id
	unprime bool                   // what functions call before their first event fails
	strange []string               // calls that the proxy could not name
	ended   []*trial               // that are still watched for late attempts
}

// invocation is an event that a function is handling, or has handled.
type invocation struct {
	function string
	trace    string
	kill     func()
	trials   []*trial
}

func newDirector() *director {
	return &director{trials: map[*trial]bool{}, running: map[string]*invocation{}}
}

func (d *director) add(x *trial) { d.mu.Lock(); d.trials[x] = true; d.mu.Unlock() }

// end lets go of a trial that has ended, once others have: what it set in motion may still be under way.
func (d *director) end(x *trial) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.ended = append(d.ended, x)
	if len(d.ended) > atOnce+fewAtOnce {
		delete(d.trials, d.ended[0])
		d.ended = d.ended[1:]
	}
}

// rest has every call pass from now on.
func (d *director) rest() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for x := range d.trials {
		x.armed = false
	}
}

// unknown keeps functions from knowing a parameter before their first event, and known lets them again.
func (d *director) unknown() { d.mu.Lock(); d.unprime = true; d.mu.Unlock() }
func (d *director) known()   { d.mu.Lock(); d.unprime = false; d.mu.Unlock() }

// fired reports whether the fault of a trial has happened.
func (d *director) fired(x *trial) bool { d.mu.Lock(); defer d.mu.Unlock(); return x.hit }

// mark has what holds a text belong to a trial.
func (d *director) mark(x *trial, texts ...string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	x.marks = append(x.marks, texts...)
}

// arm has a fault happen at a spot from now on, once; without a spot the calls are recorded.
func (d *director) arm(x *trial, at spot, mode faults.Mode) {
	d.mu.Lock()
	defer d.mu.Unlock()
	x.armed, x.at, x.mode, x.counts, x.known = true, at, mode, map[spot]int{}, map[string]spot{}
	clear(x.last)
}

// began is told of every invocation.
func (d *director) began(function string, i runtimeapi.Invocation) {
	d.mu.Lock()
	defer d.mu.Unlock()
	v := &invocation{function: function, trace: i.TraceID, kill: i.Kill, trials: d.of(string(i.Event))}
	d.running[i.TraceID] = v
	for _, x := range v.trials {
		x.last[function] = v
	}
}

// of are the trials that a text is about.
func (d *director) of(text string) []*trial {
	var found []*trial
	for x := range d.trials {
		if slices.ContainsFunc(x.marks, func(mark string) bool { return strings.Contains(text, mark) }) {
			found = append(found, x)
		}
	}
	return found
}

// lookupIDForm is the form of the ids of lookups with an idempotency key; others in calls are an SDK's own.
var lookupIDForm = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}`)

// choose says what happens to an attempt at a call.
func (d *director) choose(c faults.Call) faults.Fault {
	d.mu.Lock()
	defer d.mu.Unlock()
	if strings.HasPrefix(c.Name, "unknown") {
		d.strange = append(d.strange, c.Name)
	}
	v := d.running[c.TraceID]
	of := d.of(c.Text)
	switch {
	case v == nil && c.TraceID == "" && strings.HasPrefix(c.Name, "notify:") && len(of) == 1:
		v = of[0].last[c.Function]
	case v == nil && d.unprime && strings.HasPrefix(c.Name, "ssm:"):
		// Parameters are read without the trace id: by whoever is handling the one trial's event, or before it.
		for x := range d.trials {
			if x.armed && x.last[c.Function] != nil {
				v = x.last[c.Function]
			}
		}
		if v == nil {
			return faults.Fault{Mode: faults.Before}
		}
	}
	if v == nil {
		return faults.Fault{}
	}
	if len(v.trials) == 1 {
		of = v.trials
	}
	if len(of) == 0 && len(v.trials) > 0 {
		of = v.trials[:1] // such as a parameter that is read once for a batch
	}
	if len(of) != 1 {
		return faults.Fault{}
	}
	x := of[0]
	if v.function == "LookupFunction" {
		x.learn(lookupIDForm.FindAllString(c.Text, -1))
	}
	return x.happens(v, c)
}

// happens says what happens to a call of the trial. The director's lock is held.
func (x *trial) happens(v *invocation, c faults.Call) faults.Fault {
	if !x.armed {
		return faults.Fault{}
	}
	id := c.ID
	if id == "" {
		id = v.trace + c.Text
	}
	at, repeated := x.known[id]
	if !repeated {
		kind := spot{function: v.function, name: c.Name}
		x.counts[kind]++
		at = kind
		at.n = x.counts[kind]
		x.known[id] = at
		x.calls = append(x.calls, at)
	}
	if at != x.at || x.mode == "" {
		return faults.Fault{}
	}
	x.hit = true
	mode := x.mode
	if mode == once {
		mode = faults.After
	}
	// S3 is given ten seconds for an answer: one attempt that is late shows what three would.
	if repeated && (x.mode == once || x.mode == faults.Late && strings.HasPrefix(at.name, "s3:")) {
		mode = ""
	}
	return faults.Fault{Mode: mode, Crash: v.kill}
}

// learn keeps the ids of a trial's lookups. The director's lock is held.
func (x *trial) learn(ids []string) {
	for _, id := range ids {
		if !slices.Contains(x.lookups, id) {
			x.lookups = append(x.lookups, id)
			x.marks = append(x.marks, id)
		}
	}
}
