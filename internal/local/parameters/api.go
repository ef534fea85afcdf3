package parameters

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
)

// Handler answers the SSM API (JSON protocol 1.1).
func (s *Store) Handler(arnPrefix string) http.Handler {
	return &api{store: s, arnPrefix: arnPrefix}
}

type api struct {
	store     *Store
	arnPrefix string
}

// Calls reports whether a request is one of the SSM API.
func Calls(r *http.Request) bool {
	return strings.HasPrefix(r.Header.Get("X-Amz-Target"), target)
}

const target = "AmazonSSM."

// described is a parameter as the API writes it.
type described struct {
	ARN              string  `json:"ARN"`
	Name             string  `json:"Name"`
	Type             string  `json:"Type"`
	Value            string  `json:"Value"`
	Version          int     `json:"Version"`
	DataType         string  `json:"DataType"`
	LastModifiedDate float64 `json:"LastModifiedDate"`
}

type request struct {
	Name           string
	Names          []string
	Value          string
	Type           string
	Overwrite      bool
	WithDecryption bool
}

func (a *api) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var q request
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(&q); err != nil {
		refuse(w, "SerializationException", "the request is not JSON")
		return
	}
	switch operation := strings.TrimPrefix(r.Header.Get("X-Amz-Target"), target); operation {
	case "GetParameter":
		p, err := a.store.Get(q.Name)
		if err != nil {
			a.fail(w, err)
			return
		}
		reply(w, map[string]any{"Parameter": a.describe(p, q.WithDecryption)})
	case "GetParameters":
		found, invalid := []described{}, []string{}
		for _, name := range q.Names {
			p, err := a.store.Get(name)
			switch {
			case errors.Is(err, ErrNotFound):
				invalid = append(invalid, name)
			case err != nil:
				a.fail(w, err)
				return
			default:
				found = append(found, a.describe(p, q.WithDecryption))
			}
		}
		reply(w, map[string]any{"Parameters": found, "InvalidParameters": invalid})
	case "PutParameter":
		version, err := a.store.Put(q.Name, q.Value, q.Type == "SecureString", q.Overwrite)
		if err != nil {
			a.fail(w, err)
			return
		}
		reply(w, map[string]any{"Version": version, "Tier": "Standard"})
	default:
		refuse(w, "UnknownOperationException", "the local stack does not know the SSM operation "+operation)
	}
}

func (a *api) describe(p Parameter, decrypt bool) described {
	d := described{
		ARN: a.arnPrefix + p.Name, Name: p.Name, Type: "String", Value: p.Value,
		Version: p.Version, DataType: "text", LastModifiedDate: float64(p.Modified.Unix()),
	}
	if p.Secret {
		d.Type = "SecureString"
		if !decrypt {
			// AWS returns no usable value then either.
			d.Value = "encrypted"
		}
	}
	return d
}

func (a *api) fail(w http.ResponseWriter, err error) {
	for _, known := range []error{ErrNotFound, ErrExists, ErrPattern} {
		if errors.Is(err, known) {
			refuse(w, known.Error(), known.Error())
			return
		}
	}
	w.Header().Set("Content-Type", contentType)
	w.WriteHeader(http.StatusInternalServerError)
	_ = json.NewEncoder(w).Encode(map[string]string{"__type": "InternalServerError", "message": err.Error()})
}

const contentType = "application/x-amz-json-1.1"

func reply(w http.ResponseWriter, body any) {
	w.Header().Set("Content-Type", contentType)
	_ = json.NewEncoder(w).Encode(body)
}

func refuse(w http.ResponseWriter, kind, message string) {
	w.Header().Set("Content-Type", contentType)
	w.WriteHeader(http.StatusBadRequest)
	_ = json.NewEncoder(w).Encode(map[string]string{"__type": kind, "message": message})
}
