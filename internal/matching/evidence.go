package matching

import "math/bits"

// Evidence is a kind of evidence. The text is what the lookup keeps and the helpdesk's report shows.
type Evidence string

// The kinds of evidence.
const (
	Name        Evidence = "name"
	DateOfBirth Evidence = "date_of_birth"
	NINO        Evidence = "national_insurance_number"
	Email       Evidence = "email"
	TRN         Evidence = "trn"
	Provider    Evidence = "training_provider"
)

// AllEvidence is every kind of evidence, in the order in which decisions list them.
var AllEvidence = [...]Evidence{Name, DateOfBirth, NINO, Email, TRN, Provider}

// kinds is a set of kinds of evidence, one bit each in the order of AllEvidence.
type kinds uint8

const (
	nameBit kinds = 1 << iota
	dateOfBirthBit
	ninoBit
	emailBit
	trnBit
	providerBit
)

func (k kinds) count() int { return bits.OnesCount8(uint8(k)) }

func (k kinds) has(other kinds) bool { return k&other == other }

// list is the set as a slice in the order of AllEvidence, nil when empty.
func (k kinds) list() []Evidence {
	if k == 0 {
		return nil
	}
	list := make([]Evidence, 0, k.count())
	for i, e := range AllEvidence {
		if k&(1<<i) != 0 {
			list = append(list, e)
		}
	}
	return list
}
