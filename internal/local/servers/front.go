package servers

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"time"
)

// ForPrograms returns a handler for programs alone. Pages in a browser on this machine may call it too, wherever they come
// from, and would read or change what people left here: whatever says that it comes from a page is refused, and no
// answer allows a page to read it.
func ForPrograms(handler http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Origin") != "" {
			http.Error(w, "not for pages", http.StatusForbidden)
			return
		}
		handler.ServeHTTP(withoutSharing{w}, r)
	})
}

// withoutSharing leaves out the header by which some servers let every page read an answer.
type withoutSharing struct{ http.ResponseWriter }

func (w withoutSharing) WriteHeader(status int) {
	w.Header().Del("Access-Control-Allow-Origin")
	w.ResponseWriter.WriteHeader(status)
}

func (w withoutSharing) Write(body []byte) (int, error) {
	w.Header().Del("Access-Control-Allow-Origin")
	return w.ResponseWriter.Write(body)
}

// Unwrap lets http.ResponseController reach the writer.
func (w withoutSharing) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// front stands before a server that answers pages, on a port of its own, for programs alone.
type front struct {
	URL    string
	server *http.Server
}

func newFront(ctx context.Context, behind string) (*front, error) {
	to, err := url.Parse(behind)
	if err != nil {
		return nil, err
	}
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	pass := &httputil.ReverseProxy{
		Rewrite:   func(r *httputil.ProxyRequest) { r.SetURL(to); r.Out.Host = r.In.Host },
		Transport: &http.Transport{MaxIdleConnsPerHost: 256, DisableCompression: true, IdleConnTimeout: time.Minute},
		// The server has ended, and comes back: clients try again.
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusBadGateway) },
	}
	f := &front{URL: "http://" + listener.Addr().String(), server: &http.Server{Handler: ForPrograms(pass), ReadHeaderTimeout: time.Minute}}
	go func() {
		if err := f.server.Serve(listener); err != nil && !errors.Is(err, http.ErrServerClosed) {
			panic(err) // impossible: nobody else closes the listener
		}
	}()
	return f, nil
}

func (f *front) stop() { _ = f.server.Close() }
