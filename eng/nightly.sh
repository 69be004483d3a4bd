#!/usr/bin/env bash
# nightly.sh: ./test.sh with the tests that take minutes and do not run with every change: the conformance kit's large indexes on every
# provider, including DynamoDB Local (some twenty minutes), and all random tests of DynamoDB.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export REGISTRYINDEX_TEST_SLOW=1
exec ./test.sh
