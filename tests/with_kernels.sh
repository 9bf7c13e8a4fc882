#!/bin/sh
# SPDX-License-Identifier: MIT
# with_kernels.sh SET COMMAND... - runs a test with one set of kernels; 77 (skipped) where the machine lacks it
set=$1
shift
case $set in
avx2) grep -q avx2 /proc/cpuinfo || { echo "skipped: this CPU has no $set"; exit 77; } ;;
esac
HEBB_KERNELS=$set exec "$@"
