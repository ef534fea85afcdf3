package matching

// matcher is a person made ready for comparison with many records: everything is folded once. It is not safe
// for concurrent use, because it folds the records' texts into memory of its own.
type matcher struct {
	person   Person
	nino     string // the eight characters that are compared
	name     givenName
	provider providerKey
	folder
}

func newMatcher(p Person) *matcher {
	return &matcher{person: p, nino: p.NINO.Body(), name: newGivenName(p), provider: newProviderKey(p.Provider)}
}
