# Hebb.  CMake builds; this file is the short way to what people do with it.
#
#   make digits   install what is missing, build, train the tutorial's task: handwritten digits
#   make check    install what is missing, build, pass all tests; SELECT='-R NAME' or other options of ctest: some of them
#   make quick    the same with the everyday tests
#   make fresh    both, digits and check, on a Debian where nothing is installed yet (some minutes; needs root)
#   make build    build alone: build/hebb, build/libhebb.a, build/libhebb_io.a, build/libhebb_study.a, the tests too where cmocka is installed
#   make install  the command, the libraries, the man page: PREFIX=/usr/local, and below DESTDIR if that is given
#   make uninstall  removes them again, from the same PREFIX and DESTDIR
#   make deb      Debian packages, in build/deb: hebb, libhebb0.2, libhebb-dev, checked by lintian
#   make amalgamation  the core as one file: build/amalgamation/hebb.c and its headers
#   make docs     the API reference of the headers, by Doxygen: build/docs/html/index.html
#   make ci       check, and the slow proofs: clang, sanitizers, fuzzing, a bare Debian, other machines, coverage, other programs reading our models
#   make browser  the pages of --report and hebb report in Chromium; pictures of them in build/browser/shots (some minutes)
#   make coverage which lines of src/ the tests run, by file; fails below 90 % (some minutes)
#   make ports    the quick tests on other processors, word sizes, byte orders and C libraries (long under qemu; see docs/testing.md)
#   make fuzz     each fuzzer for half an hour
#   make sweep    the errors of exp and the activations, and the text of numbers, over all floats (hours)
#   make figures  the accuracy figures of docs/figures.md, measured (some minutes)
#   make accuracy the defaults against scikit-learn's on ten tables and images; writes docs/accuracy.md (some minutes)
#   make conformal how often intervals contain the truth, on four tables; writes docs/predictions.md (a minute)
#   make mnist    the MNIST figures of docs/accuracy.md; MNIST=FOLDER says where it is (an hour; scripts/mnist.sh build/hebb time: one of them)
#   make damage   how scores fall when fields of new rows are damaged; writes docs/predictions.md and docs/damage.svg (some minutes)
#   make tutorial the outputs, figures and accuracies in docs/tutorial.md, made anew
#   make bench    the speed of this machine and build, all workloads (some minutes)
#   make bench-growth how time and memory grow, measured and drawn in docs/performance.md (some minutes)
#   make bench-peers  Hebb against other programs and its version 0.1.0; writes docs/performance.md (an hour)
#   make format   lay out the source as .clang-format says
#   make clean

CMAKE_FLAGS ?=
PREFIX ?= /usr/local
DESTDIR ?=
JOBS ?= $(shell nproc 2>/dev/null || echo 2)
SELECT ?=
TESTS = ctest -j$(JOBS) --output-on-failure --no-tests=error
SOURCES = $(shell git ls-files '*.c' 'src/*.h' 'src/*.inc' 'tests/*.h' 'bench/*.h' 'include/*.h')

.PHONY: build digits check quick fresh install build/install uninstall deb amalgamation docs ci browser coverage ports fuzz sweep figures accuracy conformal damage mnist tutorial \
	bench bench-growth bench-peers format format-check clean \
	setup setup-check setup-ci setup-coverage setup-docs setup-fresh setup-ports setup-deb setup-peers setup-growth setup-accuracy setup-browser
.DEFAULT_GOAL = build

setup setup-check setup-ci setup-coverage setup-docs setup-fresh setup-ports setup-deb setup-peers setup-growth setup-accuracy setup-browser:
	@scripts/setup.sh $@

build/Makefile:
	cmake -S . -B build $(CMAKE_FLAGS)

build: build/Makefile
	@cmake --build build -j$(JOBS)

digits: setup
	@$(MAKE) --no-print-directory build CMAKE_FLAGS="-DHEBB_TESTS=OFF $(CMAKE_FLAGS)"
	build/hebb train digits

check: setup-check
	cmake -S . -B build -DHEBB_TESTS=ON $(CMAKE_FLAGS)
	@cmake --build build -j$(JOBS)
	cd build && $(TESTS) $(SELECT)

quick:
	@$(MAKE) --no-print-directory check SELECT="-L quick"

fresh: setup-fresh
	scripts/fresh.sh whole

# In a folder of its own: shared libraries want other objects.
build/install:
	@cmake -S . -B build/install -DHEBB_TESTS=OFF -DHEBB_SHARED=ON -DCMAKE_INSTALL_PREFIX="$(PREFIX)" $(CMAKE_FLAGS)
	@cmake --build build/install -j$(JOBS)

install: build/install
	@scripts/install.sh build/install "$(DESTDIR)"
	@[ -n "$(DESTDIR)" ] || ldconfig 2>/dev/null || true # new shared libraries are found from now on

uninstall: build/install
	scripts/uninstall.sh build/install "$(DESTDIR)"

deb: setup-deb
	scripts/deb.sh

amalgamation:
	scripts/amalgamate.py build/amalgamation

docs: setup-docs
	scripts/docs.sh build/docs

ci: check setup-ci format-check
	scripts/ci.sh

browser: setup setup-browser
	@$(MAKE) --no-print-directory build CMAKE_FLAGS="-DHEBB_TESTS=OFF $(CMAKE_FLAGS)"
	tests/browser/check.sh build

coverage: setup-check setup-coverage
	scripts/coverage.sh

ports: setup-ports
	scripts/ports.sh

fuzz: setup-ci
	FUZZ_SEED=0 FUZZ_SECONDS=1800 scripts/ci.sh fuzz

sweep: setup-check
	cmake -S . -B build -DHEBB_TESTS=ON $(CMAKE_FLAGS)
	@cmake --build build -j$(JOBS) --target sweep_functions sweep_numbers
	build/sweep_functions
	build/sweep_numbers

figures: build
	scripts/figures.sh build/hebb

accuracy: setup setup-accuracy build
	scripts/accuracy.py build/hebb

conformal: build
	scripts/conformal.py build/hebb

mnist: build
	scripts/mnist.sh build/hebb

damage: build
	scripts/damage.py build/hebb

tutorial: build
	scripts/tutorial.py build/hebb

bench: setup build
	build/hebb bench --full

bench-growth: setup setup-growth build
	$(CC) -O2 -std=c11 -Iinclude bench/growth.c build/libhebb.a -lm -lpthread -o build/growth
	bench/growth.py build/hebb build/growth

bench-peers: setup setup-peers build
	-scripts/peers.sh build
	bench/peers.py build/hebb

format:
	clang-format -i $(SOURCES)

format-check:
	clang-format --dry-run --Werror $(SOURCES)

clean:
	rm -rf build
