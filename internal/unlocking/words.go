package unlocking

// reasonWords completes "The account was not unlocked, because …" for each reason.
var reasonWords = map[Reason]string{
	UnlockingSwitchedOff:   "unlocking was switched off",
	RecordInactive:         "the record was not active: deactivated, merged into another or of somebody who died",
	OpenAlert:              "the record had an open alert",
	RecordInDoubt:          "the record was in doubt: a newer row of it in a register extract could not be read",
	EmailUsedForAnotherTRN: "the email address had found another TRN",
	EvidenceOpenToOthers:   "no National Insurance number, TRN or recorded email address agreed, only what colleagues know too",
}

// Words returns a reason as the end of the sentence "The account was not unlocked, because …". A reason that it does
// not know, of an item that a later version wrote, it returns as it is.
func (r Reason) Words() string {
	if words, ok := reasonWords[r]; ok {
		return words
	}
	return string(r)
}
