package journey

import (
	"bytes"
	"testing"
	"time"

	"losttrn/internal/lookup"
)

func FuzzDecode(f *testing.F) {
	j := Journey{Answers: lookup.Details{Email: "amara@example.com", DateOfBirth: lookup.TypedDate{Day: "1"}}, Checked: true}
	j.Answer(Email, true)
	f.Add(j.encode(time.Unix(1_800_000_000, 0)))
	f.Add([]byte{version})
	f.Fuzz(func(t *testing.T, b []byte) {
		j, at, err := decode(b)
		if err != nil {
			return
		}
		again, _, err := decode(j.encode(at))
		if err != nil || again != j || !bytes.Equal(again.encode(at), j.encode(at)) {
			t.Fatalf("%v: %+v, %+v", err, j, again)
		}
	})
}
