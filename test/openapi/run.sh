#!/usr/bin/env bash
# Schemathesis against what we serve and describe: the built service with a store of its own under .data/openapi, a few minutes.
# Fails on any 5xx, on a status or content type the description does not have, and on a body that is not as it describes.
# Needs Python 3.9 or later; schemathesis goes into .data/venv. More cases: test/openapi/run.sh 200
set -euo pipefail
cd "$(dirname "$0")/../.."
examples=${1:-12}
data=.data/openapi
log=$data/service.log

if [ ! -x .data/venv/bin/schemathesis ]; then
  python3 -m venv .data/venv
  .data/venv/bin/pip install --quiet --disable-pip-version-check 'schemathesis>=4.32,<5'
fi

# Neo4j's jars are kept, or taken from a service that ran here before; the store is new.
mkdir -p "$data/neo4j"
find "$data/neo4j" -mindepth 1 -maxdepth 1 ! -name 'lib-*' -exec rm -rf {} +
for lib in "$PWD"/.data/neo4j/lib-*; do
  [ -e "$lib" ] && [ ! -e "$data/neo4j/$(basename "$lib")" ] && ln -s "$lib" "$data/neo4j/"
done
DATA_DIR=$data PORT=0 DEMO=true LOG_LEVEL=warn NEO4J_URI= node bin/custody-graph.js start >"$log" 2>&1 &
service=$!
stop() {
  kill -TERM "$service" 2>/dev/null || true
  wait "$service" 2>/dev/null || true
  rm -rf "$data/neo4j/home"
}
trap stop EXIT

url=
for _ in $(seq 600); do
  url=$(sed -n 's#.*\(http://[^ ]*\)/epcis/capture$#\1#p' "$log" | head -1)
  [ -n "$url" ] && break
  kill -0 "$service" 2>/dev/null || break
  sleep 0.5
done
[ -n "$url" ] || { echo "The service did not start:"; cat "$log"; exit 1; }

export HYPOTHESIS_STORAGE_DIRECTORY=$PWD/.data/hypothesis
status=0
.data/venv/bin/schemathesis run "$url/epcis/openapi.json" \
  --checks not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance \
  --phases examples,coverage,fuzzing --max-examples "$examples" --continue-on-failure --request-timeout 20 \
  --workers 1 --seed 1 --suppress-health-check all --warnings off --no-color || status=$?
curl -fsS "$url/health/ready" >/dev/null || { echo 'The service is not ready afterwards.'; status=1; }
exit $status
