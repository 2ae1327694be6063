# make test    builds everything and runs all tests

.PHONY: test

test:
	swift build --build-tests
	swift test --skip-build
