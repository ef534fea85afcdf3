package report

import (
	"context"
	"database/sql/driver"
	"embed"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"modernc.org/sqlite"

	"losttrn/internal/teacher"
)

//go:embed sql/*.sql
var queries embed.FS

// query returns one of the SQL files, with the columns of details where it asks for them.
func query(name string) string {
	text, err := queries.ReadFile("sql/" + name + ".sql")
	if err != nil {
		panic(err) // it is embedded
	}
	return strings.Replace(string(text), "/* details */", detailsShown(), 1)
}

// database is the SQLite file that a report is made from. It calls the driver directly, because database/sql doubles
// the cost of each of a million rows. It is not safe for concurrent use.
type database struct {
	conn driver.Conn
}

// A file is thrown away if anything fails, so it needs no journal and no sync. Automatic indexes are off, because
// SQLite would index all lookups to find the one row of run.
const pragmas = "?_pragma=journal_mode(off)&_pragma=synchronous(off)&_pragma=page_size(8192)&_pragma=cache_size(-16384)&_pragma=temp_store(file)&_pragma=automatic_index(off)"

func openDatabase(file string) (*database, error) {
	// It holds personal data, and SQLite would create it readable by everybody.
	made, err := os.OpenFile(file, os.O_CREATE|os.O_RDWR, 0o600)
	if err == nil {
		err = made.Close()
	}
	if err != nil {
		return nil, fmt.Errorf("make the report's database: %w", err)
	}
	engine := &sqlite.Driver{}
	engine.MustRegisterDeterministicScalarFunction("london", 1, london)
	engine.MustRegisterFunction("texts", &sqlite.FunctionImpl{NArgs: 1, Deterministic: true,
		MakeAggregate: func(sqlite.FunctionContext) (sqlite.AggregateFunction, error) { return &texts{}, nil }})
	conn, err := engine.Open("file:" + (&url.URL{Path: file}).EscapedPath() + pragmas)
	if err != nil {
		return nil, fmt.Errorf("open the report's database: %w", err)
	}
	return &database{conn}, nil
}

func (d *database) Close() error { return d.conn.Close() }

// exec runs statements that return nothing.
func (d *database) exec(ctx context.Context, statements string) error {
	if _, err := d.conn.(driver.ExecerContext).ExecContext(ctx, statements, nil); err != nil {
		return fmt.Errorf("report database: %w", err)
	}
	return nil
}

// each calls row for every row of a query; its cells are valid only during the call.
func (d *database) each(ctx context.Context, text string, header func([]string) error, row func([]driver.Value) error) (err error) {
	rows, err := d.conn.(driver.QueryerContext).QueryContext(ctx, text, nil)
	if err != nil {
		return fmt.Errorf("report database: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	if err := header(rows.Columns()); err != nil {
		return err
	}
	cells := make([]driver.Value, len(rows.Columns()))
	for {
		if err := rows.Next(cells); errors.Is(err, io.EOF) {
			return ctx.Err()
		} else if err != nil {
			return fmt.Errorf("report database: %w", err)
		}
		if err := row(cells); err != nil {
			return err
		}
	}
}

// rowsAtOnce is how many rows one statement inserts, which takes less than two thirds of the time of one statement for
// each row.
const rowsAtOnce = 64

// inserter inserts rows of one table.
type inserter struct {
	columns     int
	one         driver.Stmt
	several     driver.Stmt
	oneArgs     []driver.NamedValue
	severalArgs []driver.NamedValue
}

func (d *database) inserter(ctx context.Context, table string) (*inserter, error) {
	columns := 0
	if err := d.each(ctx, "SELECT * FROM "+table+" LIMIT 0", func(names []string) error {
		columns = len(names)
		return nil
	}, nil); err != nil {
		return nil, err
	}
	row := "(?" + strings.Repeat(",?", columns-1) + ")"
	i := &inserter{columns: columns, oneArgs: arguments(columns), severalArgs: arguments(columns * rowsAtOnce)}
	var err error
	if i.one, err = d.conn.Prepare("INSERT INTO " + table + " VALUES " + row); err != nil {
		return nil, err
	}
	i.several, err = d.conn.Prepare("INSERT INTO " + table + " VALUES " + row + strings.Repeat(","+row, rowsAtOnce-1))
	return i, err
}

func arguments(count int) []driver.NamedValue {
	list := make([]driver.NamedValue, count)
	for i := range list {
		list[i].Ordinal = i + 1
	}
	return list
}

// insert inserts rows whose cells stand one after another.
func (i *inserter) insert(ctx context.Context, cells []driver.Value) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if len(cells)%i.columns != 0 {
		return fmt.Errorf("%d cells are no rows of %d columns", len(cells), i.columns)
	}
	for chunk := range slices.Chunk(cells, i.columns*rowsAtOnce) {
		if len(chunk) == len(i.severalArgs) {
			if err := run(ctx, i.several, i.severalArgs, chunk); err != nil {
				return err
			}
			continue
		}
		for row := range slices.Chunk(chunk, i.columns) {
			if err := run(ctx, i.one, i.oneArgs, row); err != nil {
				return err
			}
		}
	}
	return nil
}

// run runs a statement with the cells of a row. It cannot be interrupted, because that would need a goroutine for each
// row.
func run(ctx context.Context, statement driver.Stmt, arguments []driver.NamedValue, cells []driver.Value) error {
	ctx = context.WithoutCancel(ctx)
	for i, cell := range cells {
		arguments[i].Value = cell
	}
	_, err := statement.(driver.StmtExecContext).ExecContext(ctx, arguments)
	return err
}

func (i *inserter) Close() error { return errors.Join(i.one.Close(), i.several.Close()) }

// london is the SQL function that returns a time in milliseconds as text: RFC 3339 with London's offset, in seconds.
func london(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
	at, ok := args[0].(int64)
	if !ok {
		return nil, nil
	}
	return time.UnixMilli(at).In(teacher.London()).Format("2006-01-02T15:04:05-07:00"), nil
}

// texts is the SQL aggregate that joins the distinct texts of a column, in the order of the rows.
type texts struct{ list []string }

func (t *texts) Step(_ *sqlite.FunctionContext, args []driver.Value) error {
	if text, ok := args[0].(string); ok && text != "" && !slices.Contains(t.list, text) {
		t.list = append(t.list, text)
	}
	return nil
}

func (t *texts) WindowInverse(*sqlite.FunctionContext, []driver.Value) error {
	return errors.New("texts is no window function")
}

func (t *texts) WindowValue(*sqlite.FunctionContext) (driver.Value, error) {
	if len(t.list) == 0 {
		return nil, nil
	}
	return strings.Join(t.list, "; "), nil
}

func (t *texts) Final(*sqlite.FunctionContext) {}
