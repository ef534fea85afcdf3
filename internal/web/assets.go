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
	"slices"
	"strconv"
	"strings"

	"losttrn/internal/web/page"
)

// built holds the files that `make assets` builds. The folder exists before, with a placeholder alone, so that the
// program can be compiled; it does not start without the assets.
//
//go:embed all:assets
var built embed.FS

// BuiltAssets returns the assets that were built into the program.
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

// assets are files served by their names under /assets/. They are read when requested and not at the start, to keep the
// cold start short.
type assets struct {
	files fs.FS
	names map[string]bool // those with a hash
	page  page.Assets
}

// encodings are the encodings that an asset may also be built in, the smallest first.
var encodings = []struct{ name, suffix string }{{"br", ".br"}, {"gzip", ".gz"}}

// newAssets finds the assets. It fails with ErrNoAssets if they were not built.
func newAssets(files fs.FS) (*assets, error) {
	raw, err := fs.ReadFile(files, "manifest.json")
	if err != nil {
		return nil, ErrNoAssets
	}
	var manifest map[string]string // name → name with hash
	if err := json.Unmarshal(raw, &manifest); err != nil {
		return nil, fmt.Errorf("manifest of assets: %w", err)
	}
	a := &assets{files: files, names: map[string]bool{}}
	for _, wanted := range []struct {
		name string
		into *string
	}{
		{"pages.css", &a.page.Style}, {"pages.js", &a.page.Script}, {"suggestions.js", &a.page.Suggestions}, {"favicon.ico", &a.page.IconICO},
		{"favicon.svg", &a.page.IconSVG}, {"govuk-icon-mask.svg", &a.page.IconMask},
		{"govuk-icon-180.png", &a.page.IconTouch},
	} {
		if manifest[wanted.name] == "" {
			return nil, fmt.Errorf("asset %s: %w", wanted.name, ErrNoAssets)
		}
		*wanted.into = assetPrefix + manifest[wanted.name]
	}
	for _, name := range manifest {
		if _, err := fs.Stat(files, name); err != nil {
			return nil, fmt.Errorf("asset %s: %w", name, ErrNoAssets)
		}
		a.names[name] = true
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

// serve responds with an asset, in the smallest encoding that the browser accepts, and reports whether the asset
// exists.
func (a *assets) serve(w http.ResponseWriter, r *http.Request) bool {
	name := strings.TrimPrefix(r.URL.Path, assetPrefix)
	if !a.names[name] {
		return false
	}
	header := w.Header()
	body, err := fs.ReadFile(a.files, name)
	if err != nil {
		return false
	}
	for _, encoding := range slices.Backward(encodings) {
		encoded, err := fs.ReadFile(a.files, name+encoding.suffix)
		if err != nil {
			continue
		}
		header.Set("Vary", "Accept-Encoding")
		if accepts(r.Header.Get("Accept-Encoding"), encoding.name) {
			body = encoded
			header.Set("Content-Encoding", encoding.name)
		}
	}
	header.Set("Cache-Control", forEver)
	header.Set("Content-Type", contentType(name))
	header.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		_, _ = bytes.NewReader(body).WriteTo(w) // an error means that the browser has disconnected
	}
	return true
}

// accepts reports whether an Accept-Encoding names an encoding, unless with the quality 0.
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
