package lookup

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"regexp"
	"sync"

	"golang.org/x/text/unicode/norm"
)

var idForm = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[48][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
})

// IsID reports whether a text has the form of a lookup id.
func IsID(s string) bool { return idForm().MatchString(s) }

// NewID returns a random lookup id (UUID version 4).
func NewID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails (crypto/rand)
	return uuid(b, 4)
}

// repeatableID returns the id of the lookup with an idempotency key and details (UUID version 8, RFC 9562): the same
// for the same key and details, in any spelling, and different for any others and for another secret. It needs no
// storage, and discloses neither the key nor the details.
func repeatableID(secret, idempotencyKey string, q Query) string {
	texts := append([]string{idempotencyKey}, q.identity()...)
	for i, text := range texts {
		texts[i] = norm.NFC.String(text) // two keyboards may send one accented letter in two ways
	}
	body, err := json.Marshal(texts)
	if err != nil {
		panic(err) // impossible: strings
	}
	mac := hmac.New(sha256.New, []byte("lookup-id\x00"+secret))
	mac.Write(body)
	return uuid([16]byte(mac.Sum(nil)), 8)
}

func uuid(b [16]byte, version byte) string {
	b[6] = b[6]&0x0f | version<<4
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
