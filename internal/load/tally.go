package load

import (
	"sync"
	"time"
)

// Summary counts the outcomes of the rows of an extract.
type Summary struct {
	Rows      int // read, without the header and blank lines
	Added     int // records that did not exist
	Updated   int
	Unchanged int // said what is stored
	Older     int // the stored record is newer
	Rejected  int // rows with something wrong, which are in the rejects file
	// Dropped counts unreadable cells that are only evidence, of rows that are counted above. They are in the rejects
	// file too.
	Dropped int
	// InDoubt counts records that a rejected row put in doubt, and Recovered those whose doubt a good row ended.
	InDoubt, Recovered int
	// Differing counts records whose rows of one time say different things, lists included; Cycles and Orphans count
	// merged records whose merges form a cycle or end at a record that does not exist.
	Differing, Cycles, Orphans int
	// KeptUnlocked counts rows, counted above too, that said locked for an account that the service unlocked later.
	KeptUnlocked int
	// Vanished counts active records that are missing from a full extract, and Deactivated those of them that were
	// deactivated.
	Vanished, Deactivated int
	// Named holds the TRNs of some of these records, nil if there are none.
	Named *Named
}

// Named are the TRNs of the records that a summary counts as Differing, Cycles and Orphans, in order, at most MostNamed
// of each, and the days on which more people are said to be born than lookups can tell apart.
type Named struct {
	Differing, Cycles, Orphans []string
	CrowdedBirthdays           []Birthday
}

// Birthday is a day, YYYY-MM-DD, and how many records of the extract have it as their date of birth.
type Birthday struct {
	Date   string `json:"date"`
	People int    `json:"people"`
}

// MostNamed is how many TRNs of each kind a summary names.
const MostNamed = 100

// Progress is the progress of a load.
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
	spent time.Duration // by earlier loads of the extract
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

// problems counts a row with something wrong.
func (t *tally) problems(rejected bool, problems []problem) {
	t.add(func(s *Summary) {
		if rejected {
			s.Rejected++
			return
		}
		s.Dropped += len(problems)
	})
}

func (t *tally) vanished(n int) { t.add(func(s *Summary) { s.Vanished = n }) }

func (t *tally) deactivated(d decision) {
	t.increment(d, func(s *Summary) *int { return &s.Deactivated })
}

func (t *tally) doubted(d decision) { t.increment(d, func(s *Summary) *int { return &s.InDoubt }) }

func (t *tally) recovered(d decision) { t.increment(d, func(s *Summary) *int { return &s.Recovered }) }

// increment adds one to a count if the decision changed a record.
func (t *tally) increment(d decision, count func(*Summary) *int) {
	if d.verdict == updated {
		t.add(func(s *Summary) { *count(s)++ })
	}
}

// stored counts the outcome of a row.
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

func (t *tally) elapsed() time.Duration { return t.spent + time.Since(t.start) }

func (t *tally) report() {
	if t.tell == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.tell(Progress{t.count, t.bytes, t.size, t.elapsed()})
}

func (t *tally) summary(named func(*Summary)) Summary {
	t.mu.Lock()
	defer t.mu.Unlock()
	named(&t.count)
	return t.count
}

// named adds the records that the summary counts and names.
func (l *loader) named() func(*Summary) {
	return func(s *Summary) {
		s.Differing, s.Cycles, s.Orphans = l.differing.len(), l.cycles.len(), l.orphans.len()
		crowded := l.crowdedBirthdays()
		if s.Differing+s.Cycles+s.Orphans+len(crowded) > 0 {
			s.Named = &Named{firstOf(&l.differing), firstOf(&l.cycles), firstOf(&l.orphans), crowded}
		}
	}
}

func firstOf(set *trnSet) []string {
	var digits []string
	for number := range set.all {
		if digits = append(digits, trnDigits(number)); len(digits) == MostNamed {
			break
		}
	}
	return digits
}
