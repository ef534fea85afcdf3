package notify

import (
	"errors"
	"log/slog"
	"regexp"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// ErrKey says that a text is not an API key of GOV.UK Notify.
var ErrKey = errors.New("not a GOV.UK Notify API key")

// Key is an API key of GOV.UK Notify.
type Key struct{ service, secret string }

// keyForm matches the end of a key: the service's id and the secret, both UUIDs. The name before them may have any form,
// hyphens included.
var keyForm = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`-([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})-([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})$`)
})

// ParseKey returns the key in a text of Notify's form, "<name>-<service id>-<secret>", or ErrKey.
func ParseKey(s string) (Key, error) {
	parts := keyForm().FindStringSubmatch(s)
	if parts == nil {
		return Key{}, ErrKey
	}
	return Key{service: parts[1], secret: parts[2]}, nil
}

// token returns the token that authorises a request at a time. Notify accepts it for 30 seconds.
// https://docs.notifications.service.gov.uk/rest-api.html#authorisation-header
func (k Key) token(now time.Time) (string, error) {
	claims := jwt.MapClaims{"iss": k.service, "iat": now.Unix()}
	return jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString([]byte(k.secret))
}

// String masks the key, so that printing one by accident discloses nothing.
func (Key) String() string { return "[masked]" }

// GoString masks the key under %#v.
func (k Key) GoString() string { return k.String() }

// LogValue masks the key in structured logs.
func (k Key) LogValue() slog.Value { return slog.StringValue(k.String()) }
