# shellcheck shell=bash
# Sourced: the conformance example and the ingester under an authority made with openssl. `callers` names who else gets an
# SVID ($work/NAME/svid.pem, key.pem, bundle.pem) and the right to call both. Sets $conformance and $ingester to host:port.
work=$(mktemp -d)
agents=()
cleanup() {
  for agent in "${agents[@]}"; do kill "$agent" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT
say() { printf -- '--- %s\n' "$*"; }
fail() {
  printf 'FAILED: %s\n' "$*" >&2
  tail -n 30 "$work"/*.log >&2 2>/dev/null || true
  exit 1
}
say "the agents"
./agentweave --version >/dev/null 2>"$work/build.log" || fail "the build"
java=
for jdk in "${AGENTWEAVE_JAVA_HOME:-}" "${JAVA_HOME:-}" /usr/lib/jvm/*; do
  if grep -qs '^JAVA_VERSION="\(2[5-9]\|[3-9]\)' "$jdk/release" && [ -x "$jdk/bin/java" ]; then
    java=$jdk/bin/java
    break
  fi
done
[ -n "$java" ] || fail "no JDK 25"

say "an authority and SVIDs"
openssl ecparam -name prime256v1 -genkey -noout -out "$work/ca.key" 2>/dev/null
openssl req -x509 -new -key "$work/ca.key" -subj /CN=outside -days 1 -out "$work/bundle.pem" \
  -addext "subjectAltName=URI:spiffe://agentweave.io" -addext "keyUsage=critical,keyCertSign,cRLSign"
svid() { # NAME ID
  mkdir "$work/$1"
  openssl ecparam -name prime256v1 -genkey -noout 2>/dev/null | openssl pkcs8 -topk8 -nocrypt -out "$work/$1/key.pem"
  openssl req -new -key "$work/$1/key.pem" -subj "/CN=$1" -out "$work/$1/csr" 2>/dev/null
  printf '%s\n' "subjectAltName=URI:$2,DNS:localhost" "keyUsage=critical,digitalSignature" "basicConstraints=critical,CA:FALSE" \
    "extendedKeyUsage=serverAuth,clientAuth" "authorityKeyIdentifier=keyid" >"$work/$1/extensions"
  openssl x509 -req -in "$work/$1/csr" -CA "$work/bundle.pem" -CAkey "$work/ca.key" -days 1 -set_serial "0x$(openssl rand -hex 8)" \
    -extfile "$work/$1/extensions" -out "$work/$1/svid.pem" 2>/dev/null
  cp "$work/bundle.pem" "$work/$1/bundle.pem"
}
for name in conformance ingester "${callers[@]}"; do
  svid "$name" "spiffe://agentweave.io/agent/$name"
done

say "rights"
mkdir "$work/policies"
cp policies/policy.wasm "$work/policies/"
[ ! -f policies/policy.wasm.sources ] || cp policies/policy.wasm.sources "$work/policies/"
python3 - policies/grants.json "$work/policies/grants.json" "${callers[@]}" <<'PY'
import json, sys
grants = json.load(open(sys.argv[1]))
for caller in sys.argv[3:]:
    for callee, capabilities in (("conformance", ["converse"]), ("ingester", ["health", "ingest_event"])):
        grants["agentweave"]["grants"].append({
            "id": f"{caller}-to-{callee}", "caller": f"spiffe://agentweave.io/agent/{caller}",
            "callee": f"spiffe://agentweave.io/agent/{callee}", "directions": ["inbound"], "limits": {},
            "capabilities": capabilities + ["task.get", "task.list", "task.cancel", "task.subscribe",
                                            "push_config.create", "card.read"]})
json.dump(grants, open(sys.argv[2], "w"))
PY

config() { # NAME POLICY_PATH CAPABILITIES
  cat >"$work/$1.yaml" <<YAML
agent: {name: $1, trust_domain: agentweave.io, environment: development, data_directory: $work/data-$1, capabilities: [$3]}
identity:
  provider: static
  static: {certificate: $work/$1/svid.pem, key: $work/$1/key.pem, bundle: $work/bundle.pem}
authorization: {provider: opa-embedded, bundle: $work/policies, policy_path: $2}
discovery: {static: {"spiffe://agentweave.io/agent/processor": "localhost:1"}}
server: {host: 127.0.0.1, port: 0, graceful_shutdown_seconds: 1}
observability: {metrics: {host: 127.0.0.1, port: 0}, tracing: {enabled: false}}
YAML
}
config conformance agentweave/authz \
  "{name: converse, input_modes: [text/plain, application/json], output_modes: [text/plain, application/json]}"
config ingester pipeline/authz/ingester "{name: ingest_event}, {name: ingest_batch}, {name: health}"

start() { # NAME MAIN [WRAPPER...]
  "${@:3}" "$java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx256m --enable-native-access=ALL-UNNAMED \
    -cp "ingester/target/lib/*:ingester/target/ingester.jar:examples/target/classes" "$2" --config "$work/$1.yaml" >"$work/$1.log" 2>&1 &
  agents+=($!)
}
start conformance io.agentweave.examples.ConformanceAgent
start ingester io.agentweave.pipeline.ingester.Main e2e/outside/small-disks "$work/data-ingester"
port() { # NAME
  local tries=0 port
  until port=$(grep -o 'serves on port [0-9]*' "$work/$1.log" | grep -o '[0-9]*$'); do
    tries=$((tries + 1))
    [ "$tries" -lt 3000 ] || fail "$1 does not serve"
    sleep 0.1
  done
  printf '%s' "$port"
}
# A young JVM on a busy machine may need longer than a handshake may take: no client is to meet it.
warm() { # ADDRESS
  local tries=0
  until printf 'GET /.well-known/agent-card.json HTTP/1.1\r\nHost: x\r\n\r\n' \
    | openssl s_client -quiet -connect "$1" -alpn http/1.1 -CAfile "$work/bundle.pem" -cert "$work/${callers[0]}/svid.pem" \
      -key "$work/${callers[0]}/key.pem" 2>/dev/null | grep '^HTTP/1.1 200' >/dev/null; do
    tries=$((tries + 1))
    [ "$tries" -lt 180 ] || fail "$1 serves no card"
    sleep 1
  done
}
# Where the ingester's files are, seen from here.
ingester_data=/proc/${agents[1]}/root$work/data-ingester
conformance=localhost:$(port conformance)
ingester=localhost:$(port ingester)
warm "$conformance"
warm "$ingester"
