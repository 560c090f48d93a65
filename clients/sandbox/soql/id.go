// The two forms of a record id: 15 characters that tell case apart, and 18 that carry it in a checksum.

package soql

import "strings"

const checksum = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"

// To18 gives the 18-character form of a 15-character id: three characters more, one for each block of five,
// whose value has bit i set where character i of the block is A–Z. An id in any other form comes back as it is,
// but for one of 18 characters that lost its case, which gets it back.
func To18(id string) string {
	if bare, ok := to15(id); ok {
		return bare + suffix(bare)
	}
	return id
}

// SameID tells whether a and b are one record's id, in whichever form each is written.
// Two 15-character ids that differ in case are two records.
func SameID(a, b string) bool {
	bareA, okA := to15(a)
	bareB, okB := to15(b)
	return okA && okB && bareA == bareB
}

// ValidID tells whether id is 15 letters and digits, or 18 whose last three fit the others.
// An 18-character id written all in capitals or all in small letters is valid too, as its checksum restores the case.
func ValidID(id string) bool {
	_, ok := to15(id)
	return ok
}

func to15(id string) (string, bool) {
	for i := range len(id) {
		if !isAlphanumeric(id[i]) {
			return "", false
		}
	}
	switch len(id) {
	case 15:
		return id, true
	case 18:
		return unsuffix(id[:15], strings.ToUpper(id[15:]))
	}
	return "", false
}

func suffix(bare string) string {
	var out [3]byte
	for block := range out {
		bits := 0
		for i := range 5 {
			if isUpper(bare[block*5+i]) {
				bits |= 1 << i
			}
		}
		out[block] = checksum[bits]
	}
	return string(out[:])
}

// unsuffix checks bare against its checksum; a bare id all in one case is given the case that the checksum tells.
func unsuffix(bare, sum string) (string, bool) {
	if suffix(bare) == sum {
		return bare, true
	}
	if bare != strings.ToUpper(bare) && bare != strings.ToLower(bare) {
		return "", false
	}
	restored := []byte(strings.ToLower(bare))
	for i := range restored {
		bits := strings.IndexByte(checksum, sum[i/5])
		if bits >= 0 && bits&(1<<(i%5)) != 0 && restored[i] >= 'a' {
			restored[i] -= 'a' - 'A'
		}
	}
	return string(restored), suffix(string(restored)) == sum
}

func isUpper(c byte) bool { return c >= 'A' && c <= 'Z' }

func isAlphanumeric(c byte) bool {
	return isUpper(c) || c >= 'a' && c <= 'z' || c >= '0' && c <= '9'
}
