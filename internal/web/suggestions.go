package web

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"losttrn/internal/cloud"
	"losttrn/internal/fault"
	"losttrn/internal/web/suggest"
)

// Providers knows the training providers' names.
type Providers interface {
	Names(ctx context.Context) ([]string, error)
}

// suggestionsTimeout is how long a page waits for the names before it is shown without suggestions.
const suggestionsTimeout = time.Second

// suggestionsPrefix is what the path of the list begins with; a hash of its content and ".json" follow.
const suggestionsPrefix = assetPrefix + "training-providers-"

// suggestions holds the training providers' names in the form that the pages need. It is rebuilt when the names change.
type suggestions struct {
	source Providers

	mu   sync.Mutex
	list suggestionList
}

// suggestionList is one version of the list.
type suggestionList struct {
	names     []string
	providers *suggest.Providers
	path      string // with a hash of the content, so that it can be cached for ever
	json      []byte
	gzipped   []byte
}

// current returns the list. If the names cannot be read, it returns the previous list, or an empty one, and people type
// the name without suggestions.
func (s *suggestions) current(ctx context.Context, log *slog.Logger) suggestionList {
	ctx, cancel := context.WithTimeout(ctx, suggestionsTimeout)
	defer cancel()
	names, err := s.source.Names(ctx)
	if err != nil {
		log.WarnContext(ctx, "no suggestions", "code", fault.Reason(err), cloud.Cause(err))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err == nil && !slices.Equal(names, s.list.names) {
		s.list = newSuggestionList(names)
	}
	return s.list
}

func newSuggestionList(names []string) suggestionList {
	text, err := json.Marshal(names)
	if err != nil {
		panic(err) // impossible: strings
	}
	var packed bytes.Buffer
	w, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		panic(err) // impossible: the level is valid
	}
	_, _ = w.Write(text) // into memory
	_ = w.Close()
	hash := sha256.Sum256(text)
	return suggestionList{names: slices.Clone(names), providers: suggest.NewProviders(names), json: text, gzipped: packed.Bytes(),
		path: suggestionsPrefix + hex.EncodeToString(hash[:8]) + ".json"}
}

// serveSuggestions responds with the list. A request for another version gets the current one, which the browser must
// not cache.
func (x *exchange) serveSuggestions() {
	list := x.suggestions.current(x.r.Context(), x.log)
	header := x.w.Header()
	if x.r.URL.Path == list.path {
		header.Set("Cache-Control", forEver)
	}
	header.Set("Content-Type", "application/json")
	header.Set("Vary", "Accept-Encoding")
	body := list.json
	if list.path == "" {
		body = []byte("[]")
	} else if accepts(x.r.Header.Get("Accept-Encoding"), "gzip") {
		body = list.gzipped
		header.Set("Content-Encoding", "gzip")
	}
	x.w.WriteHeader(http.StatusOK)
	if x.r.Method != http.MethodHead {
		_, _ = x.w.Write(body) // an error means that the browser has disconnected
	}
}

// isSuggestions reports whether a path is of a list of training providers.
func isSuggestions(path string) bool {
	return strings.HasPrefix(path, suggestionsPrefix) && strings.HasSuffix(path, ".json")
}

// noProviders has no names.
type noProviders struct{}

func (noProviders) Names(context.Context) ([]string, error) { return nil, nil }
