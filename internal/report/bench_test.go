package report_test

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"losttrn/internal/local/exportgen"
)

// BenchmarkReport makes the report of an export as an engineer does, in a process of its own, against its floor:
// gunzip, reading the same files one after another. It reports items and unpacked bytes a second, the same bytes
// for gunzip, how many times gunzip's time and processor time the report took, and the most memory it had.
func BenchmarkReport(b *testing.B) {
	program := filepath.Join(b.TempDir(), "report")
	if out, err := exec.Command("go", "build", "-o", program, "./cmd/report").CombinedOutput(); err != nil {
		b.Fatalf("%v: %s", err, out)
	}
	for _, items := range []int{100_000, 1_000_000} {
		b.Run(fmt.Sprint(items), func(b *testing.B) {
			export := b.TempDir()
			if err := (exportgen.Service{Seed: 1, Items: items, At: at}).Write(export); err != nil {
				b.Fatal(err)
			}
			files := dataFiles(b, export)
			var ours, floor, ourCPU, floorCPU time.Duration
			var unpacked, peak int64
			for b.Loop() {
				took, cpu, bytes := gunzip(b, files)
				floor, floorCPU, unpacked = floor+took, floorCPU+cpu, bytes
				command := exec.Command(program, "-export", export, "-out", filepath.Join(b.TempDir(), "report"))
				began := time.Now()
				if out, err := command.CombinedOutput(); err != nil {
					b.Fatalf("%v: %s", err, out)
				}
				ours, ourCPU = ours+time.Since(began), ourCPU+cpuTime(command)
				peak = max(peak, command.ProcessState.SysUsage().(*syscall.Rusage).Maxrss)
			}
			n := float64(b.N)
			b.ReportMetric(float64(items)*n/ours.Seconds(), "items/s")
			b.ReportMetric(float64(unpacked)*n/ours.Seconds()/1e6, "MB/s")
			b.ReportMetric(float64(unpacked)*n/floor.Seconds()/1e6, "gunzip-MB/s")
			b.ReportMetric(ours.Seconds()/floor.Seconds(), "gunzips")
			b.ReportMetric(ourCPU.Seconds()/floorCPU.Seconds(), "gunzip-CPUs")
			b.ReportMetric(float64(peak)/1024, "peak-MiB") // Linux gives KiB
			b.ReportMetric(0, "ns/op")
		})
	}
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
