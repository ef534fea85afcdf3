// Package web is the form for teachers: GOV.UK Design System pages, one question to a page, that work without
// JavaScript. It asks the questions, checks each answer, and passes all of them to package lookup.
//
//	/                            start; looking at it forgets nothing
//	/email?new                   "Start now": begins a journey and leads to the first question
//	/email /name /date-of-birth /national-insurance-number /training-provider
//	/check-answers               the answers with links to change them; its submission is the lookup
//	/trn-found /no-match         results
//	/helpdesk-request            posted to, asks the helpdesk; the result once asked
//	/clear-answers               forgets the answers
//	/cookies /accessibility /privacy
//	/assets/…                    style, scripts, typeface and icons, and the training providers' names, under names
//	                             with the hash of their content
//	/favicon.ico /robots.txt /.well-known/security.txt
//
// Answers live in one cookie, sealed by package journey. The cookie also holds a random key, made when the journey
// began, under which its answers are submitted: the same answers submitted again, by whatever means, are the same
// lookup, which package lookup makes once. Answers that were changed are another lookup, under the same key; a new
// journey has a new key. A second cookie, which outlives the first, says that a journey was begun. It distinguishes a
// person who comes back too late from one whose browser refuses cookies, so that each gets the right page.
//
// The markup is in package page, suggestions for mistyped answers in package suggest, and the texts in package
// catalogue. DESIGN.md holds each page against the GOV.UK Design System.
package web
