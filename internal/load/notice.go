package load

import (
	"context"
	"maps"
	"slices"

	"losttrn/internal/teacher"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// notice notes the training providers of a good row and, if its TRN is new, counts its birthday.
func (l *loader) notice(r *row, isNew bool) {
	for _, f := range r.facts {
		switch f.Name {
		case "dateOfBirth":
			if isNew {
				l.births[textOf(f.Value)]++
			}
		case "trainingProviders":
			for _, provider := range values(f.Value) {
				l.noticeProvider(provider)
			}
		}
	}
}

// mostProviders bounds how many names of training providers a load remembers, so that a column with other content does
// not fill the memory.
const mostProviders = 20_000

func (l *loader) noticeProvider(provider types.AttributeValue) {
	m, ok := provider.(*types.AttributeValueMemberM)
	if !ok {
		return
	}
	name, ukprn := textOf(m.Value["name"]), textOf(m.Value["ukprn"])
	if known, listed := l.providers[name]; name != "" && (listed || len(l.providers) < mostProviders) && known == "" {
		l.providers[name] = ukprn
	}
}

// listProviders adds the training providers of the file to the list of them.
func (l *loader) listProviders(ctx context.Context) error {
	if l.Providers == nil || len(l.providers) == 0 {
		return nil
	}
	var list []teacher.Provider
	for _, name := range slices.Sorted(maps.Keys(l.providers)) {
		list = append(list, teacher.Provider{UKPRN: l.providers[name], Name: name})
	}
	return l.Providers.Add(ctx, list)
}

// crowded is how many people may share a birthday before the summary names the day. It is below what a lookup reads,
// which is 4 MB of records (package register).
const crowded = 5_000

// crowdedBirthdays returns the days on which more people of the file were born.
func (l *loader) crowdedBirthdays() []Birthday {
	var days []Birthday
	for _, day := range slices.Sorted(maps.Keys(l.births)) {
		if l.births[day] > crowded {
			days = append(days, Birthday{day, l.births[day]})
		}
	}
	return days
}
