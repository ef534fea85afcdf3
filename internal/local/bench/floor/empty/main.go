// Command empty is the smallest possible function in Go, a floor for cold starts.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"losttrn/internal/local/bench/floor/idle"
)

func main() { lambda.Start(idle.Handle) }
