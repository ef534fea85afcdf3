package endtoend_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"losttrn/internal/local"
)

// TestBehindAnEdge: with an edge nobody is served past it, and the limits count the viewer that it saw. Every other test
// here is the other state: without an edge no header is believed.
func TestBehindAnEdge(t *testing.T) {
	w, err := start(t.TempDir(), map[string]string{"EdgeWebAclArn": "arn:aws:wafv2:us-east-1:000000000000:global/webacl/people/1",
		"Limits": "on", "LimitPerAddress": "2"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Stop)
	body := `{"email":"edge@example.com","firstName":"Nobody","lastName":"Known","dateOfBirth":"1980-06-07","nationalInsuranceNumber":"QQ999999C"}`
	ask := func(secret, viewer string) int {
		header := map[string]string{"Content-Type": "application/json", "CloudFront-Viewer-Address": viewer}
		if secret != "" {
			header["X-Edge-Secret"] = secret
		}
		return w.send(t, http.MethodPost, "/v1/lookups", strings.NewReader(body), header).status
	}
	for _, forged := range []string{"", "guess"} {
		if status := ask(forged, "198.51.100.1:4"); status != http.StatusForbidden {
			t.Errorf("past the edge with %q: %d", forged, status)
		}
	}
	secret := w.secretOf(t, "/aws/reference/secretsmanager/find-a-lost-trn/dev/edge")
	for i, want := range []int{200, 200, 429} {
		if status := ask(secret, "198.51.100.1:4"); status != want {
			t.Errorf("lookup %d of one viewer: %d, want %d", i+1, status, want)
		}
	}
	if status := ask(secret, "[2001:db8::1]:4"); status != 200 {
		t.Errorf("another viewer: %d", status)
	}
}

// secretOf reads a secret that the local stack has made up.
func (w *fixture) secretOf(t *testing.T, name string) string {
	t.Helper()
	var index struct{ Endpoints map[string]string }
	if err := json.Unmarshal([]byte(w.send(t, http.MethodGet, "/_local/", nil, map[string]string{"Accept": "application/json"}).body), &index); err != nil {
		t.Fatal(err)
	}
	client := ssm.NewFromConfig(local.Config(), func(o *ssm.Options) { o.BaseEndpoint = aws.String(index.Endpoints["ssm"]) })
	out, err := client.GetParameter(t.Context(), &ssm.GetParameterInput{Name: &name, WithDecryption: aws.Bool(true)})
	if err != nil {
		t.Fatal(err)
	}
	return *out.Parameter.Value
}
