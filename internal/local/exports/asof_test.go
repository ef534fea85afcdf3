package exports

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestAnItemAsItWas(t *testing.T) {
	at := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct{ item, want string }{
		"untouched":   {`{"lookupId":{"S":"x"},"receivedAt":{"S":"2026-11-22T12:00:00.000Z"},"n":{"N":"1"}}`, `{"lookupId":{"S":"x"},"receivedAt":{"S":"2026-11-22T12:00:00.000Z"},"n":{"N":"1"}}`},
		"not yet":     {`{"lookupId":{"S":"x"},"receivedAt":{"S":"2026-11-22T12:00:00.001Z"}}`, ``},
		"not asked":   {`{"lookupId":{"S":"x"},"requestedAt":{"S":"2026-11-23T12:00:00.000Z"}}`, ``},
		"not used":    {`{"email":{"S":"x"},"firstUsedAt":{"S":"2026-11-23T12:00:00.000Z"}}`, ``},
		"not decided": {`{"receivedAt":{"S":"2026-11-22T11:59:59.000Z"},"decidedAt":{"S":"2026-11-22T12:00:01.000Z"},"unlockOutcome":{"S":"refused"},"unlockReasons":{"L":[{"S":"open_alert"}]}}`, `{"receivedAt":{"S":"2026-11-22T11:59:59.000Z"}}`},
		"not answered": {`{"requestedAt":{"S":"2026-11-20T00:00:00.000Z"},"answeredAt":{"S":"2026-11-23T00:00:00.000Z"},"answeredBy":{"S":"ann"}}`,
			`{"requestedAt":{"S":"2026-11-20T00:00:00.000Z"}}`},
		"fewer TRNs": {`{"firstUsedAt":{"S":"2026-11-20T00:00:00.000Z"},"trns":{"M":{"1000001":{"S":"2026-11-20T00:00:00.000Z"},"1000002":{"S":"2026-11-23T00:00:00.000Z"}}}}`,
			`{"firstUsedAt":{"S":"2026-11-20T00:00:00.000Z"},"trns":{"M":{"1000001":{"S":"2026-11-20T00:00:00.000Z"}}}}`},
		"not lifted": {`{"lifted":{"L":[{"M":{"at":{"S":"2026-11-20T00:00:00.000Z"}}},{"M":{"at":{"S":"2026-11-23T00:00:00.000Z"}}}]}}`,
			`{"lifted":{"L":[{"M":{"at":{"S":"2026-11-20T00:00:00.000Z"}}}]}}`},
	} {
		got, err := asOf(json.RawMessage(c.item), at)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got == nil || c.want == "" {
			if string(got) != c.want {
				t.Errorf("%s: %s, want %s", name, got, c.want)
			}
			continue
		}
		var is, should any
		if err := json.Unmarshal(got, &is); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal([]byte(c.want), &should); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(should, is); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
