package bench

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"
)

// firstRounds is how often each first answer is measured.
const firstRounds = 21

// firstAnswers measures a lookup's first answer once the function is ready, with endpoints behind TLS as AWS's are: with
// connections, certificates and secrets made ready during initialisation, and without, which is a function whose calls during
// initialisation were all turned away. The local servers' own time is in both, and is most of the first; endpoints that answer
// at once leave what is the function's.
func firstAnswers(ctx context.Context, w *workbench) ([]Row, error) {
	servers, err := w.proxies()
	if err != nil {
		return nil, err
	}
	var rows []Row
	for _, m := range []struct {
		from      string
		endpoints map[string]http.Handler
		most      float64
	}{{"the local servers", servers, 0}, {"endpoints that answer at once", w.stubs(), 0.25}} {
		front, err := w.overTLS(m.endpoints)
		if err != nil {
			return nil, err
		}
		primed, unprimed, err := w.firstAnswersOf(ctx, front)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", m.from, err)
		}
		rows = append(rows, row("lookup: first answer over TLS, "+m.from, milliseconds(median(primed.first)), milliseconds(median(unprimed.first)), "ms",
			"the same without priming", m.most),
			row("lookup: first answer over TLS beside the next, "+m.from, milliseconds(median(primed.first)), milliseconds(median(primed.next)), "ms",
				"the answer after it", 0))
	}
	return rows, nil
}

// starts are the times of the first answers and of those after them.
type starts struct{ first, next []time.Duration }

func (w *workbench) firstAnswersOf(ctx context.Context, front *tlsFront) (primed, unprimed starts, err error) {
	for range firstRounds {
		for closed, times := range map[bool]*starts{false: &primed, true: &unprimed} {
			front.closed.Store(closed)
			if err := w.firstAnswer(ctx, front, times); err != nil {
				return primed, unprimed, err
			}
		}
	}
	return primed, unprimed, nil
}

func (w *workbench) firstAnswer(ctx context.Context, front *tlsFront, times *starts) error {
	h, err := start(ctx, w.binaries["lookup"], w.environment("lookup", front.environment))
	if err != nil {
		return err
	}
	defer h.close()
	if _, err := h.untilReady(); err != nil {
		return err
	}
	front.closed.Store(false)
	for _, into := range []*[]time.Duration{&times.first, &times.next} {
		took, err := h.timed(lookupEvent(somebody(0)), "trn_sent")
		if err != nil {
			return err
		}
		*into = append(*into, took)
	}
	return nil
}

// timed sends an event and returns the time until its answer, which must contain a text.
func (h *host) timed(event []byte, want string) (time.Duration, error) {
	began := time.Now()
	a, err := h.do(event)
	if err != nil {
		return 0, err
	}
	if !bytes.Contains(a.body, []byte(want)) {
		return 0, fmt.Errorf("no %s in the answer %s", want, a.body)
	}
	return a.at.Sub(began), nil
}

// tlsFront is a TLS proxy that refuses every connection while it is closed.
type tlsFront struct {
	closed      atomic.Bool
	environment map[string]string
}

// proxies passes calls on to the local servers, over connections that stay open.
func (w *workbench) proxies() (map[string]http.Handler, error) {
	handlers := map[string]http.Handler{}
	for variable, target := range map[string]string{"AWS_ENDPOINT_URL_DYNAMODB": w.servers.DynamoDB, "AWS_ENDPOINT_URL_SQS": w.servers.SQS, parameterStore: w.control} {
		to, err := url.Parse(target)
		if err != nil {
			return nil, err
		}
		proxy := httputil.NewSingleHostReverseProxy(to)
		proxy.Transport = &http.Transport{MaxIdleConnsPerHost: 16}
		handlers[variable] = proxy
	}
	return handlers, nil
}

const parameterStore = "AWS_ENDPOINT_URL_SSM"

// stubs answers calls at once, as the stub does; parameters come from the store, which is in this process too.
func (w *workbench) stubs() map[string]http.Handler {
	answer := http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(rw, err.Error(), http.StatusBadGateway)
			return
		}
		rw.Header().Set("Content-Type", "application/x-amz-json-1.0")
		_, _ = io.WriteString(rw, stubAnswer(r.Header.Get("X-Amz-Target"), body))
	})
	return map[string]http.Handler{"AWS_ENDPOINT_URL_DYNAMODB": answer, "AWS_ENDPOINT_URL_SQS": answer, parameterStore: w.parameters}
}

// overTLS puts a front before each endpoint, by the variable that names its address, with a certificate that only the
// measured processes trust: their bundle of roots is this machine's and that one, so that they have as much to parse as on
// Lambda.
func (w *workbench) overTLS(endpoints map[string]http.Handler) (*tlsFront, error) {
	front := &tlsFront{}
	certificate, pemBytes, err := selfSigned()
	if err != nil {
		return nil, err
	}
	roots, err := os.ReadFile("/etc/ssl/certs/ca-certificates.crt")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	bundle := filepath.Join(filepath.Dir(w.binaries["lookup"]), "roots.pem")
	if err := os.WriteFile(bundle, append(roots, pemBytes...), 0o600); err != nil {
		return nil, err
	}
	front.environment = map[string]string{"SSL_CERT_FILE": bundle, "SSL_CERT_DIR": filepath.Dir(bundle) + "/none"}
	for variable, handler := range endpoints {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		server := &http.Server{Handler: handler, ErrorLog: log.New(io.Discard, "", 0)}
		go func() { // ends with Close
			_ = server.Serve(tls.NewListener(&gate{listener, &front.closed}, &tls.Config{Certificates: []tls.Certificate{certificate}}))
		}()
		w.undo = append(w.undo, func() { _ = server.Close() })
		front.environment[variable] = "https://" + listener.Addr().String()
	}
	return front, nil
}

// gate closes every connection at once while it is closed.
type gate struct {
	net.Listener
	closed *atomic.Bool
}

func (g *gate) Accept() (net.Conn, error) {
	for {
		c, err := g.Listener.Accept()
		if err != nil || !g.closed.Load() {
			return c, err
		}
		_ = c.Close()
	}
}

func selfSigned() (tls.Certificate, []byte, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, nil, err
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "127.0.0.1"}, NotBefore: time.Now().Add(-time.Hour),
		NotAfter: time.Now().Add(24 * time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return tls.Certificate{}, nil, err
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), nil
}
