#!/usr/bin/env bash
# Compares the stored results of the expression table with what npm's jsonata 2.0.6 gives now.
# Says so, and succeeds, where there is no node or no npm registry.
set -euo pipefail
cd "$(dirname "$0")"

if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
  echo "compare-jsonata: SKIPPED, there is no node here" >&2
  exit 0
fi
reference=target/jsonata-reference
mkdir -p "$reference"
if ! npm install --silent --no-audit --no-fund --prefix "$reference" jsonata@2.0.6 >/dev/null 2>&1; then
  echo "compare-jsonata: SKIPPED, npm could not install jsonata@2.0.6" >&2
  exit 0
fi
node src/test/jsonata/expected.mjs "$reference" >target/expected.jsonl
diff -u src/test/resources/jsonata/expected.jsonl target/expected.jsonl
echo "compare-jsonata: $(wc -l <target/expected.jsonl) expressions agree with jsonata 2.0.6"
