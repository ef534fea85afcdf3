package stack

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"time"

	"losttrn/internal/local"
	"losttrn/internal/local/buckets"
	"losttrn/internal/local/exports"
	"losttrn/internal/local/logs"
	"losttrn/internal/local/naming"
	"losttrn/internal/local/outbox"
	"losttrn/internal/local/parameters"
	"losttrn/internal/local/servers"
	"losttrn/internal/local/template"
	"losttrn/internal/local/trigger"
)

// serve runs the local servers for AWS and GOV.UK Notify.
func (s *Stack) serve(ctx context.Context, t *template.Template) error {
	// The functions' environment contains these addresses, so the listeners are opened before the servers exist.
	controlPort, err := s.open()
	if err != nil {
		return err
	}
	s3Port, err := s.open()
	if err != nil {
		return err
	}
	s.control, s.s3 = address(controlPort), address(s3Port)
	output, err := s.logFile("servers")
	if err != nil {
		return err
	}
	s.Servers, err = local.StartServers(ctx, local.ServersOptions{
		Project: s.o.Project, Manifest: s.o.Manifest, Dir: s.o.Dir, InMemory: s.o.InMemory, Gateway: s.Gateway,
		Parameters: s.o.parameters(t, s.control),
		Progress:   s.o.Progress, Report: s.o.Report, Output: output,
	})
	if err != nil {
		return err
	}
	s.undo = append(s.undo, s.Servers.Stop)
	control, err := s.makeControl()
	if err != nil {
		return err
	}
	objects, err := s.makeBuckets()
	if err != nil {
		return err
	}
	s.serveHTTP(controlPort, control)
	s.serveHTTP(s3Port, objects)
	return nil
}

// makeControl returns the handler of Parameter Store, GOV.UK Notify and the exports.
func (s *Stack) makeControl() (http.Handler, error) {
	declared := s.declaredParameters()
	var err error
	if s.parameters, err = parameters.Open(filepath.Join(s.o.Dir, "parameters.json"), declared); err != nil {
		return nil, err
	}
	if err := s.openOutbox(); err != nil {
		return nil, err
	}
	recoverable := map[string]bool{}
	for _, r := range s.Resources.OfType(template.TypeTable) {
		recovery, _ := r.Properties["PointInTimeRecoverySpecification"].(map[string]any)
		recoverable[naming.Of(r)] = fmt.Sprint(recovery["PointInTimeRecoveryEnabled"]) == "true"
	}
	s.exporter, err = exports.Open(exports.Options{
		DynamoDB: s.DynamoDB, Objects: objects{s}, State: filepath.Join(s.o.Dir, "exports.json"),
		ARN:         func(table string) string { return naming.ARN("dynamodb", "table/"+table) },
		Recoverable: func(table string) bool { return recoverable[table] },
		Report:      s.o.Report,
	})
	if err != nil {
		return nil, err
	}
	s.undo = append(s.undo, s.exporter.Close)
	dynamodb, err := s.exporter.Handler()
	if err != nil {
		return nil, err
	}
	ssm, notify := s.parameters.Handler(naming.ARN("ssm", "parameter")), s.outbox.Handler()
	return servers.ForPrograms(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case parameters.Calls(r):
			ssm.ServeHTTP(w, r)
		case exports.Calls(r):
			dynamodb.ServeHTTP(w, r)
		case strings.HasPrefix(r.URL.Path, "/v2/"):
			notify.ServeHTTP(w, r)
		default:
			http.NotFound(w, r)
		}
	})), nil
}

// switchParameter is the variable that names the parameter by which unlocking is switched on and off.
const switchParameter = "UNLOCKING_PARAMETER"

// declaredParameters returns the parameters that the functions' variables name, which are made by hand for a real
// deployment. The switch is initially on, the others are secrets.
func (s *Stack) declaredParameters() []parameters.Declared {
	seen := map[string]bool{}
	var all []parameters.Declared
	for _, f := range s.declared {
		for variable, name := range f.Environment {
			if !strings.HasSuffix(variable, "_PARAMETER") || name == "" || seen[name] {
				continue
			}
			seen[name] = true
			if variable == switchParameter {
				all = append(all, parameters.Declared{Name: name, Value: "on", Pattern: "^(on|off)$"})
			} else {
				all = append(all, parameters.Declared{Name: name})
			}
		}
	}
	return all
}

// objects lets the exports write to buckets, which are opened later.
type objects struct{ s *Stack }

