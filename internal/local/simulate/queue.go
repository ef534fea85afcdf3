package simulate

import (
	"slices"
	"time"
)

// queue is a first-in, first-out queue.
type queue struct {
	perSecond float64
	most      float64   // waiting at one moment
	when      int       // the first second in which there was more than can be handed on in two
	waiting   []float64 // at the end of each second
}

// allowance is what GOV.UK Notify takes.
type allowance struct {
	perMinute, perDay   float64
	thisMinute, thisDay float64
	minute, day         int
	hit                 int
	what                string
}

// take returns how many of n are accepted in a second.
func (a *allowance) take(second int, n float64) float64 {
	if m := second / 60; m != a.minute {
		a.minute, a.thisMinute = m, 0
	}
	if d := second / (24 * 60 * 60); d != a.day {
		a.day, a.thisDay = d, 0
	}
	taken := max(min(n, a.perMinute-a.thisMinute, a.perDay-a.thisDay), 0)
	if taken < n && a.hit == 0 {
		a.hit, a.what = second, "GOV.UK Notify's emails a minute"
		if a.perDay-a.thisDay < a.perMinute-a.thisMinute {
			a.what = "GOV.UK Notify's emails a day"
		}
	}
	a.thisMinute += taken
	a.thisDay += taken
	return taken
}

// run returns how many leave in each second, of those that arrive, each a number of times.
func (q *queue) run(come []float64, times float64, a *allowance) (leave []float64) {
	waiting := 0.0
	for second := 0; second < len(come) || waiting > 0.5; second++ {
		if second < len(come) {
			waiting += come[second] * times
		}
		n := min(waiting, q.perSecond)
		if a != nil {
			n = a.take(second, n)
		}
		waiting -= n
		leave = append(leave, n)
		q.waiting = append(q.waiting, waiting)
		if waiting > q.most {
			q.most = waiting
		}
		if q.when == 0 && waiting > 2*q.perSecond {
			q.when = second
		}
	}
	return leave
}

// spread returns the distribution of waiting times: the n-th to leave is the n-th that arrived.
func (q *queue) spread(come, leave []float64, times float64) Spread {
	var waits []float64
	var of []float64
	out, gone := 0, 0.0
	for second, n := range come {
		for n *= times; n > 1e-9; {
			for out < len(leave)-1 && leave[out]-gone <= 1e-9 {
				out, gone = out+1, 0
			}
			part := min(n, leave[out]-gone)
			if part <= 1e-9 {
				part = n // rounding errors of the sum
			}
			waits, of = append(waits, float64(out-second)), append(of, part)
			n, gone = n-part, gone+part
		}
	}
	order := make([]int, len(waits))
	all := 0.0
	for i := range order {
		order[i] = i
		all += of[i]
	}
	slices.SortFunc(order, func(a, b int) int { return int(waits[a] - waits[b]) })
	at := func(share float64) time.Duration {
		sum := 0.0
		for _, i := range order {
			if sum += of[i]; sum >= share*all {
				return time.Duration(waits[i]) * time.Second
			}
		}
		return 0
	}
	return Spread{at(0.5), at(0.9), at(0.99)}
}

// receives returns how often a message is received that waits from the beginning to the end: whenever its turn comes,
// but not again within the visibility timeout.
func (q *queue) receives(visibility time.Duration) float64 {
	sum := 0.0
	for _, waiting := range q.waiting {
		if waiting > 1 {
			sum += min(1/visibility.Seconds(), q.perSecond/waiting)
		}
	}
	return sum
}
