package inbox

import (
	"math"

	"losttrn/internal/load"
)

// Report is the content of progress.json and summary.json.
type Report struct {
	Load      string  `json:"load"`
	Outcome   string  `json:"outcome"` // loading, loaded or refused
	Refused   string  `json:"refused,omitempty"`
	Read      int     `json:"read"`
	Added     int     `json:"added"`
	Updated   int     `json:"updated"`
	Unchanged int     `json:"unchanged"`
	Older     int     `json:"older"`
	Rejected  int     `json:"rejected"`
	Dropped   int     `json:"droppedCells"`
	Seconds   float64 `json:"seconds"`
	PerSecond float64 `json:"perSecond"`

	Bytes       int64   `json:"bytes"` // of the extract, unpacked
	Size        int64   `json:"size"`
	Invocations int     `json:"invocations"`
	ReadUnits   float64 `json:"readUnits"`  // of the teachers table
	WriteUnits  float64 `json:"writeUnits"` // its indexes included

	InDoubt      int             `json:"inDoubt"`   // records that a rejected row put in doubt
	Recovered    int             `json:"recovered"` // records that are in doubt no more
	KeptUnlocked int             `json:"keptUnlocked"`
	Vanished     int             `json:"vanished"`
	Deactivated  int             `json:"deactivated"`
	Differing    named           `json:"differing"`    // records of which rows of one time say different things
	MergeCycles  named           `json:"mergeCycles"`  // merged records that lead round in a circle
	MergeOrphans named           `json:"mergeOrphans"` // merged records that lead to one that does not exist
	Birthdays    []load.Birthday `json:"crowdedBirthdays"`
}

// named counts records and names some of them.
type named struct {
	Count int      `json:"count"`
	TRNs  []string `json:"trns"`
}

func (j *job) report(s load.Summary, seconds float64, bytes int64, outcome, refused string) Report {
	names := s.Named
	if names == nil {
		names = &load.Named{}
	}
	some := func(count int, trns []string) named {
		if trns == nil {
			trns = []string{}
		}
		return named{count, trns}
	}
	r := Report{Load: j.name, Outcome: outcome, Refused: refused, Read: s.Rows, Added: s.Added, Updated: s.Updated, Unchanged: s.Unchanged,
		Older: s.Older, Rejected: s.Rejected, Dropped: s.Dropped, Seconds: round(seconds), PerSecond: round(float64(s.Rows) / max(seconds, 0.001)),
		Bytes: bytes, Size: j.extract.Size, Invocations: j.kept.Invocations, ReadUnits: j.kept.ReadUnits, WriteUnits: j.kept.WriteUnits,
		InDoubt: s.InDoubt, Recovered: s.Recovered, KeptUnlocked: s.KeptUnlocked, Vanished: s.Vanished, Deactivated: s.Deactivated,
		Differing: some(s.Differing, names.Differing), MergeCycles: some(s.Cycles, names.Cycles), MergeOrphans: some(s.Orphans, names.Orphans),
		Birthdays: names.CrowdedBirthdays}
	if r.Birthdays == nil {
		r.Birthdays = []load.Birthday{}
	}
	return r
}

func round(f float64) float64 { return math.Round(f*10) / 10 }
