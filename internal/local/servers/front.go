package servers

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"time"
)

// ForPrograms returns a handler that serves programs and refuses web pages. Otherwise any page that is open in a
// browser on this machine could read or change the data here. Requests that come from a page are refused, and no
// response allows a page to read it.
func ForPrograms(handler http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Origin") != "" {
			http.Error(w, "not for pages", http.StatusForbidden)
			return
		}
		handler.ServeHTTP(withoutSharing{w}, r)
	})
}

// withoutSharing drops the header by which some servers allow every page to read a response.
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

// wholeRequests reads a request to its end before it passes it on. A proxy that is still reading when the answer comes, as it
// may on a busy machine, cuts the answer off.
func wholeRequests(handler http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		r.Body, r.ContentLength, r.TransferEncoding = io.NopCloser(bytes.NewReader(body)), int64(len(body)), nil
		handler.ServeHTTP(w, r)
	})
}

// front is a proxy, on a port of its own, before a server that would answer web pages. It serves programs alone.
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
		// The server has ended and is being restarted; clients try again.
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusBadGateway) },
	}
	f := &front{URL: "http://" + listener.Addr().String(), server: &http.Server{Handler: ForPrograms(wholeRequests(pass)), ReadHeaderTimeout: time.Minute}}
	go func() {
		if err := f.server.Serve(listener); err != nil && !errors.Is(err, http.ErrServerClosed) {
			panic(err) // impossible: nobody else closes the listener
		}
	}()
	return f, nil
}

func (f *front) stop() { _ = f.server.Close() }
