package journey

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"
)

// CookieName is the cookie's name. Browsers take a cookie of a name that begins with __Host- only from the host
// itself, over HTTPS (or from localhost), for the whole host: no neighbouring site can plant one.
const CookieName = "__Host-answers"

// StartedName is the name of a cookie that only says that a journey was begun in this browser. It outlives the answers,
// and so distinguishes a person who comes back too late from one whose browser refuses cookies.
const StartedName = "__Host-started"

const (
	// Life is how long answers are kept after the last one was given.
	Life = 2 * time.Hour
	// LifeAfterResult is how long answers are kept after the journey has come to its end.
	LifeAfterResult = 30 * time.Minute
	// startedLife is how long a browser remembers that a journey was begun.
	startedLife = 24 * time.Hour
)

// minimumSecret is the shortest secret accepted, in characters.
const minimumSecret = 32

var (
	// ErrNone says that the request has no answers.
	ErrNone = errors.New("no journey")
	// ErrUnreadable says that the request's answers are too old, or not sealed by the service.
	ErrUnreadable = errors.New("journey expired or not genuine")
)

// Secrets returns the secrets that seal cookies, separated by commas, each of at least 32 characters. The first is
// the current one; cookies made with the others are still read, so that a secret can be changed without ending
// anyone's journey: first add the new one at the end, and once every instance of the service has seen it, put it
// first; take the old one away two hours later.
type Secrets func(context.Context) (string, error)

// Seal encrypts journeys in cookies and reads them: AES-256-GCM with keys derived from secrets. It is safe for
// concurrent use if its secrets and its source of randomness are.
type Seal struct {
	secrets Secrets
	random  io.Reader

	mu   sync.Mutex
	last string // the secrets of keys
	keys *keys
}

// keys are the keys derived from the secrets at one time.
type keys struct {
	aeads []cipher.AEAD // the first seals, all open
	mac   []byte
}

// NewSeal returns a Seal.
func NewSeal(secrets Secrets, random io.Reader) *Seal { return &Seal{secrets: secrets, random: random} }

// current returns the keys of the current secrets.
func (s *Seal) current(ctx context.Context) (*keys, error) {
	secrets, err := s.secrets(ctx)
	if err != nil {
		return nil, fmt.Errorf("read cookie secrets: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.keys == nil || s.last != secrets {
		derived, err := derive(secrets)
		if err != nil {
			return nil, err
		}
		s.last, s.keys = secrets, derived
	}
	return s.keys, nil
}

func derive(secrets string) (*keys, error) {
	var k keys
	for i, secret := range strings.Split(secrets, ",") {
		secret = strings.TrimSpace(secret)
		if len(secret) < minimumSecret {
			return nil, fmt.Errorf("cookie secret %d is shorter than %d characters", i+1, minimumSecret)
		}
		aead, err := newAEAD(secret)
		if err != nil {
			return nil, fmt.Errorf("cookie secret %d: %w", i+1, err)
		}
		if i == 0 {
			if k.mac, err = hkdf.Key(sha256.New, []byte(secret), nil, "find-a-lost-trn answers shown", 32); err != nil {
				return nil, fmt.Errorf("cookie secret %d: %w", i+1, err)
			}
		}
		k.aeads = append(k.aeads, aead)
	}
	return &k, nil
}

func newAEAD(secret string) (cipher.AEAD, error) {
	key, err := hkdf.Key(sha256.New, []byte(secret), nil, "find-a-lost-trn cookie", 32)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// Cookie returns the cookie of a journey, whose lifetime begins now. With its attributes it is at most 4 KiB long.
func (s *Seal) Cookie(ctx context.Context, j Journey, now time.Time) (*http.Cookie, error) {
	k, err := s.current(ctx)
	if err != nil {
		return nil, err
	}
	aead := k.aeads[0]
	nonce := make([]byte, aead.NonceSize(), 4096)
	if _, err := io.ReadFull(s.random, nonce); err != nil {
		return nil, fmt.Errorf("seal answers: %w", err)
	}
	sealed := aead.Seal(nonce, nonce, j.encode(now), []byte(CookieName))
	return cookie(CookieName, base64.RawURLEncoding.EncodeToString(sealed), int(j.Life()/time.Second)), nil
}

// Started returns the cookie of StartedName.
func Started() *http.Cookie { return cookie(StartedName, "1", int(startedLife/time.Second)) }

// Forget returns the cookies that end a journey.
func Forget() []*http.Cookie {
	return []*http.Cookie{cookie(CookieName, "", -1), cookie(StartedName, "", -1)}
}

func cookie(name, value string, maxAge int) *http.Cookie {
	return &http.Cookie{Name: name, Value: value, MaxAge: maxAge, Path: "/", HttpOnly: true, Secure: true,
		SameSite: http.SameSiteLaxMode}
}

// HasStarted reports whether a request says that a journey was begun in its browser.
func HasStarted(r *http.Request) bool {
	_, err := r.Cookie(StartedName)
	return err == nil
}

// Read returns the journey of a request, or ErrNone, ErrUnreadable, or the error of reading the secrets.
func (s *Seal) Read(r *http.Request, now time.Time) (Journey, error) {
	c, err := r.Cookie(CookieName)
	if err != nil || c.Value == "" {
		return Journey{}, ErrNone
	}
	sealed, err := base64.RawURLEncoding.Strict().DecodeString(c.Value)
	if err != nil {
		return Journey{}, ErrUnreadable
	}
	k, err := s.current(r.Context())
	if err != nil {
		return Journey{}, err
	}
	for _, aead := range k.aeads {
		if len(sealed) < aead.NonceSize() {
			continue
		}
		plain, err := aead.Open(nil, sealed[:aead.NonceSize()], sealed[aead.NonceSize():], []byte(CookieName))
		if err != nil {
			continue
		}
		j, at, err := decode(plain)
		if err != nil || now.Sub(at) >= j.Life() || at.Sub(now) > time.Minute {
			return Journey{}, ErrUnreadable
		}
		return j, nil
	}
	return Journey{}, ErrUnreadable
}

// Shown returns a fingerprint of the answers that a page shows. With it, a submission of these answers is distinguished
// from one of answers that were given in another tab meanwhile. It discloses nothing.
func (s *Seal) Shown(ctx context.Context, j Journey) (string, error) {
	k, err := s.current(ctx)
	if err != nil {
		return "", err
	}
	j = Journey{Key: j.Key, Answers: j.Answers, NameChange: j.NameChange} // and nothing of what came of them
	mac := hmac.New(sha256.New, k.mac)
	mac.Write(j.encode(time.Unix(0, 0)))
	return hex.EncodeToString(mac.Sum(nil)[:16]), nil
}
