package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// A function's share of a processor is proportional to its memory: a whole one at 1,769 MB.
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
const wholeProcessor = 1769

// settings are the memory settings that are compared, in MB.
var settings = []int{128, 256, 512, 1024, wholeProcessor}

// dollarsPerGBSecond is the price of Lambda's time on arm64.
const dollarsPerGBSecond = 0.0000133334

// memorySettings measures the functions that people wait for with the share of a processor that each memory setting has, taken
// from them by a control group once the process is ready, because initialisation has a whole one. Each figure stands beside a
// whole processor's; the column of how the floor was made says what a million events cost.
func memorySettings(ctx context.Context, w *workbench) ([]Row, error) {
	return w.settings(ctx, w.waitedFor())
}

// memorySettingsOfOthers measures the other functions in the same way.
func memorySettingsOfOthers(ctx context.Context, w *workbench) ([]Row, error) {
	works, err := w.others(ctx)
	if err != nil {
		return nil, err
	}
	return w.settings(ctx, works)
}

func (w *workbench) settings(ctx context.Context, works []work) ([]Row, error) {
	group, err := newGroup()
	if err != nil {
		return []Row{{Name: "memory settings: not measured", Unit: err.Error()}}, nil
	}
	defer group.remove()
	var rows []Row
	for _, each := range works {
		took := map[int]time.Duration{}
		for _, mb := range settings {
			var err error
			if took[mb], err = w.held(ctx, each, group, mb); err != nil {
				return nil, fmt.Errorf("%s at %d MB: %w", each.name, mb, err)
			}
		}
		for _, mb := range settings {
			dollars := took[mb].Seconds() * float64(mb) / 1024 * dollarsPerGBSecond * 1e6
			rows = append(rows, row(fmt.Sprintf("%s at %d MB", each.name, mb), milliseconds(took[mb]), milliseconds(took[wholeProcessor]), "ms", fmt.Sprintf("1,769 MB; a million cost $%.2f", dollars), 0))
		}
	}
	return rows, nil
}

// held takes the median time of an event of a function that is held to a memory setting's share.
func (w *workbench) held(ctx context.Context, each work, group *group, mb int) (time.Duration, error) {
	h, err := start(ctx, w.binaries[each.function], w.environment(each.function, each.environment))
	if err != nil {
		return 0, err
	}
	defer h.close()
	if _, err := h.untilReady(); err != nil {
		return 0, err
	}
	if err := group.hold(h.process.PID(), mb); err != nil {
		return 0, err
	}
	var times []time.Duration
	for i := range each.before + each.rounds {
		took, err := each.once(h)
		if err != nil {
			return 0, err
		}
		if i >= each.before {
			times = append(times, took)
		}
	}
	return median(times), nil
}

// group is a control group that limits processes to a share of a processor.
type group struct{ folder, quota, period string }

// period is how often a share is given out.
const period = 20 * time.Millisecond

// newGroup makes a control group of version 1 or 2, whichever this machine lets us make.
func newGroup() (*group, error) {
	name := fmt.Sprintf("bench-%d", os.Getpid())
	v1, v2 := filepath.Join("/sys/fs/cgroup/cpu", name), filepath.Join("/sys/fs/cgroup", name)
	if os.Mkdir(v1, 0o755) == nil {
		return &group{folder: v1, quota: "cpu.cfs_quota_us", period: "cpu.cfs_period_us"}, nil
	}
	if os.Mkdir(v2, 0o755) == nil {
		if _, err := os.Stat(filepath.Join(v2, "cpu.max")); err == nil {
			return &group{folder: v2}, nil
		}
		return nil, errors.Join(errors.New("this machine's control groups do not share processors"), os.Remove(v2))
	}
	return nil, errors.New("this machine lets us make no control group (root can)")
}

// hold gives a process the share of a memory setting.
func (g *group) hold(pid, mb int) error {
	quota := strconv.Itoa(int(period.Microseconds()) * mb / wholeProcessor)
	write := func(file, value string) error {
		return os.WriteFile(filepath.Join(g.folder, file), []byte(value), 0o644)
	}
	every := strconv.Itoa(int(period.Microseconds()))
	if g.quota == "" {
		return errors.Join(write("cpu.max", quota+" "+every), write("cgroup.procs", strconv.Itoa(pid)))
	}
	return errors.Join(write(g.period, every), write(g.quota, quota), write("cgroup.procs", strconv.Itoa(pid)))
}

func (g *group) remove() { _ = os.Remove(g.folder) } // empty: its processes have ended
