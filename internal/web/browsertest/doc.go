// Package browsertest drives the form in Chromium. Its tests need the assets (`make assets`), the packages of
// internal/web/package.json with the development ones, and Chromium; run them with
//
//	go test -tags browser ./internal/web/...
//
// Screenshots are left in .build/screenshots for a person to look at.
package browsertest
