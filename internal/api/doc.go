// Package api is the JSON face of the service:
//
//	POST /v1/lookups                                look up a TRN
//	POST /v1/lookups/{lookupId}/helpdesk-requests   ask the helpdesk after no_match
//	GET  /v1/openapi.json                           this API as OpenAPI 3.0
//
// Errors are application/problem+json (RFC 9457). No answer holds a TRN or tells why nothing matched.
package api
