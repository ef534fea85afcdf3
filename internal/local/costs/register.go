package costs

// Registers are the sizes of the register for which the README says what they take.
var Registers = []int{10_000, 100_000, 1_000_000, 10_000_000}

// Register describes the effect of a register's size on lookups.
type Register struct {
	Teachers    int
	GB          float64 // of the table and its indexes
	OneBirthday float64 // people
	ReadUnits   float64 // of a lookup, of the index of birthdays
	// The lookups a second at which the index of birthdays meets its limits.
	AtOnce, Quota, OfOneBirthday float64
	Storage                      float64 // dollars a month, with point-in-time recovery
	Reading                      float64 // dollars for a million lookups
}

// Growth returns the effect of registers of different sizes.
func Growth(u Units) (all []Register) {
	for _, n := range Registers {
		units := u.In(n).Read[BirthdayIndex]
		gb := u.RegisterGB(n)
		all = append(all, Register{n, gb, float64(n) / birthdays, units, newTableReads / units, tableUnits / units, partitionReads / units,
			gb * perGBOfTable, units * perMillionReadUnits})
	}
	return all
}
