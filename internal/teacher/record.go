package teacher

// Name is a person's name as written. Middle may be blank; First or Last is blank only for people with one name.
type Name struct {
	First, Middle, Last string
}

// IsZero reports whether the name is blank throughout.
func (n Name) IsZero() bool { return n == Name{} }

// Provider is a training provider: its UK provider reference number (UKPRN, eight digits), its name, or both.
type Provider struct {
	UKPRN string
	Name  string
}

// ParseProvider reads what a person gave for their provider: eight digits are a UKPRN, anything else a name.
func ParseProvider(s string) Provider {
	s = CleanText(s)
	if IsUKPRN(s) {
		return Provider{UKPRN: s}
	}
	return Provider{Name: s}
}

// IsUKPRN reports whether a text has the form of a UK provider reference number: eight digits.
func IsUKPRN(s string) bool {
	if len(s) != 8 {
		return false
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// IsZero reports whether there is no provider.
func (p Provider) IsZero() bool { return p == Provider{} }

// Status is the status of a record.
type Status string

// The statuses of a record. Only an active record is matched or unlocked.
const (
	Active      Status = "active"
	Deactivated Status = "deactivated"
	Merged      Status = "merged" // into another record, which then lists this TRN among its former ones
	Deceased    Status = "deceased"
)

// Record holds what the register knows about a teacher's identity. It is what matching compares.
type Record struct {
	TRN           TRN
	Name          Name
	PreviousNames []Name // Middle is always blank
	DateOfBirth   Date
	NINO          NINO
	Email         EmailKey
	Providers     []Provider
	Status        Status
	MergedInto    TRN // the surviving record, if Status is Merged and it is known
	FormerTRNs    []TRN
}

// Alert is a prohibition, sanction or restriction on a record. Type is free text.
type Alert struct {
	ID    string
	Type  string
	Start Date
	End   Date // zero: no end
}

// OpenOn reports whether the alert is open on a day: it has no end date, or one after that day.
//
// This defines what an open alert is to the service. An alert that has ended no longer stands on the record, so it does
// not stop an unlock.
func (a Alert) OpenOn(day Date) bool { return a.End.IsZero() || a.End.After(day) }

// Account holds what unlocking needs to know about a record: the state of its portal account and what may forbid
// unlocking it.
type Account struct {
	TRN        TRN
	Status     Status
	FormerTRNs []TRN
	Alerts     []Alert
	InDoubt    bool // a row of the record that may be newer could not be read
	Locked     bool
}
