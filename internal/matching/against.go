package matching

// outweighed tells whether what speaks against a record outweighs what agrees: with two National Insurance
// numbers that differ by more than a slip, name, date of birth and training provider alone are not enough, because two people of
// one name and one birthday do train at one place.
func outweighed(agreed, against kinds) bool {
	return against.has(ninoBit) && agreed == nameBit|dateOfBirthBit|providerBit
}
