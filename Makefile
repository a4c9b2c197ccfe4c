# Two commands do everything: `make up` and `make test`. See README.md.
CONFIG = -c release

.PHONY: deps build up test bench clean

deps:
	@scripts/install-dependencies

build: deps
	swift build $(CONFIG) --product storj

# Where money is settled: embedded, dev (an Ethereum chain on this machine) or none; at first start.
CHAIN = embedded

up: build
	[ $(CHAIN) != dev ] || scripts/install-dev-chain
	.build/release/storj up --dir network --chain $(CHAIN)

test: deps
	@[ -x .venv-stripe/bin/python ] || scripts/install-dev-stripe
	swift build $(CONFIG) --build-tests
	STORJ_CHAIN_REQUIRED=1 scripts/with-dev-chain swift test $(CONFIG) --skip-build
	scripts/test-contracts
	scripts/test-real-clients

bench: build
	swift build $(CONFIG) --product storj-bench
	scripts/bench

clean:
	rm -rf .build .venv .venv-chain .venv-stripe network
