# Two commands do everything: `make up` and `make test`. See README.md.
CONFIG = -c release

.PHONY: deps build up test bench s3-tests clean

deps:
	@scripts/install-dependencies

build: deps
	swift build $(CONFIG) --product storj

# Where money is settled: embedded, dev (an Ethereum chain on this machine) or none; at first start.
CHAIN = embedded

up: build
	[ $(CHAIN) != dev ] || scripts/install-dev-chain
	.build/release/storj up --dir network --chain $(CHAIN)

# A crash of the suite says where, briefly: naming every thread of it would take minutes.
test: export SWIFT_BACKTRACE ?= threads=crashed,registers=none,images=none,limit=64,color=no,symbolicate=fast
test: deps
	@[ -x .venv-stripe/bin/python ] || scripts/install-dev-stripe
	swift build $(CONFIG) --build-tests
	STORJ_CHAIN_REQUIRED=1 scripts/with-dev-chain swift test $(CONFIG) --skip-build
	scripts/test-contracts
	scripts/test-real-clients
	scripts/test-web

bench: build
	swift build $(CONFIG) --product storj-bench
	scripts/bench

# ceph/s3-tests against the gateway: make s3-tests S3_TESTS=checkout
s3-tests: build
	@[ -n "$(S3_TESTS)" ] || { echo "Name a checkout of ceph/s3-tests: make s3-tests S3_TESTS=path" >&2; exit 1; }
	@[ -x .venv-s3/bin/python ] || scripts/install-s3-clients
	scripts/s3-tests $(S3_TESTS)

clean:
	rm -rf .build .venv .venv-chain .venv-stripe .venv-s3 network
