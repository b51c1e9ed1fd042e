#!/usr/bin/env bash
# Runs the vendors' own clients against the emulator: every call of theirs that it serves, compared with the vendors'
# documents. Ends with `N passed, M failed`; exits with 1 if anything failed, with 2 if the checks could not be run.
#
# Needs a Rust toolchain and a C compiler. Python and Node are installed by apt-get where they are missing, the clients
# in any case under target/real_clients.
set -euo pipefail
cd "$(dirname "$0")/../.."

here=tests/real_clients
work=target/real_clients
emulator=

stop() {
  if [ -n "$emulator" ]; then
    kill "$emulator" 2>/dev/null || true
    wait "$emulator" 2>/dev/null || true
    emulator=
  fi
}
trap stop EXIT
trap 'exit 2' INT TERM

give_up() {
  printf '%s\n' "$*" >&2
  exit 2
}

# Debian ships Python without what makes a virtual environment.
has_python() { python3 -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 10))' 2>/dev/null; }
has_node() { npm --version >/dev/null 2>&1 && node -e 'process.exitCode = parseInt(process.version.slice(1)) < 18 ? 1 : 0'; }

install_languages() {
  local missing=()
  has_python || missing+=(python3 python3-venv)
  has_node || missing+=(nodejs npm)
  [ ${#missing[@]} -gt 0 ] || return 0
  if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
    export DEBIAN_FRONTEND=noninteractive
    { apt-get -qq update && apt-get -qq install --no-install-recommends -y "${missing[@]}"; } >&2 ||
      give_up "apt-get could not install ${missing[*]}"
  fi
  has_python || give_up "needs Python 3.10 or later with venv (Debian: apt-get install python3 python3-venv)"
  has_node || give_up "needs Node 18 or later with npm (Debian: apt-get install nodejs npm)"
}

# Anew whenever the pinned versions changed, and when the last attempt did not come to its end.
install_clients() {
  local file
  for file in requirements.txt package-lock.json; do
    if [ "$here/$file" -nt "$work/installed" ]; then
      rm -rf "$work"
      mkdir -p "$work"
      {
        python3 -m venv "$work/python" &&
          "$work/python/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements.txt" &&
          cp "$here/package.json" "$here/package-lock.json" "$work" &&
          (cd "$work" && npm ci --no-audit --no-fund --ignore-scripts --loglevel=error >&2) &&
          touch "$work/installed"
      } || give_up "the clients could not be installed"
    fi
  done
}

# Starts an emulator on a free port and waits for its settings, which it writes into $work/emulator.
start() {
  : >"$work/emulator"
  "$program" --data "$1" >"$work/emulator" &
  emulator=$!
  local attempt
  for attempt in $(seq 300); do
    ! grep -q '^EMULATOR_ORIGIN=' "$work/emulator" || return 0
    kill -0 "$emulator" 2>/dev/null || break
    sleep 0.1
  done
  give_up "the emulator did not start"
}

# Runs one script against an emulator of its own, since scripts change what it holds. It counts nothing itself and fails
# only when it could not come to its end, which may not take longer than a minute.
run() {
  local client=$1 data=$2 status=0
  shift 2
  start "$data"
  timeout 60 "$@" "$work/emulator" "$data" | tee -a "$work/results" || status=$?
  [ "$status" -eq 0 ] || printf 'FAIL %s: ended early, with %s\n' "$client" "$status" | tee -a "$work/results"
  stop
}

install_languages
install_clients
# Where cargo puts what it builds depends on the environment, so cargo is asked.
program=$(cargo build --quiet -p polyprofile-examples --example emulator --message-format=json-render-diagnostics |
  sed -n 's/.*"executable":"\([^"]*\)".*/\1/p') || give_up "the emulator could not be built"

# Modules are searched for beside the script that imports them.
cp "$here"/*.mjs "$work"
# Python's client would send even this through a proxy.
export NO_PROXY=127.0.0.1 no_proxy=127.0.0.1
: >"$work/results"
for data in documents demo; do
  run "postproxy python" "$data" "$work/python/bin/python" -B "$here/postproxy_python.py"
  run "postproxy node" "$data" node "$work/postproxy_node.mjs"
  run "unipile node" "$data" node "$work/unipile_node.mjs"
done

passed=$(grep -c '^ok   ' "$work/results" || true)
failed=$(grep -c '^FAIL ' "$work/results" || true)
printf '%s passed, %s failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
