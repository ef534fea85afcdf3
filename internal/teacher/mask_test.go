package teacher_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"losttrn/internal/teacher"
)

// TestNothingIsPrintedByAccident: a value that reaches a log or a message, alone or inside another, shows nothing.
func TestNothingIsPrintedByAccident(t *testing.T) {
	email, err := teacher.ParseEmail("canary.person@example.com")
	if err != nil {
		t.Fatal(err)
	}
	trn, err := teacher.ParseTRN("9182736")
	if err != nil {
		t.Fatal(err)
	}
	nino, err := teacher.ParseNINO("QQ918273C")
	if err != nil {
		t.Fatal(err)
	}
	values := []any{email, email.Key(), trn, nino}
	all := struct {
		Email teacher.Email
		Key   teacher.EmailKey
		TRNs  []teacher.TRN
		NINO  *teacher.NINO
		By    map[teacher.TRN]teacher.NINO
	}{email, email.Key(), []teacher.TRN{trn}, &nino, map[teacher.TRN]teacher.NINO{trn: nino}}

	var out bytes.Buffer
	handlers := []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)}
	for _, v := range append(values, all, &all, teacher.Record{TRN: trn, NINO: nino, Email: email.Key(), FormerTRNs: []teacher.TRN{trn}}) {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
			fmt.Fprintf(&out, verb+"\n", v)
		}
		fmt.Fprintln(&out, v, fmt.Errorf("with %v", v))
		for _, h := range handlers {
			slog.New(h).Info("logged", "value", v, slog.Group("group", "value", v))
		}
		if text, err := json.Marshal(v); err == nil {
			out.Write(text)
		}
	}
	for _, canary := range []string{"canary", "example.com", "9182736", "918273", fmt.Sprintf("%x", "9182736"), fmt.Sprintf("%x", "canary")} {
		if i := strings.Index(out.String(), canary); i >= 0 {
			t.Errorf("%q is printed: …%s", canary, out.String()[max(0, i-60):i+len(canary)])
		}
	}
	if got := fmt.Sprint(values...); strings.Count(got, "[masked]") != 4 {
		t.Errorf("%s", got)
	}
	if got := fmt.Sprint(teacher.TRN{}, teacher.NINO{}, teacher.Email{}, teacher.EmailKey{}); strings.TrimSpace(got) != "" {
		t.Errorf("what is absent is printed as %q", got)
	}
}
