package cloud_test

import (
	"maps"
	"testing"

	"losttrn/internal/cloud"
)

// env is an environment of those variables.
func env(variables map[string]string) *cloud.Env {
	return cloud.NewEnv(func(name string) string { return variables[name] })
}

func TestEnv(t *testing.T) {
	e := env(map[string]string{"NAME": "value", "COUNT": "12", "ON": "on", "OFF": "off"})
	if got := e.Required("NAME"); got != "value" {
		t.Errorf("required: %q", got)
	}
	if got := e.Optional("NAME") + e.Optional("NONE"); got != "value" {
		t.Errorf("optional: %q", got)
	}
	if got := e.Count("COUNT"); got != 12 {
		t.Errorf("count: %d", got)
	}
	if !e.Switch("ON") || e.Switch("OFF") {
		t.Error("switches")
	}
	if err := e.Err(); err != nil {
		t.Error(err)
	}
}

// TestEnvReportsAllAtOnce, by name and never with a value, which may be a secret.
func TestEnvReportsAllAtOnce(t *testing.T) {
	e := env(map[string]string{"ZERO": "0", "NEGATIVE": "-1", "WORD": "canary", "TRUE": "canary"})
	e.Required("MISSING")
	e.Count("NONE")
	e.Count("ZERO")
	e.Count("NEGATIVE")
	e.Count("WORD")
	if e.Switch("TRUE") || e.Switch("UNSET") {
		t.Error("a switch is on without \"on\"")
	}
	want := `configuration: MISSING is not set; NONE is not a whole number of at least 1; ZERO is not a whole number of at least 1; ` +
		`NEGATIVE is not a whole number of at least 1; WORD is not a whole number of at least 1; TRUE is neither "on" nor "off"; ` +
		`UNSET is neither "on" nor "off"`
	if err := e.Err(); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestConfig(t *testing.T) {
	lambda := map[string]string{"AWS_REGION": "eu-west-2", "AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_SESSION_TOKEN": "token"}
	e := env(lambda)
	config := cloud.Config(e)
	keys, err := config.Credentials.Retrieve(t.Context())
	if err != nil || e.Err() != nil || config.Region != "eu-west-2" || keys.AccessKeyID != "id" || keys.SecretAccessKey != "secret" || keys.SessionToken != "token" {
		t.Errorf("%v, %v, region %q", err, e.Err(), config.Region)
	}
	for name := range lambda {
		without := maps.Clone(lambda)
		delete(without, name)
		e := env(without)
		cloud.Config(e)
		if required := name != "AWS_SESSION_TOKEN"; (e.Err() != nil) != required {
			t.Errorf("without %s: %v", name, e.Err())
		}
	}
}
