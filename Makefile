# What one does with this repository. `make` alone lists it.
BIN   := bin
TOOLS := .tools

.PHONY: help demo build install test check still lint format fuzz bench golden picture

help: ## list what make can do
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## look around in the embedded sandbox
	go run ./cmd/zsf demo

build: ## build bin/zsf
	go build -trimpath -o $(BIN)/zsf ./cmd/zsf

install: ## install zsf where go puts programs
	go install -trimpath ./cmd/zsf

test: ## run the tests
	go test ./...

check: still ## everything that must hold before a commit: format, vet, lint, tests with the race detector
	go test ./cmd/zsf
	go test -race $$(go list ./... | grep -v '/cmd/zsf$$') # which drives a program of its own

still: format lint ## what can be said without running anything: format, vet, lint, dependencies
	go vet ./...
	@go mod tidy -diff
	@govulncheck ./... 2>/dev/null || echo "left out: govulncheck (not installed, or its database cannot be reached)"

format: $(BIN)/gofumpt ## fail where a file is not formatted, and say which
	@unformatted="$$($(BIN)/gofumpt -l cmd ui flows clients)"; \
	if [ -n "$$unformatted" ]; then echo "not formatted (run bin/gofumpt -w): $$unformatted"; exit 1; fi

lint: $(BIN)/golangci-lint ## run the linters
	$(BIN)/golangci-lint run ./...

$(BIN)/golangci-lint $(BIN)/gofumpt: $(TOOLS)/go.mod
	cd $(TOOLS) && GOBIN=$(CURDIR)/$(BIN) go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint mvdan.cc/gofumpt

fuzz: ## fuzz each parser and quoting function for a while
	@for target in $$(grep -rlE '^func Fuzz' --include=*_test.go . | xargs -n1 dirname | sort -u); do \
		for name in $$(grep -rhoE '^func Fuzz[A-Za-z0-9_]*' $$target/*_test.go | sed 's/func //'); do \
			go test $$target -run '^$$' -fuzz "^$$name\$$" -fuzztime $${FUZZTIME:-10s} || exit 1; \
		done; \
	done

bench: ## run the benchmarks
	go test -run '^$$' -bench . -benchmem ./...

golden: ## write the golden files anew; look at each by eye before it is committed
	go test ./ui/... -update

picture: build ## draw the README's pictures from the real screens
	.readme/draw $(BIN)/zsf
