package report_test

import (
	"bufio"
	"bytes"
	"database/sql/driver"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/klauspost/compress/gzip"
	"golang.org/x/sync/errgroup"
	"modernc.org/sqlite"
)

// tokenise unpacks files and reads every JSON token of them, as many side by side as there are processors, and does nothing
// with them: what reading them costs whoever uses these libraries.
func tokenise(b *testing.B, files []string) time.Duration {
	b.Helper()
	began := time.Now()
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for _, name := range files {
		group.Go(func() error {
			file, err := os.Open(name)
			if err != nil {
				return err
			}
			defer file.Close()
			unpacked, err := gzip.NewReader(bufio.NewReaderSize(file, 64<<10))
			if err != nil {
				return err
			}
			lines := bufio.NewScanner(unpacked)
			lines.Buffer(make([]byte, 64<<10), 4<<20)
			var in bytes.Buffer
			var tokens jsontext.Decoder
			for lines.Scan() {
				in.Reset()
				in.Write(lines.Bytes())
				tokens.Reset(&in, jsontext.AllowDuplicateNames(true))
				for err = nil; err == nil; {
					_, err = tokens.ReadToken()
				}
				if err != io.EOF {
					return err
				}
			}
			return lines.Err()
		})
	}
	if err := group.Wait(); err != nil {
		b.Fatal(err)
	}
	return time.Since(began)
}

// insertRows inserts as many rows as there are items, as wide as a lookup's, through the driver alone and sixteen a
// statement, into a file without a journal.
func insertRows(b *testing.B, items int) time.Duration {
	b.Helper()
	conn, err := (&sqlite.Driver{}).Open("file:" + filepath.Join(b.TempDir(), "floor.sqlite") +
		"?_pragma=journal_mode(off)&_pragma=synchronous(off)&_pragma=page_size(8192)&_pragma=cache_size(-16384)")
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close()
	const columns, atOnce = 14, 16
	exec := func(text string) {
		if _, err := conn.(driver.ExecerContext).ExecContext(b.Context(), text, nil); err != nil {
			b.Fatal(err)
		}
	}
	exec("CREATE TABLE lookups (a,b,c,d,e,f,g,h,i,j,k,l,m,n); BEGIN")
	row := "(?" + strings.Repeat(",?", columns-1) + ")"
	statement, err := conn.Prepare("INSERT INTO lookups VALUES " + row + strings.Repeat(","+row, atOnce-1))
	if err != nil {
		b.Fatal(err)
	}
	defer statement.Close()
	cells := []driver.Value{"11111111-1111-4111-8111-111111111111", "MN93F-KWNMH", int64(1795651200000), "2026-11-26", "trn_sent", "1000001",
		"person.123456@example.com", "person.123456@example.com", "Sam Sample-123456", "not_locked", nil, int64(1795651202000), int64(1795651203000), nil}
	arguments := make([]driver.NamedValue, columns*atOnce)
	for i := range arguments {
		arguments[i] = driver.NamedValue{Ordinal: i + 1, Value: cells[i%columns]}
	}
	began := time.Now()
	for range items / atOnce {
		if _, err := statement.(driver.StmtExecContext).ExecContext(b.Context(), arguments); err != nil {
			b.Fatal(err)
		}
	}
	exec("COMMIT")
	return time.Since(began)
}
