//go:build browser

package browsertest

// answers are what somebody answers.
type answers struct {
	email, first, last, previousLast string
	day, month, year                 string
	nino, provider                   string
}

// found is in the register, but cannot be told by name, date of birth and this address alone.
var found = answers{email: "amara.new@example.com", first: "Amara", last: "Osei", day: "31", month: "March",
	year: "1985", nino: "QQ 12 34 56 A", provider: "University of Example"}

// early is found with three answers.
var early = answers{email: "bo@example.com", first: "Bo", last: "Li", day: "1", month: "12", year: "1990"}

// unknown is not in the register.
var unknown = answers{email: "nobody@example.com", first: "No", last: "Body", previousLast: "Sombody", day: "2",
	month: "2", year: "1982", provider: "Nowhere"}

// twice is in the register twice.
var twice = answers{email: "sam@example.com", first: "Sam", last: "Twice", day: "2", month: "1", year: "1970",
	nino: "QQ123456C"}

// answerTo fills in the question at hand.
func (p *person) answerTo(path string, a answers) {
	p.t.Helper()
	switch path {
	case "/email":
		p.fill("email", a.email)
	case "/name":
		p.fill("firstName", a.first)
		p.fill("lastName", a.last)
		if a.previousLast == "" {
			p.choose("nameChanged")
			return
		}
		p.choose("nameChanged-2")
		p.fill("previousLastName", a.previousLast)
	case "/date-of-birth":
		p.fill("dateOfBirth-day", a.day)
		p.fill("dateOfBirth-month", a.month)
		p.fill("dateOfBirth-year", a.year)
	case "/national-insurance-number":
		p.fill("nationalInsuranceNumber", a.nino)
	case "/training-provider":
		p.fill("trainingProvider", a.provider)
	default:
		p.t.Fatalf("no question at %s", path)
	}
}

// answerAll goes from the start to "Check your answers".
func (p *person) answerAll(a answers) {
	p.t.Helper()
	p.goTo("/")
	p.click(".govuk-button--start")
	for range questions {
		path := p.path()
		if path == "/check-answers" {
			return
		}
		p.answerTo(path, a)
		p.pressContinue()
	}
	p.at("/check-answers", "Check your answers")
}

var questions = []struct{ path, heading string }{
	{"/email", "What is your email address?"},
	{"/name", "What is your name?"},
	{"/date-of-birth", "What is your date of birth?"},
	{"/national-insurance-number", "What is your National Insurance number?"},
	{"/training-provider", "Who provided your teacher training?"},
}
