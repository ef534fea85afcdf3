package web

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"

	"losttrn/internal/web/page"
)

// built is what `make assets` builds. The folder is there before, with a placeholder alone, so that the program
// can be compiled; it does not start without them.
//
//go:embed all:assets
var built embed.FS

// BuiltAssets are the assets that were built into the program.
func BuiltAssets() fs.FS {
	files, err := fs.Sub(built, "assets")
	if err != nil {
		panic(err) // impossible: the name is valid
	}
	return files
}

// ErrNoAssets says that the program was compiled before its assets were built.
var ErrNoAssets = errors.New("the pages' style, script and typeface are not built in: run `make assets`, then build again")

const (
	assetPrefix = "/assets/"
	forEver     = "public, max-age=31536000, immutable"
)

// asset is a file in its encodings; an encoding that would not be smaller is absent.
type asset struct {
	contentType         string
	plain, gzip, brotli []byte
}

// assets are served by their names under /assets/.
type assets struct {
	files map[string]asset
	page  page.Assets
}

// newAssets reads the assets. It fails with ErrNoAssets if they were not built.
func newAssets(files fs.FS) (*assets, error) {
	raw, err := fs.ReadFile(files, "manifest.json")
	if err != nil {
		return nil, ErrNoAssets
	}
	var manifest map[string]string // name → name with hash
	if err := json.Unmarshal(raw, &manifest); err != nil {
		return nil, fmt.Errorf("manifest of assets: %w", err)
	}
	a := &assets{files: map[string]asset{}}
	for _, wanted := range []struct {
		name string
		into *string
	}{
		{"pages.css", &a.page.Style}, {"pages.js", &a.page.Script}, {"favicon.ico", &a.page.IconICO},
		{"favicon.svg", &a.page.IconSVG}, {"govuk-icon-mask.svg", &a.page.IconMask},
		{"govuk-icon-180.png", &a.page.IconTouch},
	} {
		if manifest[wanted.name] == "" {
			return nil, fmt.Errorf("asset %s: %w", wanted.name, ErrNoAssets)
		}
		*wanted.into = assetPrefix + manifest[wanted.name]
	}
	for _, name := range manifest {
		plain, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("asset %s: %w", name, ErrNoAssets)
		}
		file := asset{contentType: contentType(name), plain: plain}
		file.gzip, _ = fs.ReadFile(files, name+".gz")
		file.brotli, _ = fs.ReadFile(files, name+".br")
		a.files[name] = file
	}
	return a, nil
}

func contentType(name string) string {
	switch extension := path.Ext(name); extension {
	case ".woff2":
		return "font/woff2"
	case ".ico":
		return "image/x-icon"
	case ".js":
		return "text/javascript; charset=utf-8"
	default:
		return mime.TypeByExtension(extension) // Go's own table has the others
	}
}

// serve answers with an asset, in the smallest encoding that the browser takes; it is false if there is no such.
func (a *assets) serve(w http.ResponseWriter, r *http.Request) bool {
	file, ok := a.files[strings.TrimPrefix(r.URL.Path, assetPrefix)]
	if !ok {
		return false
	}
	body, encoding := file.plain, ""
	switch accepted := r.Header.Get("Accept-Encoding"); {
	case file.brotli != nil && accepts(accepted, "br"):
		body, encoding = file.brotli, "br"
	case file.gzip != nil && accepts(accepted, "gzip"):
		body, encoding = file.gzip, "gzip"
	}
	header := w.Header()
	header.Set("Cache-Control", forEver)
	header.Set("Content-Type", file.contentType)
	if file.gzip != nil || file.brotli != nil {
		header.Set("Vary", "Accept-Encoding")
	}
	if encoding != "" {
		header.Set("Content-Encoding", encoding)
	}
	header.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		_, _ = bytes.NewReader(body).WriteTo(w) // a reader that has gone is no concern of ours
	}
	return true
}

// accepts tells whether an Accept-Encoding names an encoding, unless with the quality 0.
func accepts(header, encoding string) bool {
	for item := range strings.SplitSeq(header, ",") {
		name, quality, _ := strings.Cut(strings.TrimSpace(item), ";")
		if strings.EqualFold(strings.TrimSpace(name), encoding) {
			q, err := strconv.ParseFloat(strings.TrimPrefix(strings.TrimSpace(quality), "q="), 64)
			return err != nil || q > 0
		}
	}
	return false
}