func (o objects) Put(bucket, key, contentType string, content []byte) error {
	return o.s.buckets.Put(bucket, key, contentType, content)
}

// notifyKey is the variable that names the parameter with Notify's API key.
const notifyKey = "NOTIFY_API_KEY_PARAMETER"

func (s *Stack) openOutbox() error {
	templates := map[string]outbox.Template{}
	for parameter, text := range s.o.Emails {
		if id := s.Resources.Parameters[parameter]; id != "" {
			templates[strings.ToLower(id)] = text
		}
	}
	var name string
	for _, f := range s.declared {
		if value := f.Environment[notifyKey]; value != "" {
			name = value
		}
	}
	key := func() (string, error) {
		if name == "" {
			return "", errors.New("no function names the parameter of Notify's API key")
		}
		p, err := s.parameters.Get(name)
		return p.Value, err
	}
	var err error
	s.outbox, err = outbox.Open(filepath.Join(s.o.Dir, "outbox.jsonl"), templates, key)
	if err == nil {
		s.undo = append(s.undo, func() { s.outbox.Close() })
		s.sendReceipts()
	}
	return err
}

// tokensParameter is the variable that names the parameter with the tokens for Notify's receipts.
const tokensParameter = "RECEIPT_TOKENS_PARAMETER"

// sendReceipts makes the outbox send delivery receipts to the function for them, if there is one.
func (s *Stack) sendReceipts() {
	for _, f := range s.declared {
		name := f.Environment[tokensParameter]
		if name == "" || len(f.Routes) == 0 {
			continue
		}
		_, path, _ := strings.Cut(f.Routes[0], " ")
		s.outbox.SendReceipts(outbox.Receipts{URL: s.Gateway + path, Report: s.o.Report, Token: func() (string, error) {
			p, err := s.parameters.Get(name)
			token, _, _ := strings.Cut(p.Value, ",")
			return token, err
		}})
	}
}

// makeBuckets opens the buckets of the template, and connects those that notify EventBridge.
func (s *Stack) makeBuckets() (http.Handler, error) {
	notifies := map[string]bool{}
	var err error
	s.buckets, err = buckets.Open(filepath.Join(s.o.Dir, "buckets"), func(c buckets.Created) {
		if notifies[c.Bucket] {
			s.publish(trigger.ObjectCreated{Bucket: c.Bucket, Key: c.Key, ETag: c.ETag, Size: c.Size, Reason: "PutObject"}.
				Event(naming.Account, naming.Region, time.Now()))
		}
	})
	if err != nil {
		return nil, err
	}
	for _, r := range s.Resources.OfType(template.TypeBucket) {
		on, err := notifiesEventBridge(r)
		if err != nil {
			return nil, err
		}
		notifies[naming.Of(r)] = on
		if err := s.buckets.Create(naming.Of(r)); err != nil {
			return nil, err
		}
	}
	return servers.ForPrograms(s.buckets.Handler()), nil
}

// notifiesEventBridge reports whether a bucket notifies EventBridge, and refuses any other kind of notification.
func notifiesEventBridge(r template.Resource) (bool, error) {
	var p struct {
		NotificationConfiguration struct {
			EventBridgeConfiguration *struct{ EventBridgeEnabled *template.Flag }
		}
		BucketName, BucketEncryption, LifecycleConfiguration, PublicAccessBlockConfiguration any
		VersioningConfiguration, OwnershipControls, Tags, LoggingConfiguration               any
		AccessControl, ObjectLockEnabled, ObjectLockConfiguration, InventoryConfigurations   any
	}
	if err := r.Decode(&p); err != nil {
		return false, err
	}
	c := p.NotificationConfiguration.EventBridgeConfiguration
	return c != nil && (c.EventBridgeEnabled == nil || bool(*c.EventBridgeEnabled)), nil
}

// logFile opens the log of a part of the stack, to append to it.
func (s *Stack) logFile(name string) (*logs.File, error) {
	file, err := logs.Open(s.logFolder(), name, s.seen)
	if err != nil {
		return nil, err
	}
	s.undo = append(s.undo, func() {
		if err := file.Close(); err != nil {
			s.o.Report(err)
		}
	})
	return file, nil
}

// seen handles a log line of a part of the stack.
func (s *Stack) seen(l logs.Line) {
	if l.Figure {
		s.figures.Add(l.Text)
	}
	s.lines.Add(l)
	if s.o.Log != nil {
		s.o.Log(l)
	}
}

func (s *Stack) logFolder() string { return filepath.Join(s.o.Dir, "logs") }
