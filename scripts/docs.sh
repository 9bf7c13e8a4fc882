#!/bin/sh
# SPDX-License-Identifier: MIT
# docs.sh FOLDER - the API reference of the public headers, by Doxygen, in FOLDER/html; fails if a
# comment is missing or wrong.  Status 77: doxygen is missing.
set -eu
to=${1:?usage: $0 FOLDER}
command -v doxygen >/dev/null || {
	echo "docs.sh: doxygen is missing; 'make setup-docs' installs it" >&2
	exit 77
}
mkdir -p "$to"
to=$(cd "$to" && pwd)
cd "$(dirname "$0")/.."
version=$(sed -n 's/^#define HEBB_VERSION "\(.*\)"/\1/p' include/hebb.h)
rm -rf "$to/html"
{
	cat Doxyfile
	echo "PROJECT_NUMBER = $version"
	echo "OUTPUT_DIRECTORY = \"$to\""
} | doxygen -
