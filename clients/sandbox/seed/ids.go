package seed

// Salesforce ids: three letters of the object, two of the instance, then a number in base 62
// that grows with each record. The order of ids is therefore the order of numbers.

const (
	digits   = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	checks   = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
	instance = "Kg"
	firstID  = 11*62*62*62*62 + 7_340_113 // the first number in use, so that ids do not start at 00000
	idStep   = 307                        // how far apart two neighbours are
)

// SalesforceID is the 18-character id of record n of the object with that three-character prefix.
func SalesforceID(prefix string, n int) string {
	var id [18]byte
	copy(id[:3], prefix)
	copy(id[3:5], instance)
	number := idNumber(n)
	for i := 14; i >= 5; i-- {
		id[i] = digits[number%62]
		number /= 62
	}
	for group := range 3 {
		id[15+group] = check(id[5*group : 5*group+5])
	}
	return string(id[:])
}

// WithChecksum is the 18-character form of a 15-character id, and any other text unchanged.
func WithChecksum(id string) string {
	if len(id) != 15 {
		return id
	}
	return id + string([]byte{check([]byte(id[0:5])), check([]byte(id[5:10])), check([]byte(id[10:15]))})
}

// IndexOf is the number of the record with that id, of 15 characters (case matters)
// or 18 (case does not, as the last three tell it). It is not ok when no record can have that id.
func IndexOf(id string) (n int, ok bool) {
	var whole [15]byte
	switch len(id) {
	case 15:
		copy(whole[:], id)
	case 18:
		if !restoreCase(&whole, id) {
			return 0, false
		}
	default:
		return 0, false
	}
	if string(whole[3:5]) != instance {
		return 0, false
	}
	number := 0
	for _, c := range whole[5:] {
		value := digitValue(c)
		if value < 0 || number > 1<<55 {
			return 0, false
		}
		number = number*62 + value
	}
	n = (number - firstID) / idStep
	return n, number >= firstID && idNumber(n) == number
}

func idNumber(n int) int { return firstID + n*idStep + int(mix(uint64(n))%idStep) }

// check is the character that tells which of five are capitals.
func check(five []byte) byte {
	bits := 0
	for i, c := range five {
		if c >= 'A' && c <= 'Z' {
			bits |= 1 << i
		}
	}
	return checks[bits]
}

// restoreCase writes the 15 characters of an 18-character id with the capitals that its last three tell.
func restoreCase(whole *[15]byte, id string) bool {
	for group := range 3 {
		c := upper(id[15+group])
		bits := -1
		for i := range checks {
			if checks[i] == c {
				bits = i
			}
		}
		if bits < 0 {
			return false
		}
		for i := range 5 {
			at := 5*group + i
			letter := upper(id[at])
			isLetter := letter >= 'A' && letter <= 'Z'
			capital := bits>>i&1 == 1
			if capital && !isLetter {
				return false
			}
			if isLetter && !capital {
				letter += 'a' - 'A'
			}
			whole[at] = letter
		}
	}
	return true
}

func upper(c byte) byte {
	if c >= 'a' && c <= 'z' {
		return c - ('a' - 'A')
	}
	return c
}

func digitValue(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'A' && c <= 'Z':
		return int(c-'A') + 10
	case c >= 'a' && c <= 'z':
		return int(c-'a') + 36
	}
	return -1
}
