package notify_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// server answers as GOV.UK Notify does: it checks the token, keeps what it takes, and finds it by reference.
type server struct {
	*httptest.Server
	clock func() time.Time

	mu    sync.Mutex
	taken []map[string]any
	// answer, if set, replaces what the server does after it checked the token.
	answer func(w http.ResponseWriter, r *http.Request)
	// lose cuts the connection after the next email was taken: its acknowledgement is lost.
	lose bool
}

func newServer(t testing.TB) *server {
	s := &server{clock: clock}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	if !s.allowed(r) {
		reply(w, http.StatusForbidden, `{"status_code":403,"errors":[{"error":"AuthError","message":"Invalid token"}]}`)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.answer != nil:
		s.answer(w, r)
	case r.Method == http.MethodPost && r.URL.Path == "/v2/notifications/email":
		var request map[string]any
		if json.Unmarshal(body, &request) != nil || request["email_address"] == nil || request["template_id"] == nil {
			reply(w, http.StatusBadRequest, `{"status_code":400,"errors":[{"error":"ValidationError","message":"email_address is a required property"}]}`)
			return
		}
		s.taken = append(s.taken, request)
		if s.lose {
			s.lose = false
			panic(http.ErrAbortHandler)
		}
		reply(w, http.StatusCreated, `{"id":"740e5834-3a29-46b4-9a6f-16142fde533a"}`)
	case r.Method == http.MethodGet && r.URL.Path == "/v2/notifications":
		found := []map[string]any{}
		for _, request := range s.taken {
			if request["reference"] == r.URL.Query().Get("reference") {
				found = append(found, map[string]any{"reference": request["reference"], "created_at": "2026-05-01T08:59:00.123456Z", "status": "permanent-failure"})
			}
		}
		answer, _ := json.Marshal(map[string]any{"notifications": found, "links": map[string]string{}})
		reply(w, http.StatusOK, string(answer))
	default:
		reply(w, http.StatusNotFound, `{"status_code":404,"errors":[{"error":"NoResultFound","message":"No result found"}]}`)
	}
}

// allowed is Notify's check: HS256 with the secret, issued by the service, no more than 30 seconds off.
func (s *server) allowed(r *http.Request) bool {
	text, bearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	token, err := jwt.Parse(text, func(*jwt.Token) (any, error) { return []byte(secret), nil },
		jwt.WithValidMethods([]string{"HS256"}), jwt.WithIssuer(service), jwt.WithTimeFunc(s.clock), jwt.WithIssuedAt(), jwt.WithLeeway(30*time.Second))
	if err != nil || !bearer || token.Header["typ"] != "JWT" {
		return false
	}
	issued, err := token.Claims.GetIssuedAt()
	return err == nil && issued != nil && s.clock().Sub(issued.Time).Abs() <= 30*time.Second
}

func reply(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}
