#!/usr/bin/env bash
# nightly.sh: ./test.sh with what takes minutes and so does not run with every change: the conformance kit's large indexes on every
# provider, DynamoDB Local included (some twenty minutes there), and all of what is random in DynamoDB's tests.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export REGISTRYINDEX_TEST_SLOW=1
exec ./test.sh
