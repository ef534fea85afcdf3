package spill_test

import (
	"fmt"
	"os"
	"slices"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"losttrn/internal/report/spill"
)

// TestSortsLikeSortingInMemory: whatever the rows and however small the limit, the rows come back as a sort of
// all of them gives them, and no file is left behind.
func TestSortsLikeSortingInMemory(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		dir := t.TempDir()
		type row struct{ key, value string }
		rows := rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) row {
			return row{rapid.StringN(0, 3, 8).Draw(rt, "key"), rapid.StringN(0, 30, 60).Draw(rt, "value")}
		}), 0, 200).Draw(rt, "rows")
		sorter := spill.New(dir, rapid.IntRange(1, 4000).Draw(rt, "limit"))
		for _, r := range rows {
			if err := sorter.Add([]byte(r.key), []byte(r.value)); err != nil {
				rt.Fatal(err)
			}
		}
		var got []row
		if err := sorter.Each(func(key, value []byte) error {
			got = append(got, row{string(key), string(value)})
			return nil
		}); err != nil {
			rt.Fatal(err)
		}
		slices.SortFunc(rows, func(a, b row) int {
			if a.key != b.key {
				return map[bool]int{true: -1, false: 1}[a.key < b.key]
			}
			return map[bool]int{true: -1, false: 1}[a.value < b.value]
		})
		if len(rows) != len(got) || len(rows) > 0 && fmt.Sprint(rows) != fmt.Sprint(got) {
			rt.Fatalf("got %q, want %q", got, rows)
		}
		if err := sorter.Close(); err != nil {
			rt.Fatal(err)
		}
		if left, _ := os.ReadDir(dir); len(left) > 0 {
			rt.Fatalf("%d files left", len(left))
		}
	})
}

func TestTakesRowsFromManyAtOnce(t *testing.T) {
	sorter := spill.New(t.TempDir(), 4<<10)
	defer sorter.Close()
	var all sync.WaitGroup
	for w := range 4 {
		all.Go(func() {
			for i := range 1000 {
				if err := sorter.Add(fmt.Appendf(nil, "%04d", i*4+w), []byte("v")); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	n := 0
	err := sorter.Each(func(key, _ []byte) error {
		if want := fmt.Sprintf("%04d", n); string(key) != want {
			return fmt.Errorf("row %d is %s", n, key)
		}
		n++
		return nil
	})
	if err != nil || n != 4000 {
		t.Fatalf("%d rows, %v", n, err)
	}
}
