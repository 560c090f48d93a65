// Record ids of what is not made from the seed.

package salesforce

import "zsf/clients/sandbox/soql"

const base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// firstSerial puts ids where a real org's would be by now; they grow from there.
const firstSerial = 15_700_000

// newID is the n-th id with that prefix, in 18 characters. Ids sort as their numbers do.
func newID(prefix string, n int) string {
	serial := []byte("0000000000")
	for i, rest := len(serial)-1, firstSerial+n*37; rest > 0; i-- {
		serial[i] = base62[rest%62]
		rest /= 62
	}
	return soql.To18(prefix + "Ws" + string(serial))
}
