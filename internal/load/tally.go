package load

import (
	"sync"
	"time"
)

// Summary counts what became of the rows of an extract.
type Summary struct {
	Rows      int // read, without the header and blank lines
	Added     int // records that did not exist
	Updated   int
	Unchanged int // said what is stored
	Older     int // the stored record is newer
	Rejected  int // rows with something wrong, which are in the rejects file
	// KeptUnlocked are rows, counted above too, that said locked of an account that the service had unlocked later.
	KeptUnlocked int
	// Vanished are active records that a full extract lacks, and Deactivated those of them that were deactivated.
	Vanished, Deactivated int
}

// Progress is how far a load is.
type Progress struct {
	Summary
	Bytes, Size int64 // read so far, and of the whole file, 0 if not known
	Elapsed     time.Duration
}

// tally counts for all goroutines of a load.
type tally struct {
	mu    sync.Mutex
	count Summary
	bytes int64
	size  int64
	start time.Time
	tell  func(Progress)
}

func newTally(o Options) *tally {
	return &tally{size: o.Size, start: time.Now(), tell: o.Progress}
}

func (t *tally) add(change func(*Summary)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	change(&t.count)
}

func (t *tally) read(bytes int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.count.Rows++
	t.bytes = bytes
}

func (t *tally) rejected() { t.add(func(s *Summary) { s.Rejected++ }) }

func (t *tally) vanished(n int) { t.add(func(s *Summary) { s.Vanished = n }) }

func (t *tally) deactivated(d decision) {
	t.add(func(s *Summary) {
		if d.verdict == updated {
			s.Deactivated++
		}
	})
}

// stored counts what became of a row.
func (t *tally) stored(d decision) {
	t.add(func(s *Summary) {
		switch d.verdict {
		case added:
			s.Added++
		case updated:
			s.Updated++
		case unchanged:
			s.Unchanged++
		case older:
			s.Older++
		}
		if d.keptOpen {
			s.KeptUnlocked++
		}
	})
}

func (t *tally) report() {
	if t.tell == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.tell(Progress{t.count, t.bytes, t.size, time.Since(t.start)})
}

func (t *tally) summary() Summary {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.count
}
