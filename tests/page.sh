#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# page.sh PAGE - the C program whose pieces, in their order, are the ```c blocks of a page.  Line numbers stay those of the page.
set -euo pipefail
awk '/^```/ { code = $0 == "```c"; print "//"; next } { print code ? $0 : "//" }' "$1"
