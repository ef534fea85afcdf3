package sample

// provider is a training provider: invented names, with numbers of the form of a UK provider reference number
// from a range that has not been given out (real ones begin with 100).
type provider struct{ ukprn, name string }

var providers = []provider{
	{"99900001", "University of Northmoor"},
	{"99900002", "University of Eastmarsh"},
	{"99900003", "Saltbridge University"},
	{"99900004", "St Osyth's University College"},
	{"99900005", "Caer Wen University"},
	{"99900006", "Westerfold Teaching School Alliance"},
	{"99900007", "The Larkfield SCITT"},
	{"99900008", "Oakenshaw & District SCITT"},
	{"99900009", "Institute of Education, Milbourne"},
	{"99900010", "Penhallow College of Education"},
	{"99900011", "Thornwick Trust Teacher Training Ltd"},
	{"99900012", "Harbour Schools Partnership"},
	{"99900013", "University of the Three Rivers"},
	{"99900014", "Fenland Teacher Training Consortium"},
	{"99900015", "Prifysgol Glan Alaw"},
	{"99900016", "Ravensgate University"},
	{"99900017", "Bishop Alcuin University"},
	{"99900018", "Chalkdown Learning Federation"},
	{"99900019", "Kirkstane SCITT"},
	{"99900020", "Moorside & Vale Initial Teacher Training"},
	{"99900021", "College of St Frideswide"},
	{"99900022", "Two Counties Teacher Training"},
	{"99900023", "Holmecroft Academy Trust"},
	{"", "Aldermere Training College (closed 1998)"},
}
