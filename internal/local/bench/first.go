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
// initialisation were all turned away.
func firstAnswers(ctx context.Context, w *world) ([]Row, error) {
	front, err := w.overTLS()
	if err != nil {
		return nil, err
	}
	times := map[bool][]time.Duration{}
	for range firstRounds {
		for _, primed := range []bool{true, false} {
			took, err := w.firstAnswer(ctx, front, primed)
			if err != nil {
				return nil, err
			}
			times[primed] = append(times[primed], took)
		}
	}
	return []Row{row("lookup: first answer over TLS, once ready", milliseconds(median(times[true])), milliseconds(median(times[false])), "ms",
		"the same without priming", 0.25)}, nil
}

func (w *world) firstAnswer(ctx context.Context, front *tlsFront, primed bool) (time.Duration, error) {
	p, err := w.next()
	if err != nil {
		return 0, err
	}
	front.closed.Store(!primed)
	h, err := start(ctx, w.binaries["lookup"], w.environment("lookup", front.environment))
	if err != nil {
		return 0, err
	}
	defer h.close()
	if _, err := h.untilReady(); err != nil {
		return 0, err
	}
	front.closed.Store(false)
	return h.timed(lookupEvent(p), "trn_sent")
}

// timed hands an event over and returns how long the answer took, which must hold a text.
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

// tlsFront passes on to the servers what comes over TLS, or, while it is closed, turns every connection away.
type tlsFront struct {
	closed      atomic.Bool
	environment map[string]string
}

// overTLS puts a front before each of the servers, with a certificate that only the measured processes trust: their bundle of
// roots is this machine's and that one, so that they have as much to parse as on Lambda.
func (w *world) overTLS() (*tlsFront, error) {
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
	for variable, target := range map[string]string{"AWS_ENDPOINT_URL_DYNAMODB": w.servers.DynamoDB, "AWS_ENDPOINT_URL_SQS": w.servers.SQS, "AWS_ENDPOINT_URL_SSM": w.control} {
		to, err := url.Parse(target)
		if err != nil {
			return nil, err
		}
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		server := &http.Server{Handler: httputil.NewSingleHostReverseProxy(to), ErrorLog: log.New(io.Discard, "", 0)}
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
