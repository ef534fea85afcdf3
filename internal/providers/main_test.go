package providers_test

import (
	"testing"

	"losttrn/internal/local/localtest"
)

func TestMain(m *testing.M) { localtest.Main(m) }
