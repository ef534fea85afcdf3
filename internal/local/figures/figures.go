// Package figures adds up the figures that the functions of the local stack write to
// their logs in CloudWatch's embedded metric format, as CloudWatch would.
package figures

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

// Sums are the figures since a time. They are safe for concurrent use.
type Sums struct {
	mu    sync.Mutex
	since time.Time
	sums  map[string]*Series
	// beside are the sums of counts by details, which are not dimensions.
	beside map[Beside]float64
}

// Beside is a detail of figures of a name.
type Beside struct {
	Metric string `json:"metric"`
	Name   string `json:"name"`
	Value  string `json:"value"`
}

// Contributor is a detail's value with the sum of its figures.
type Contributor struct {
	Beside
	Sum float64 `json:"sum"`
}

// New returns empty sums.
func New(since time.Time) *Sums {
	return &Sums{since: since, sums: map[string]*Series{}, beside: map[Beside]float64{}}
}

// Summary holds all sums.
type Summary struct {
	Since   time.Time `json:"since"`
	Metrics []Metric  `json:"metrics"`
	// Contributors are the values of details with the highest sums, in descending order.
	Contributors []Contributor `json:"contributors"`
}

// Metric are the figures of one name.
type Metric struct {
	Namespace string   `json:"namespace"`
	Name      string   `json:"name"`
	Unit      string   `json:"unit"`
	Series    []Series `json:"series"`
}

// Series are the figures of one name that have the same dimensions.
type Series struct {
	namespace, name, unit string

	Dimensions map[string]string `json:"dimensions"`
	Sum        float64           `json:"sum"`
	Samples    int               `json:"samples"`
	Minimum    float64           `json:"minimum"`
	Maximum    float64           `json:"maximum"`
}

// Mean returns the average of the figures.
func (s Series) Mean() float64 { return s.Sum / float64(max(s.Samples, 1)) }

// Add adds the figures of a log line. A line without figures changes nothing.
func (s *Sums) Add(line []byte) {
	var header struct {
		AWS struct {
			CloudWatchMetrics []struct {
				Namespace  string
				Dimensions [][]string
				Metrics    []struct{ Name, Unit string }
			}
		} `json:"_aws"`
	}
	var members map[string]json.RawMessage
	if json.Unmarshal(line, &header) != nil || json.Unmarshal(line, &members) != nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, d := range header.AWS.CloudWatchMetrics {
		for _, names := range d.Dimensions {
			dimensions := map[string]string{}
			for _, name := range names {
				var value string
				if json.Unmarshal(members[name], &value) == nil {
					dimensions[name] = value
				}
			}
			for _, m := range d.Metrics {
				s.add(d.Namespace, m.Name, m.Unit, dimensions, values(members[m.Name]))
			}
		}
		for _, m := range d.Metrics {
			s.addBeside(m.Name, members, d.Dimensions)
		}
	}
}

// addBeside adds a figure to the sums of its details: each text of the line, apart from the members that every line
// has.
func (s *Sums) addBeside(metric string, members map[string]json.RawMessage, dimensions [][]string) {
	of := append([]string{"level", "timestamp"}, slices.Concat(dimensions...)...)
	for name, text := range members {
		var value string
		if slices.Contains(of, name) || json.Unmarshal(text, &value) != nil {
			continue
		}
		for _, v := range values(members[metric]) {
			s.beside[Beside{metric, name, value}] += v
		}
	}
}

// shown is how many contributors are shown of each figure.
const shown = 10

// contributors returns the highest sums of each figure.
func (s *Sums) contributors() []Contributor {
	all := []Contributor{}
	for of, sum := range s.beside {
		all = append(all, Contributor{of, sum})
	}
	slices.SortFunc(all, func(a, b Contributor) int {
		return cmp.Or(cmp.Compare(a.Metric, b.Metric), cmp.Compare(a.Name, b.Name), cmp.Compare(b.Sum, a.Sum), cmp.Compare(a.Value, b.Value))
	})
	place := map[Beside]int{}
	return slices.DeleteFunc(all, func(c Contributor) bool {
		place[Beside{Metric: c.Metric, Name: c.Name}]++
		return place[Beside{Metric: c.Metric, Name: c.Name}] > shown
	})
}

// values returns those of a figure: one, or a list.
func values(text json.RawMessage) []float64 {
	var one float64
	if json.Unmarshal(text, &one) == nil {
		return []float64{one}
	}
	var list []float64
	if json.Unmarshal(text, &list) != nil {
		return nil
	}
	return list
}

func (s *Sums) add(namespace, name, unit string, dimensions map[string]string, values []float64) {
	key := strings.Join(append([]string{namespace, name, unit}, pairs(dimensions)...), "\n")
	for _, v := range values {
		sum := s.sums[key]
		if sum == nil {
			sum = &Series{namespace: namespace, name: name, unit: unit, Dimensions: dimensions, Minimum: v, Maximum: v}
			s.sums[key] = sum
		}
		sum.Sum += v
		sum.Samples++
		sum.Minimum, sum.Maximum = min(sum.Minimum, v), max(sum.Maximum, v)
	}
}

func pairs(dimensions map[string]string) []string {
	var list []string
	for _, name := range slices.Sorted(maps.Keys(dimensions)) {
		list = append(list, name+"="+dimensions[name])
	}
	return list
}

// Summary returns the figures by name, those with fewer dimensions first.
func (s *Sums) Summary() Summary {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]Series, 0, len(s.sums))
	for _, sum := range s.sums {
		all = append(all, *sum)
	}
	slices.SortFunc(all, func(a, b Series) int {
		return cmp.Or(cmp.Compare(a.namespace, b.namespace), cmp.Compare(a.name, b.name), cmp.Compare(a.unit, b.unit),
			len(a.Dimensions)-len(b.Dimensions), slices.Compare(pairs(a.Dimensions), pairs(b.Dimensions)))
	})
	summary := Summary{Since: s.since, Metrics: []Metric{}, Contributors: s.contributors()}
	for _, series := range all {
		last := len(summary.Metrics) - 1
		if last < 0 || summary.Metrics[last].Namespace != series.namespace || summary.Metrics[last].Name != series.name || summary.Metrics[last].Unit != series.unit {
			summary.Metrics = append(summary.Metrics, Metric{Namespace: series.namespace, Name: series.name, Unit: series.unit})
			last++
		}
		summary.Metrics[last].Series = append(summary.Metrics[last].Series, series)
	}
	return summary
}
