package parameters_test

import (
	"errors"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"losttrn/internal/local"
	"losttrn/internal/local/parameters"
)

// open starts the API over the parameters kept at path.
func open(t *testing.T, path string) *ssm.Client {
	t.Helper()
	store, err := parameters.Open(path, []parameters.Declared{{Name: "/app/dev/unlocking", Value: "on", Pattern: "^(on|off)$"},
		{Name: "/app/dev/notify-api-key"}, {Name: "/app/dev/cookie-keys"}})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(store.Handler("arn:aws:ssm:eu-west-2:000000000000:parameter"))
	t.Cleanup(server.Close)
	return ssm.NewFromConfig(local.Config(), func(o *ssm.Options) { o.BaseEndpoint = &server.URL })
}

func get(t *testing.T, client *ssm.Client, name string) (types.Parameter, error) {
	t.Helper()
	out, err := client.GetParameter(t.Context(), &ssm.GetParameterInput{Name: &name, WithDecryption: aws.Bool(true)})
	if err != nil {
		return types.Parameter{}, err
	}
	return *out.Parameter, nil
}

func TestTheTemplatesParameters(t *testing.T) {
	path := filepath.Join(t.TempDir(), "parameters.json")
	client := open(t, path)
	p, err := get(t, client, "/app/dev/unlocking")
	if err != nil || *p.Value != "on" || p.Type != types.ParameterTypeString || p.Version != 1 {
		t.Errorf("as declared: %+v, %v", p, err)
	}

	put := func(value string, overwrite bool) error {
		_, err := client.PutParameter(t.Context(), &ssm.PutParameterInput{
			Name: aws.String("/app/dev/unlocking"), Value: &value, Type: types.ParameterTypeString, Overwrite: &overwrite,
		})
		return err
	}
	var exists *types.ParameterAlreadyExists
	if err := put("off", false); !errors.As(err, &exists) {
		t.Errorf("put without overwrite: %v", err)
	}
	var mismatch *types.ParameterPatternMismatchException
	if err := put("maybe", true); !errors.As(err, &mismatch) {
		t.Errorf("put what the pattern refuses: %v", err)
	}
	if err := put("off", true); err != nil {
		t.Errorf("put: %v", err)
	}
	// Another start finds what was put.
	p, err = get(t, open(t, path), "/app/dev/unlocking")
	if err != nil || *p.Value != "off" || p.Version != 2 {
		t.Errorf("after a restart: %+v, %v", p, err)
	}
}

func TestSecretsAreMadeUpOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "parameters.json")
	client := open(t, path)
	first, err := get(t, client, "/app/dev/notify-api-key")
	if err != nil {
		t.Fatal(err)
	}
	form := regexp.MustCompile(`^local(-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}){2}$`)
	if !form.MatchString(*first.Value) || first.Type != types.ParameterTypeSecureString {
		t.Errorf("got %s %s", first.Type, *first.Value)
	}
	again, err := get(t, open(t, path), "/app/dev/notify-api-key")
	if err != nil || *again.Value != *first.Value {
		t.Errorf("another start has %v, %v", again.Value, err)
	}
	other, err := get(t, client, "/app/dev/cookie-keys")
	if err != nil || *other.Value == *first.Value {
		t.Errorf("two secrets are one: %v", err)
	}
	sealed, err := client.GetParameter(t.Context(), &ssm.GetParameterInput{Name: first.Name})
	if err != nil || *sealed.Parameter.Value == *first.Value {
		t.Errorf("a secret is given away without decryption: %v", err)
	}
}

func TestOtherNamesAreNotFound(t *testing.T) {
	client := open(t, filepath.Join(t.TempDir(), "parameters.json"))
	var notFound *types.ParameterNotFound
	if _, err := get(t, client, "/app/dev/other"); !errors.As(err, &notFound) {
		t.Errorf("got %v", err)
	}
	out, err := client.GetParameters(t.Context(), &ssm.GetParametersInput{Names: []string{"/app/dev/unlocking", "/other"}})
	if err != nil || len(out.Parameters) != 1 || !slices.Equal(out.InvalidParameters, []string{"/other"}) {
		t.Errorf("got %+v, %v", out, err)
	}
}
