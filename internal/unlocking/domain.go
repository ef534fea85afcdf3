package unlocking

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"strings"

	"losttrn/internal/fault"
	"losttrn/internal/teacher"
)

// domainCode returns an HMAC of the domain of a mailbox under the secret: figures can tell domains apart by it, and it
// does not disclose the domain. It has letters alone, because a figure accepts no run of digits.
func domainCode(secret string, mailbox teacher.EmailKey) string {
	_, domain, _ := strings.Cut(mailbox.Text(), "@")
	mac := hmac.New(sha256.New, []byte("unlocks by domain\x00"+secret))
	_, _ = mac.Write([]byte(domain)) // never fails
	var code []byte
	for _, b := range mac.Sum(nil)[:10] {
		code = append(code, 'a'+b>>4, 'a'+b&15)
	}
	return string(code)
}

// domain returns the code of a mailbox's domain, "" if the secret cannot be read; the figure is then written without
// it.
func (s *Service[S]) domain(ctx context.Context, mailbox teacher.EmailKey) string {
	secret, err := s.Secret(ctx)
	if err != nil {
		s.Log.WarnContext(ctx, "unlock counted without its domain", "code", fault.Code(err))
		return ""
	}
	return domainCode(secret, mailbox)
}
