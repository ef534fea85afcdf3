package endtoend_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"losttrn/internal/attribute"
	"losttrn/internal/local/helpdeskcmd"
	"losttrn/internal/local/localtest"
	"losttrn/internal/local/running"
	"losttrn/internal/local/waiting"
	"losttrn/internal/lookup"
	"losttrn/internal/message"
)

// passDay sets every time in the tables of the service back by a day, so that all that has happened happened a day ago.
func (f *fortnight) passDay() {
	f.Helper()
	for _, table := range []string{"emails", "lookups", "helpdeskRequests"} {
		for _, item := range localtest.Items(f, f.Servers, table) {
			for name, value := range item {
				item[name] = changeTexts(value, func(text string) string {
					at, err := time.Parse(message.TimeFormat, text)
					if err != nil {
						return text
					}
					return at.AddDate(0, 0, -1).Format(message.TimeFormat)
				})
			}
			if seconds := attribute.Integer(item, "expiresAt"); seconds > 0 {
				item["expiresAt"] = attribute.Number(seconds - 24*60*60)
			}
			f.put(f, table, item)
		}
	}
}

// changeTexts returns a value with every text in it changed.
func changeTexts(value types.AttributeValue, change func(string) string) types.AttributeValue {
	switch v := value.(type) {
	case *types.AttributeValueMemberS:
		return &types.AttributeValueMemberS{Value: change(v.Value)}
	case *types.AttributeValueMemberM:
		changed := attribute.Item{}
		for name, entry := range v.Value {
			changed[name] = changeTexts(entry, change)
		}
		return &types.AttributeValueMemberM{Value: changed}
	case *types.AttributeValueMemberL:
		changed := make([]types.AttributeValue, len(v.Value))
		for i, element := range v.Value {
			changed[i] = changeTexts(element, change)
		}
		return &types.AttributeValueMemberL{Value: changed}
	}
	return value
}

// erased runs the helpdesk's erasure until it could look at everything, as its user is told to, and returns what it said.
func (w *fixture) erased(t testing.TB, args ...string) string {
	t.Helper()
	var said bytes.Buffer
	waiting.Until(t, "everything is erased", func() bool {
		var complaints bytes.Buffer
		p := helpdeskcmd.Program{Stdin: strings.NewReader(""), Stdout: &said, Stderr: &complaints, Clock: time.Now,
			StateFile: filepath.Join(w.dir, running.File)}
		code := p.Run(t.Context(), append([]string{"erase", "-by", "Jo", "-yes"}, args...))
		if code != 0 && !strings.Contains(complaints.String(), "erase again") {
			t.Fatalf("exit %d, %s", code, complaints.String())
		}
		return code == 0
	})
	return said.String()
}

// erase has the helpdesk erase a mailbox that found one person and asked for help once, and expects no row of it.
func (f *fortnight) erase(email string, p person) {
	f.Helper()
	before := f.held(email)
	if len(before.Emails) != 1 || len(before.Lookups) != 2 || len(before.HelpdeskRequests) != 1 || len(before.Copies.Outbox) < 3 || len(before.Copies.Given) != 2 {
		f.Errorf("held before: %+v", before)
	}
	said := f.erased(f, "-email", strings.ToUpper(email))
	after := f.held(email)
	if len(after.Emails)+len(after.Lookups)+len(after.HelpdeskRequests)+len(after.Messages)+len(after.Copies.Outbox)+len(after.Copies.Given) != 0 {
		f.Errorf("held after: %+v", after)
	}
	for _, want := range []string{"is deleted.", "Kept: ", "remains in the tables' backups"} {
		if !strings.Contains(said, want) {
			f.Errorf("%q is not in\n%s", want, said)
		}
	}
	f.lookups[lookup.TRNSent]--
	f.lookups[lookup.NoMatch]--
	f.unlocks["unlocked"]--
	for i, want := range f.want["unlocks"] {
		if strings.Contains(want, email) {
			f.want["unlocks"] = append(f.want["unlocks"][:i], f.want["unlocks"][i+1:]...)
			break
		}
	}
	f.neverAgain(email, p)
}

// everything is what the helpdesk's program finds for an access request.
type everything struct {
	Emails, Lookups, HelpdeskRequests, Messages []any
	Copies                                      struct{ Outbox, Given []any }
}

func (f *fortnight) held(email string) (all everything) {
	f.Helper()
	if err := json.Unmarshal([]byte(f.helpdesk(f, "find", "-all", "-email", email)), &all); err != nil {
		f.Fatal(err)
	}
	return all
}

// neverAgain searches the tables, the outbox and every file of the stack, the exports and reports made since included, for
// what was given by somebody who was erased.
func (f *fortnight) neverAgain(email string, p person) {
	f.Helper()
	traces := []string{email, "Forgotten", "forget this", full(p)}
	look := func(where, text string) {
		for _, trace := range traces {
			if strings.Contains(strings.ToLower(text), strings.ToLower(trace)) {
				f.Errorf("%q stands in %s", trace, where)
			}
		}
	}
	for _, table := range []string{"emails", "lookups", "helpdeskRequests", "limits"} {
		for _, item := range localtest.Items(f, f.Servers, table) {
			for _, value := range item {
				changeTexts(value, func(text string) string { look("the table "+table, text); return text })
			}
		}
	}
	for _, e := range f.outbox(f) {
		look("the outbox", e.To+e.Subject+e.Body)
	}
	// The queues' file is written anew a second after a deletion; what is deleted may stand in the tables' own file until its
	// room is needed, as the erasure says.
	last := ""
	defer func() { f.Log(last) }()
	waiting.Until(f, "no file holds it", func() bool {
		files, found := 0, ""
		err := filepath.WalkDir(f.dir, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || !entry.Type().IsRegular() || strings.HasPrefix(entry.Name(), "tables.db") || strings.Contains(path, "/build/") {
				return err
			}
			files++
			content, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			text, err := unpacked(content)
			for _, trace := range traces {
				if strings.Contains(strings.ToLower(text), strings.ToLower(trace)) {
					found += trace + " stands in " + path + "\n"
				}
			}
			return err
		})
		last = fmt.Sprintf("%d files were looked at last: %s%v", files, found, err) // one that is written anew may be gone
		return err == nil && found == "" && files > 10
	})
}

// unpacked is what a file says, also one that is compressed or a workbook.
func unpacked(content []byte) (string, error) {
	switch {
	case bytes.HasPrefix(content, []byte("\x1f\x8b")):
		packed, err := gzip.NewReader(bytes.NewReader(content))
		if err != nil {
			return "", err
		}
		text, err := io.ReadAll(packed)
		return string(text), err
	case bytes.HasPrefix(content, []byte("PK\x03\x04")):
		archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
		if err != nil {
			return "", err
		}
		var all strings.Builder
		for _, entry := range archive.File {
			file, err := entry.Open()
			if err == nil {
				_, err = io.Copy(&all, file)
			}
			if err != nil {
				return "", err
			}
		}
		return all.String(), nil
	}
	return string(content), nil
}
