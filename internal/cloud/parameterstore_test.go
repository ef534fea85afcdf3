package cloud_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"losttrn/internal/cloud"
)

// TestAParameterIsAskedForAsTheSDKDoes: the same request, signed for the same service and region, with the session's
// token, and the same answer read from it.
func TestAParameterIsAskedForAsTheSDKDoes(t *testing.T) {
	type asked struct{ method, path, target, contentType, token, scope, body string }
	scope := regexp.MustCompile(`^AWS4-HMAC-SHA256 Credential=id/\d{8}(/[^,]*), SignedHeaders=[^,]*x-amz-date[^,]*, Signature=[0-9a-f]{64}$`)
	var last asked
	var server *httptest.Server
	server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		last = asked{r.Method, r.URL.Path, r.Header.Get("X-Amz-Target"), r.Header.Get("Content-Type"), r.Header.Get("X-Amz-Security-Token"), "", string(body)}
		if m := scope.FindStringSubmatch(r.Header.Get("Authorization")); m != nil {
			last.scope = m[1]
		}
		if want := signature(t, r, server.URL, body); r.Header.Get("Authorization") != want {
			t.Errorf("signed\n%s, want\n%s", r.Header.Get("Authorization"), want)
		}
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		_, _ = io.WriteString(w, `{"Parameter":{"Name":"/a/name","Type":"SecureString","Value":"b \u00e9\n","Version":3,"LastModifiedDate":1.5}}`)
	}))
	t.Cleanup(server.Close)
	config := aws.Config{Region: "eu-west-2", Credentials: credentials.NewStaticCredentialsProvider("id", "secret", "token"),
		HTTPClient: http.DefaultClient, Retryer: cloud.Retryer}

	value, err := cloud.NewParameterStore(config, server.URL).Parameter(t.Context(), "/a/name")
	if err != nil || value != "b é\n" {
		t.Fatalf("%q, %v", value, err)
	}
	ours := last
	client := ssm.NewFromConfig(config, func(o *ssm.Options) { o.BaseEndpoint = &server.URL })
	out, err := client.GetParameter(t.Context(), &ssm.GetParameterInput{Name: aws.String("/a/name"), WithDecryption: aws.Bool(true)})
	if err != nil || aws.ToString(out.Parameter.Value) != value {
		t.Fatalf("%v, %v", out, err)
	}
	if ours != last || ours.scope != "/eu-west-2/ssm/aws4_request" {
		t.Errorf("asked %+v\nthe SDK %+v", ours, last)
	}
}

// signature is the Authorization that a request must have: of its own time and the body that came.
func signature(t *testing.T, r *http.Request, address string, body []byte) string {
	t.Helper()
	again, err := http.NewRequestWithContext(t.Context(), r.Method, address+r.URL.Path, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range regexp.MustCompile(`SignedHeaders=([^,]*)`).FindStringSubmatch(r.Header.Get("Authorization"))[1:] {
		for name := range strings.SplitSeq(line, ";") {
			if value := r.Header.Get(name); value != "" {
				again.Header.Set(name, value)
			}
		}
	}
	at, err := time.Parse("20060102T150405Z", r.Header.Get("X-Amz-Date"))
	if err != nil {
		t.Fatal(err)
	}
	digest := sha256.Sum256(body)
	keys := aws.Credentials{AccessKeyID: "id", SecretAccessKey: "secret", SessionToken: "token"}
	if err := v4.NewSigner().SignHTTP(t.Context(), keys, again, hex.EncodeToString(digest[:]), "ssm", "eu-west-2", at); err != nil {
		t.Fatal(err)
	}
	return again.Header.Get("Authorization")
}

// TestAnAnswerWithoutAValue is no empty secret.
func TestAnAnswerWithoutAValue(t *testing.T) {
	for _, body := range []string{`{}`, `{"Parameter":{}}`, `{"Parameter":{"Value":null}}`, `null`, `[]`, ``} {
		server := newStub(t, http.StatusOK, body)
		config := aws.Config{Region: "eu-west-2", Credentials: credentials.NewStaticCredentialsProvider("id", "secret", ""),
			HTTPClient: http.DefaultClient, Retryer: cloud.Retryer}
		if value, err := cloud.NewParameterStore(config, server.URL).Parameter(t.Context(), "/name"); err == nil {
			t.Errorf("%s: %q", body, value)
		}
	}
}
