package report_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"losttrn/internal/local/exportgen"
)

// BenchmarkReport makes the report of an export as an engineer does, in a process of its own, against its floors, measured
// beside it: gunzip, reading the same files one after another; the same with every JSON token read, side by side; and that
// with rows of the same size inserted into SQLite. It reports items and unpacked bytes a second, the same bytes for gunzip,
// how many times each floor's time and gunzip's processor time the report took, its own processor time, the most memory it
// had, and the most that its files took up, temporary ones included.
func BenchmarkReport(b *testing.B) {
	program := filepath.Join(b.TempDir(), "report")
	if out, err := exec.Command("go", "build", "-o", program, "losttrn/internal/local/cmd/report").CombinedOutput(); err != nil {
		b.Fatalf("%v: %s", err, out)
	}
	for _, items := range []int{100_000, 1_000_000} {
		b.Run(fmt.Sprint(items), func(b *testing.B) {
			export := b.TempDir()
			if err := (exportgen.Service{Seed: 1, Items: items, At: at}).Write(export); err != nil {
				b.Fatal(err)
			}
			files := dataFiles(b, export)
			var ours, floor, tokens, rows, ourCPU, floorCPU time.Duration
			var unpacked, peak, disk int64
			for b.Loop() {
				took, cpu, size := gunzip(b, files)
				floor, floorCPU, unpacked = floor+took, floorCPU+cpu, size
				folder := b.TempDir()
				var told bytes.Buffer
				command := exec.Command(program, "-export", export, "-out", filepath.Join(folder, "report"))
				command.Stdout, command.Stderr = &told, &told
				began := time.Now()
				if err := command.Start(); err != nil {
					b.Fatal(err)
				}
				watched := watch(command.Process.Pid, folder)
				if err := command.Wait(); err != nil {
					b.Fatalf("%v: %s", err, told.String())
				}
				disk = max(disk, watched())
				ours, ourCPU = ours+time.Since(began), ourCPU+cpuTime(command)
				tokens, rows = tokens+tokenise(b, files), rows+insertRows(b, items)
				peak = max(peak, command.ProcessState.SysUsage().(*syscall.Rusage).Maxrss)
			}
			n := float64(b.N)
			b.ReportMetric(float64(items)*n/ours.Seconds(), "items/s")
			b.ReportMetric(float64(unpacked)*n/ours.Seconds()/1e6, "MB/s")
			b.ReportMetric(float64(unpacked)*n/floor.Seconds()/1e6, "gunzip-MB/s")
			b.ReportMetric(ours.Seconds()/floor.Seconds(), "gunzips")
			b.ReportMetric(ourCPU.Seconds()/floorCPU.Seconds(), "gunzip-CPUs")
			b.ReportMetric(ours.Seconds()/tokens.Seconds(), "tokenisings")
			least := tokens + rows/time.Duration(runtime.GOMAXPROCS(0)) // spread evenly over the processors
			b.ReportMetric(ours.Seconds()/least.Seconds(), "tokenise+inserts")
			b.ReportMetric(float64(peak)/1024, "peak-MiB") // Linux gives KiB
			b.ReportMetric(float64(disk)/(1<<20), "disk-MiB")
			b.ReportMetric(ourCPU.Seconds()/n, "cpu-s")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// watch looks ten times a second at how much the files of a process take up: those below a folder, and those that it has
// open though they are removed. What it returns ends the watching and gives the most that was seen.
func watch(process int, folder string) func() int64 {
	done, most := make(chan struct{}), make(chan int64)
	go func() {
		tick := time.NewTicker(100 * time.Millisecond)
		defer tick.Stop()
		highest := int64(0)
		for {
			highest = max(highest, taken(process, folder))
			select {
			case <-tick.C:
			case <-done:
				most <- highest
				return
			}
		}
	}()
	return func() int64 { close(done); return <-most }
}

// taken is what the files take up now. A file that is gone when it is looked at takes up nothing.
func taken(process int, folder string) (sum int64) {
	files := map[uint64]int64{}
	add := func(info fs.FileInfo, err error) {
		if err != nil || !info.Mode().IsRegular() {
			return
		}
		if of, ok := info.Sys().(*syscall.Stat_t); ok {
			files[of.Ino] = info.Size()
		}
	}
	_ = filepath.WalkDir(folder, func(name string, _ fs.DirEntry, _ error) error {
		add(os.Stat(name))
		return nil
	})
	descriptors := fmt.Sprintf("/proc/%d/fd", process)
	open, _ := os.ReadDir(descriptors)
	for _, descriptor := range open {
		name := filepath.Join(descriptors, descriptor.Name())
		if target, err := os.Readlink(name); err == nil && strings.HasSuffix(target, "(deleted)") {
			add(os.Stat(name))
		}
	}
	for _, size := range files {
		sum += size
	}
	return sum
}

func dataFiles(b *testing.B, export string) (files []string) {
	err := filepath.WalkDir(export, func(name string, _ fs.DirEntry, err error) error {
		if strings.HasSuffix(name, ".json.gz") {
			files = append(files, name)
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return files
}

// gunzip unpacks files and throws away what it gets.
func gunzip(b *testing.B, files []string) (took, cpu time.Duration, bytes int64) {
	command := exec.Command("gunzip", append([]string{"-c"}, files...)...)
	counted := &counter{}
	command.Stdout, command.Stderr = counted, os.Stderr
	began := time.Now()
	if err := command.Run(); err != nil {
		b.Fatal(err)
	}
	return time.Since(began), cpuTime(command), counted.n
}

func cpuTime(c *exec.Cmd) time.Duration {
	return c.ProcessState.UserTime() + c.ProcessState.SystemTime()
}

type counter struct{ n int64 }

func (c *counter) Write(p []byte) (int, error) {
	c.n += int64(len(p))
	return len(p), nil
}
