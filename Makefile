# Two commands do everything: `make up` and `make test`. See README.md.
CONFIG = -c release

.PHONY: deps build up test bench clean

deps:
	@scripts/install-dependencies

build: deps
	swift build $(CONFIG) --product storj

up: build
	.build/release/storj up --dir network

test: deps
	swift build $(CONFIG) --build-tests
	swift test $(CONFIG) --skip-build
	scripts/test-real-clients

bench: build
	swift build $(CONFIG) --product storj-bench
	scripts/bench

clean:
	rm -rf .build .venv network
