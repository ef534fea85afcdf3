# Everything that people and machines run. `make run` and `make test` need Go, Node 20 or later and make.

SHELL := /bin/sh
.DEFAULT_GOAL := help

# Functions are built for Lambda's arm64 unless told otherwise: `GOARCH=amd64 sam build`.
GOOS ?= linux
GOARCH ?= arm64
FUNCTION_FLAGS := -trimpath -tags lambda.norpc -ldflags "-s -w"

# Commands are built with the functions' flags, so that what they share is compiled once.
COMMAND := CGO_ENABLED=0 go build $(FUNCTION_FLAGS)

# When this command began, so that `make run` counts what it waited for before it could run.
BEGAN := $(shell date +%s)

.PHONY: help
help: ## list what there is
	@awk '/^##@ /{ printf "\n%s\n", substr($$0, 5) } \
		/^[a-z-]+:.*## /{ name = $$0; sub(/:.*/, "", name); text = $$0; sub(/.*## /, "", text); printf "  make %-15s %s\n", name, text }' \
		$(MAKEFILE_LIST)

##@ Run it

.PHONY: run
run: assets .build/local ## the whole service on http://localhost:8080, without AWS (PORT=, LIMITS=on, WATCH=on, SAM=on, PARAMETERS="Name=value …")
	@BEGAN=$(BEGAN) exec .build/local run

.PHONY: logs
logs: .build/local ## follow the functions' logs, one line an event (ID= of a lookup, request, message or run)
	@.build/local logs -id "$(ID)"

.PHONY: .build/local .build/load .build/report .build/helpdesk .build/bench
.build/local .build/load .build/report .build/helpdesk .build/bench:
	@command -v go >/dev/null || { echo "go is missing: install Go 1.26 or later." >&2; exit 1; }
	@[ -e $@ ] || echo "Building $(@F) (the first time takes a minute or two)…" >&2
	@$(COMMAND) -o $@ ./internal/local/cmd/$(@F)

# A stack that runs holds this lock.
STOPPED := if command -v flock >/dev/null && [ -e .local/lock ] && ! flock -n .local/lock true; then \
	echo "The local stack is running: stop it first." >&2; exit 1; fi

.PHONY: reset
reset: ## forget the local stack's state: tables, queues, emails, logs
	@$(STOPPED)
	rm -rf .local

.PHONY: clean
clean: reset ## remove everything built, installed or kept: all that .gitignore names
	rm -rf .build .aws-sam internal/web/node_modules internal/local/node_modules
	find . -path '*/testdata/rapid' -prune -exec rm -rf {} +
	find internal/web/assets -mindepth 1 ! -name .keep -delete

##@ Check a change

# The linter, at one version for everybody; it is built once.
GOLANGCI := 2.15.0
LINTER := .build/golangci-lint-$(GOLANGCI)
$(LINTER):
	@echo "Building golangci-lint $(GOLANGCI) (once)…"
	@GOBIN="$(CURDIR)/.build" go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v$(GOLANGCI)
	@mv .build/golangci-lint $@

.PHONY: check
check: assets $(LINTER) ## format, vet and lint: what to run before every commit
	@unformatted=$$(git ls-files --cached --others --exclude-standard '*.go' | xargs gofmt -l); \
		[ -z "$$unformatted" ] || { echo "not formatted: $$unformatted" >&2; exit 1; }
	@go vet ./...
	@go vet -tags browser,faults,properties,second,template,workbook ./...
	@$(LINTER) run ./...

