package matchcases

import (
	"fmt"

	"losttrn/internal/matching"
	"losttrn/internal/teacher"
)

// Fields are what a person gives, as they type it, by the names of the lookup's JSON members.
type Fields struct {
	Email                   string `json:"email,omitempty"`
	FirstName               string `json:"firstName,omitempty"`
	MiddleName              string `json:"middleName,omitempty"`
	LastName                string `json:"lastName,omitempty"`
	PreviousFirstName       string `json:"previousFirstName,omitempty"`
	PreviousLastName        string `json:"previousLastName,omitempty"`
	DateOfBirth             string `json:"dateOfBirth,omitempty"`
	NationalInsuranceNumber string `json:"nationalInsuranceNumber,omitempty"`
	TRN                     string `json:"trn,omitempty"`
	TrainingProvider        string `json:"trainingProvider,omitempty"`
}

// Case is a person, the records that resemble them, and the expected outcome. No two cases share a TRN, date of birth,
// National Insurance number or email, so that all their records can be in one register.
type Case struct {
	Name     string
	Person   Fields
	Records  []teacher.Record
	Want     matching.Outcome
	TRN      string              // of the record found
	Evidence []matching.Evidence // that must have agreed, if found
}

// Values returns the person of the fields as matching takes it. It panics on a value that cannot be read; the cases
// have none.
func (f Fields) Values() matching.Person {
	return matching.Person{
		First: f.FirstName, Middle: f.MiddleName, Last: f.LastName,
		PreviousFirst: f.PreviousFirstName, PreviousLast: f.PreviousLastName,
		DateOfBirth: read(teacher.ParseDate, f.DateOfBirth),
		NINO:        read(teacher.ParseNINO, f.NationalInsuranceNumber),
		Email:       read(teacher.ParseEmail, f.Email).Key(),
		TRN:         read(teacher.ParseTRN, f.TRN),
		Provider:    teacher.ParseProvider(f.TrainingProvider),
	}
}

// read parses a text that may be blank.
func read[T any](parse func(string) (T, error), text string) T {
	var zero T
	if teacher.CleanText(text) == "" {
		return zero
	}
	value, err := parse(text)
	if err != nil {
		panic(fmt.Sprintf("%q: %v", text, err))
	}
	return value
}

// values are the identifying values of one case, unique in the table.
type values struct{ trn, nino, date, email, recordedEmail string }

func valuesOf(number int) values {
	return values{
		trn:           fmt.Sprintf("20%05d", number*10),
		nino:          fmt.Sprintf("QQ%06dC", 100000+number),
		date:          fmt.Sprintf("%04d-%02d-%02d", 1950+number%40, 1+number/40%12, 1+number%28),
		email:         fmt.Sprintf("case-%d@example.com", number),
		recordedEmail: fmt.Sprintf("register-%d@example.com", number),
	}
}

// record returns the case's record with all that identifies it, its email being another than the person gives.
func (v values) record(name teacher.Name) teacher.Record {
	return teacher.Record{
		TRN: read(teacher.ParseTRN, v.trn), Name: name, Status: teacher.Active,
		DateOfBirth: read(teacher.ParseDate, v.date),
		NINO:        read(teacher.ParseNINO, v.nino),
		Email:       read(teacher.ParseEmail, v.recordedEmail).Key(),
	}
}

// Cases returns all cases: Complaints, then Examples.
func Cases() []Case { return append(Complaints(), Examples()...) }
