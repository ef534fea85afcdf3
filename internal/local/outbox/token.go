package outbox

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"math"
	"strings"
	"time"
)

// clockSkew is how far from now the time of issue of a token may be.
const clockSkew = 30 * time.Second

// checkToken checks an Authorization header against the API key, and returns Notify's message about its fault, or "".
// https://docs.notifications.service.gov.uk/rest-api.html#authorisation-header
func checkToken(authorization, apiKey string, now time.Time) string {
	token, ok := strings.CutPrefix(authorization, "Bearer ")
	if !ok {
		return "Unauthorized: authentication bearer scheme must be used"
	}
	parts := strings.Split(token, ".")
	if len(parts) != 3 || len(apiKey) < 73 {
		return "Invalid token: signature, api token not found"
	}
	// The key is <name>-<service id>-<secret>, and the name may hold hyphens.
	ids := apiKey[len(apiKey)-73:]
	service, secret := ids[:36], ids[37:]

	var header struct {
		Type      string `json:"typ"`
		Algorithm string `json:"alg"`
	}
	if !part(parts[0], &header) || header.Algorithm != "HS256" || header.Type != "JWT" {
		return "Invalid token: algorithm used is not HS256"
	}
	var claims struct {
		Issuer   string   `json:"iss"`
		IssuedAt *float64 `json:"iat"`
	}
	if !part(parts[1], &claims) || claims.Issuer == "" {
		return "Invalid token: iss field not provided"
	}
	if claims.Issuer != service {
		return "Invalid token: service not found"
	}
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(parts[0] + "." + parts[1]))
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil || !hmac.Equal(signature, mac.Sum(nil)) {
		return "Invalid token: API key not found"
	}
	if claims.IssuedAt == nil || math.Abs(float64(now.Unix())-*claims.IssuedAt) > clockSkew.Seconds() {
		return "Error: Your system clock must be accurate to within 30 seconds"
	}
	return ""
}

func part(encoded string, into any) bool {
	text, err := base64.RawURLEncoding.DecodeString(encoded)
	return err == nil && json.Unmarshal(text, into) == nil
}
