#!/usr/bin/env bash
# Opens the page of `compare --html` in a browser, as people do: on a phone and on a desk, light, dark and on paper, with
# believable data and with hostile names. Ends with `N passed, M failed`; exits with 1 if anything failed, with 2 if the
# checks could not be run. Pictures are left in target/browser.
#
# Needs a Rust toolchain. Chromium and Node are installed by apt-get where they are missing, the two libraries that steer
# and examine it in any case under target/browser.
set -euo pipefail
cd "$(dirname "$0")/../../../.."

here=crates/cli/tests/browser
work=target/browser
emulator=
origin=

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

has_node() { npm --version >/dev/null 2>&1 && node -e 'process.exitCode = parseInt(process.version.slice(1)) < 18 ? 1 : 0'; }

install_programs() {
  local missing=()
  command -v chromium >/dev/null || missing+=(chromium fonts-dejavu-core)
  has_node || missing+=(nodejs npm)
  [ ${#missing[@]} -gt 0 ] || return 0
  if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
    export DEBIAN_FRONTEND=noninteractive
    { apt-get -qq update && apt-get -qq install --no-install-recommends -y "${missing[@]}"; } >&2 ||
      give_up "apt-get could not install ${missing[*]}"
  fi
  command -v chromium >/dev/null || give_up "needs Chromium (Debian: apt-get install chromium)"
  has_node || give_up "needs Node 18 or later with npm (Debian: apt-get install nodejs npm)"
}

# Anew whenever the pinned versions changed, and when the last attempt did not come to its end.
install_libraries() {
  [ "$here/package-lock.json" -nt "$work/installed" ] || return 0
  rm -rf "$work/node_modules" "$work/installed"
  mkdir -p "$work"
  {
    cp "$here/package.json" "$here/package-lock.json" "$work" &&
      (cd "$work" && npm ci --no-audit --no-fund --ignore-scripts --loglevel=error >&2) &&
      touch "$work/installed"
  } || give_up "the libraries could not be installed"
}

# Writes the page about what the arguments name into $work/$1.html. Some provider may fail: one does on purpose.
page() {
  local name=$1 status=0
  shift
  "$program" "$@" compare --samples 3 --html "$work/$name.html" >/dev/null 2>"$work/$name.log" || status=$?
  [ "$status" -eq 0 ] || [ "$status" -eq 5 ] || give_up "no page: $(cat "$work/$name.log")"
}

# Starts an emulator on a free port, and writes a configuration of many providers with long names that ask it, one of
# which nobody answers. Their keys are the emulator's own.
start() {
  : >"$work/emulator"
  "$program" emulate >"$work/emulator" 2>/dev/null &
  emulator=$!
  local attempt
  for attempt in $(seq 300); do
    origin=$(sed -n 's/^POSTCORE_BASE_URL=//p' "$work/emulator")
    [ -z "$origin" ] || break
    kill -0 "$emulator" 2>/dev/null || break
    sleep 0.1
  done
  [ -n "$origin" ] || give_up "the emulator did not start"
  set -a
  # shellcheck disable=SC1091
  . "$work/emulator"
  set +a
  local name vendor
  for name in a-brand-with-the-longest-name-that-the-configuration-lets-through two; do
    for vendor in postproxy postcore; do
      printf '[[provider]]\nvendor = "%s"\nname = "%s"\nkey_env = "%s"\nbase_url = "%s"\n' "$vendor" \
        "${vendor%"${vendor#?????}"}-${name:0:58}" "${vendor^^}_API_KEY" "$origin"
    done
  done >"$work/crowded.toml"
  printf '[[provider]]\nvendor = "postpress"\nkey_env = "POSTPRESS_API_KEY"\nbase_url = "http://127.0.0.1:9"\n' >>"$work/crowded.toml"
}

install_programs
install_libraries
cp "$here/check.mjs" "$work"
# Where cargo puts what it builds depends on the environment, so cargo is asked.
program=$(cargo build --quiet -p polyprofile-cli --bin polyprofile --message-format=json-render-diagnostics |
  sed -n 's/.*"executable":"\([^"]*\)".*/\1/p') || give_up "the program could not be built"

page demo --demo
page alone --demo --provider postcore
start
node "$work/check.mjs" spoil "$origin" || give_up "the emulator could not be told to send hostile names"
page hostile --config "$work/crowded.toml" --timeout 10s
stop
# A browser that hangs is a failure too.
timeout 400 node "$work/check.mjs" examine "$work"
