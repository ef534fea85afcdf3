// Package web is the form for teachers: GOV.UK Design System pages, one question to a page, that need no
// JavaScript. It asks, checks each answer, and hands the whole to the use case of package lookup.
//
//	/                            start; it ends any journey there was
//	/email /name /date-of-birth /national-insurance-number /training-provider
//	/check-answers               the answers with links to change them; its submission is the lookup
//	/trn-found /no-match         results
//	/helpdesk-request            posted to, asks the helpdesk; the result once asked
//	/cookies /accessibility /privacy
//	/assets/…                    style, script, typeface and icons, under names with the hash of their content
//
// Answers live in one cookie, sealed by package journey. The cookie also holds a random key, made when the journey
// began, under which its answers are submitted: the same answers submitted again, by whatever means, are the same
// lookup, which package lookup makes once. Answers that were changed are another lookup, under the same key; a new
// journey has a new key.
//
// The markup is in package page and the texts in package catalogue.
package web