# Every function as this machine runs it, where local stacks take them from; stacks then build nothing themselves.
BUILT := $(CURDIR)/.build/functions
.PHONY: functions
functions: assets
	@for name in $$(ls functions/*/main.go | cut -d/ -f2); do \
		id=$$(printf %s "$$name" | cut -c1 | tr a-z A-Z)$$(printf %s "$$name" | cut -c2-)Function; mkdir -p $(BUILT)/$$id && \
		$(MAKE) --silent build-$$id ARTIFACTS_DIR=$(BUILT)/$$id GOOS=$$(go env GOHOSTOS) GOARCH=$$(go env GOHOSTARCH) || exit 1; done

.PHONY: test
# Never from the cache: the end-to-end tests run binaries that the cache knows nothing of.
test: functions ## all tests that need only Go, Node and make
	CALLS="$(CURDIR)/.build/calls.json" FUNCTIONS_BUILT="$(BUILT)" go test -count=1 -timeout 30m ./...

# The Python tools, at one version for everybody: SAM with its translator, cfn-lint and moto.
VENV := .build/venv
$(VENV)/.installed: .ci/requirements.txt
	@command -v python3 >/dev/null || { echo "python3 is missing: install Python 3.9 or later." >&2; exit 1; }
	@echo "Installing SAM and moto from PyPI (once)…"
	@[ -x $(VENV)/bin/python ] || python3 -m venv $(VENV)
	@$(VENV)/bin/pip install --quiet --disable-pip-version-check -r .ci/requirements.txt
	@touch $@

.build/translated.json: template.yaml internal/local/translated/translate.py $(VENV)/.installed
	@$(VENV)/bin/python internal/local/translated/translate.py template.yaml >$@.next 2>.build/translate.log || { cat .build/translate.log >&2; exit 1; }
	@mv $@.next $@

# What the functions called in the end-to-end tests, recorded at the wire; made anew when anything changed since.
.build/calls.json: template.yaml go.mod $(shell find functions internal -name node_modules -prune -o -name '*.go' -print)
	@mkdir -p $(@D)
	CALLS="$(CURDIR)/$@" go test -count=1 -timeout 30m ./internal/local/endtoend

.PHONY: test-template
test-template: assets .build/translated.json .build/calls.json ## what SAM makes of template.yaml, judged in every state, and the roles against the calls made (needs Python)
	TRANSLATED="$(CURDIR)/.build/translated.json" CALLS="$(CURDIR)/.build/calls.json" go test -count=1 -tags template ./internal/local/translated ./internal/local/rehearse

.PHONY: rehearse
rehearse: assets $(VENV)/.installed ## the README's first deployment, every step that needs no account (needs Python)
	@go run ./internal/local/cmd/rehearse -tools "$(CURDIR)/$(VENV)/bin"

.PHONY: doctor
doctor: ## look at a deployed stage and say what is wrong, changing nothing: STAGE=production (with your AWS credentials)
	@go run ./internal/local/cmd/doctor -stage "$(STAGE)"

.PHONY: test-helpdesk
test-helpdesk: assets ## what the helpdesk is promised: a fortnight row by row, ten stories, interrupted erasures, no text that becomes more
	go test -count=1 -v -run '^Test(AFortnight|TheHelpdeskIsToldWhy|ATeacherSaysSheGotNothing|ErasureReachesEveryPlace|ATicketAtOnce)$$' ./internal/local/endtoend
	go test -count=1 ./internal/local/helpdesk ./internal/local/helpdeskcmd ./internal/report/...

.PHONY: test-second
test-second: assets .build/translated.json ## the deployed functions against moto, another implementation of AWS (needs Python)
	TRANSLATED="$(CURDIR)/.build/translated.json" MOTO="$(CURDIR)/$(VENV)/bin/moto_server" go test -count=1 -tags second ./internal/local/second

# The functions, as `sam build` and the local stack build them: build-LookupFunction makes functions/lookup.
build-LookupFunction: assets
build-%Function:
	CGO_ENABLED=0 GOOS=$(GOOS) GOARCH=$(GOARCH) go build $(FUNCTION_FLAGS) -o "$(ARTIFACTS_DIR)/bootstrap" \
		./functions/$$(echo '$*' | tr 'A-Z' 'a-z')

# What is built for a laptop must not be deployed.
.PHONY: deployable
deployable: ## look whether what sam build made can be deployed (ARCHITECTURE=x86_64 if it is not arm64)
	@go run ./internal/local/cmd/deployable -architecture "$(or $(ARCHITECTURE),arm64)" .aws-sam/build

# The pages' CSS, JavaScript and images, made from npm's govuk-frontend; they are embedded, not committed.
WEB := internal/web
.PHONY: assets
assets: $(WEB)/assets/manifest.json

$(WEB)/assets/manifest.json: $(WEB)/node_modules/.package-lock.json $(wildcard $(WEB)/frontend/*)
	@cd $(WEB) && npm run --silent build

# npm itself tries for minutes to reach a registry that is away: it is asked first for something small. What was
# installed before is in npm's cache.
NPM_QUIET := --loglevel=error --no-progress --no-fund --no-audit
NPM_PROBE := npm view accessible-autocomplete name $(NPM_QUIET) --fetch-retries=0 --fetch-timeout=9000 >/dev/null

$(WEB)/node_modules/.package-lock.json: $(WEB)/package.json $(WEB)/package-lock.json
	@command -v npm >/dev/null || { echo "npm is missing: install Node 20 or later." >&2; exit 1; }
	@echo "Installing the pages' parts from npm (once)…"
	@cd $(WEB) && $(NPM_PROBE) && npm ci $(NPM_QUIET) >/dev/null || npm ci --offline $(NPM_QUIET) >/dev/null 2>&1 || \
		{ echo "npm could not install the pages' parts: the lines above say why. Try again." >&2; exit 1; }
	@touch $@

##@ Prove it

.PHONY: test-faults
test-faults: assets ## fail every call of every function in every way, for every journey, and print the matrix (ONLY="unlocked,load" or parameters)
	go test -count=1 -timeout 30m -tags faults -run TestEveryFaultOfEveryCall ./internal/local/endtoend -v -args -only "$(ONLY)"

.PHONY: test-properties
test-properties: ## everything in any order against a model of the rules, and claims at once (CHECKS=100)
	go test -count=1 -timeout 20m -tags properties ./internal/local/properties -v -rapid.checks=$(or $(CHECKS),100) -rapid.steps=60

.PHONY: test-privacy
test-privacy: assets ## values that occur nowhere else through every function, page and error: each is where it belongs, and nowhere else
	go test -count=1 -run TestCanaries -v ./internal/local/endtoend

.PHONY: fuzz
fuzz: ## every fuzz target for a minute (FUZZTIME=60s or 1000x, AT_ONCE=4, ONLY=FuzzForm)
	@FUZZTIME="$(FUZZTIME)" AT_ONCE="$(AT_ONCE)" ONLY="$(ONLY)" .ci/fuzz

.PHONY: mutate
mutate: ## break a package in small ways (operators, guards, statements, returned errors, conditions of DynamoDB) and name what no test notices: PKG=unlocking (ONLY=pattern of file:line: changed line)
	@[ -n "$(PKG)" ] || { echo "Say which package: make mutate PKG=unlocking" >&2; exit 2; }
	@go run ./internal/local/cmd/mutate -package "internal/$(PKG)" -only "$(ONLY)"

##@ Act on the running stack

.PHONY: invoke
invoke: .build/local ## run a function once against the running stack: FUNCTION=lookup EVENT=functions/lookup/events/found.json
	@.build/local invoke -function "$(FUNCTION)" -event "$(EVENT)"

.PHONY: load
load: .build/load ## load a register extract into the running stack: FILE=register.csv (VIA=bucket: through the load function)
	@.build/load -file "$(FILE)" $(if $(VIA),-via "$(VIA)")

.PHONY: report
report: .build/report ## the helpdesk's reports of what happened locally, or EXPORT=folder (FROM=, TO=)
	@.build/report $(if $(EXPORT),-export "$(EXPORT)") $(if $(FROM),-from $(FROM)) $(if $(TO),-to $(TO))

.PHONY: helpdesk
helpdesk: .build/helpdesk ## find, mark or erase what is held about a person: ARGS="find -email ann@example.com"
	@.build/helpdesk $(ARGS)

.PHONY: redrive
redrive: .build/local ## handle dead letters again: QUEUE=matches, emails or reports
	@.build/local redrive -queue "$(QUEUE)"

.PHONY: unlocking
unlocking: .build/local ## switch automatic unlocking on or off in the running stack: STATE=on or off
	@.build/local switch -state "$(STATE)"

##@ Measure

.PHONY: bench-load
bench-load: assets ## a million rows through the load function with its real time limit, beside bare conditional writes (ROWS=)
	@go run ./internal/local/cmd/bench-load $(if $(ROWS),-rows $(ROWS))

.PHONY: test-honest
test-honest: ## a day of honest lookups by a million people against the rule that silences guessed evidence (DAYS=, ATTACKED=)
	@go run ./internal/local/cmd/honest $(if $(DAYS),-days $(DAYS)) $(if $(ATTACKED),-attacked $(ATTACKED))

.PHONY: test-attack
test-attack: assets ## mount attacks on the service with its limits on, a hundred victims each (ONLY=NINO: those called so)
	go test -count=1 -timeout 60m ./internal/local/attack -v -args -victims 100 -only "$(ONLY)"

.PHONY: test-dates
test-dates: assets ## every event of every function today, in 40 days and in two years
	@go run ./internal/local/cmd/dates

.PHONY: soak
soak: assets ## minutes of mixed traffic with a spike of 50 times the rate, accounted for to the last request (MINUTES=10, RATE=3)
	@go run ./internal/local/cmd/soak -minutes $(or $(MINUTES),10) $(if $(RATE),-rate $(RATE))

.PHONY: match-eval
match-eval: ## measure matching on a million invented people, with FEBRL=folder on public data too
	@go run ./internal/local/cmd/match-eval $(if $(FEBRL),-febrl "$(FEBRL)")

.PHONY: bench
bench: assets .build/bench ## every figure of speed beside its floor, as a table and in .local/bench.jsonl; fails if one is over what it may be (ONLY=warm)
	@exec .build/bench $(if $(ONLY),-only "$(ONLY)")

.PHONY: simulate
simulate: ## a national morning, a million lookups in an hour, by the limits of template.yaml and of others (LOOKUPS=, OVER=)
	@go run ./internal/local/cmd/simulate $(if $(LOOKUPS),-lookups $(LOOKUPS)) $(if $(OVER),-over $(OVER))
