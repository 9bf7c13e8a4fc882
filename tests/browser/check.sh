#!/bin/sh
# SPDX-License-Identifier: MIT
#
# check.sh - the pages that hebb writes, opened in Chromium
#
#     check.sh BUILD_DIR [PAGE...]
#
# pages.sh makes them in BUILD_DIR/browser/pages, look.js opens them; all of them, or those named, such as digits.  What
# they look like is in BUILD_DIR/browser/shots: a picture at 1280 and 390 pixels, light, dark, and as it is printed, to be
# looked at.  playwright-core and axe-core come from npm and stay in BUILD_DIR/browser.  Status 77: something is missing,
# which is said.  CHROMIUM: the browser, if it is not the one of Debian.
set -u
if [ $# -lt 1 ] || [ ! -x "$1/hebb" ]; then
	echo "check.sh: usage: check.sh BUILD_DIR [PAGE...]; BUILD_DIR has hebb in it" >&2
	exit 2
fi
here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "$1" && pwd)
folder=$build/browser
shift

cannot() {
	echo "check.sh: skipped: $1" >&2
	exit 77
}

CHROMIUM=${CHROMIUM:-$(command -v chromium || command -v google-chrome || true)}
export CHROMIUM
[ -n "$CHROMIUM" ] || cannot "there is no Chromium ('make setup-browser' installs Debian's)"
command -v npm >/dev/null && command -v node >/dev/null || cannot "there is no npm, or no node ('make setup-browser' installs Debian's)"

mkdir -p "$folder"
if ! cmp -s "$here/package-lock.json" "$folder/package-lock.json" || [ ! -d "$folder/node_modules" ]; then
	cp "$here/package.json" "$here/package-lock.json" "$folder"
	(cd "$folder" && npm ci --ignore-scripts --no-audit --no-fund >npm.log 2>&1) || {
		rm -f "$folder/package-lock.json"
		cannot "npm could not install playwright-core and axe-core: $(tail -n 1 "$folder/npm.log")"
	}
fi

"$here/pages.sh" "$build/hebb" "$folder/pages" "$@" || exit 1
NODE_PATH=$folder/node_modules node "$here/look.js" "$folder/pages" "$folder/shots"
