#!/bin/sh
# SPDX-License-Identifier: MIT
# deb.sh - the Debian packages hebb, libhebbSO and libhebb-dev from the tree as git sees it, in build/deb
#
# The version is HEBB_VERSION of include/hebb.h; from it follow the soname, the name of the library's package, which Debian
# wants to change with the soname, and the changelog.  The tree stays as it is: the packages are built in a copy.
set -eu
cd "$(dirname "$0")/.."
version=$(sed -n 's/^#define HEBB_VERSION "\(.*\)"/\1/p' include/hebb.h)
case $version in
0.*) so=${version%.*} ;;
*) so=${version%%.*} ;;
esac
# Whoever gives packages to others sets DEBEMAIL; without it nobody can be written to, which lintian need not say.
mail=${DEBEMAIL:-hebb@localhost.localdomain}
quiet=
[ -n "${DEBEMAIL:-}" ] || quiet=,bogus-mail-host,bogus-mail-host-in-debian-changelog
copy=build/deb/hebb-$version

rm -rf build/deb
mkdir -p "$copy"
git ls-files -z --cached --others --exclude-standard | tar -c --null --files-from=- | tar -x -C "$copy"
cd "$copy/debian"
sed "s/@SO@/$so/g; s/@MAIL@/$mail/" control.in >control
mv libhebb.install "libhebb$so.install"
rm control.in
{
	printf 'hebb (%s) unstable; urgency=medium\n\n  * See NEWS.md.\n\n' "$version"
	printf ' -- The Hebb developers <%s>  %s\n' "$mail" "$(git log -1 --format=%cd --date=rfc)"
} >changelog
cd ..
dpkg-buildpackage --build=binary --no-sign --jobs="$(nproc)" >../log 2>&1 || {
	tail -n 10 ../log
	exit 1
}
cd ..
rm -rf "hebb-$version"
lintian --allow-root --fail-on error --suppress-tags "bad-distribution-in-changes-file$quiet" ./*.changes
ls -1 ./*.deb
