#!/usr/bin/env bash
# Compares polyprofile with what one would use instead, side by side on this machine. README.md beside this file tells
# how and why; `run.sh --help` tells the options. Prints the tables, and writes them to target/peers/results.
#
# Needs a Rust toolchain and a C compiler. nginx, Python and Node are installed by apt-get where they are missing, the
# clients in any case under target/peers. About 1.5 GB of made-up data are written there for a full run.
set -euo pipefail
cd "$(dirname "$0")/../.."

here=benches/peers
work=target/peers

give_up() {
  printf '%s\n' "$*" >&2
  exit 2
}

# Debian ships Python without what makes a virtual environment.
has_python() { python3 -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 10))' 2>/dev/null; }
has_node() { npm --version >/dev/null 2>&1 && node -e 'process.exitCode = parseInt(process.version.slice(1)) < 18 ? 1 : 0'; }
has_nginx() { command -v nginx >/dev/null; }

install_tools() {
  local missing=()
  has_nginx || missing+=(nginx)
  has_python || missing+=(python3 python3-venv)
  has_node || missing+=(nodejs npm)
  [ ${#missing[@]} -gt 0 ] || return 0
  if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
    export DEBIAN_FRONTEND=noninteractive
    # Debian starts services that it installs, but not in run level 1: only our own nginx is wanted.
    { apt-get -qq update && RUNLEVEL=1 apt-get -qq install --no-install-recommends -y "${missing[@]}"; } >&2 ||
      give_up "apt-get could not install ${missing[*]}"
  fi
  has_nginx || give_up "needs nginx (Debian: apt-get install nginx)"
  has_python || give_up "needs Python 3.10 or later with venv (Debian: apt-get install python3 python3-venv)"
  has_node || give_up "needs Node 18 or later with npm (Debian: apt-get install nodejs npm)"
}

# Anew whenever the pinned versions changed, and when the last attempt did not come to its end.
install_clients() {
  if [ "$here/requirements.txt" -nt "$work/python/installed" ]; then
    rm -rf "$work/python"
    {
      python3 -m venv "$work/python" &&
        "$work/python/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements.txt" >&2 &&
        touch "$work/python/installed"
    } || give_up "the Python clients could not be installed"
  fi
  if [ "$here/package-lock.json" -nt "$work/node/installed" ]; then
    rm -rf "$work/node"
    mkdir -p "$work/node"
    {
      cp "$here/package.json" "$here/package-lock.json" "$work/node" &&
        (cd "$work/node" && npm ci --no-audit --no-fund --ignore-scripts --loglevel=error >&2) &&
        touch "$work/node/installed"
    } || give_up "the Node clients could not be installed"
  fi
}

# One after the other, so that neither is built with what only the other needs. Where cargo puts what it builds depends
# on the environment, so cargo is asked.
build_programs() {
  local program
  cargo build --quiet --release -p polyprofile-peers || give_up "the Rust programs could not be built"
  program=$(cargo build --quiet --release -p polyprofile-cli --bin polyprofile --message-format=json-render-diagnostics |
    sed -n 's/.*"executable":"\([^"]*\/polyprofile\)".*/\1/p') || give_up "polyprofile could not be built"
  programs=$(dirname "$program")
}

# Whoever only wants to know the options needs nothing installed.
case " $* " in *" -h "* | *" --help "*)
  PYTHONPATH=$here exec python3 -B -m bench --work . --rust . --help
  ;;
esac
PATH=$PATH:/usr/sbin
mkdir -p "$work"
install_tools
install_clients
build_programs
# Modules are searched for beside the script that imports them.
cp "$here"/contestants/*.mjs "$work/node"
peers=(--work "$work" --rust "$programs")
if command -v go >/dev/null; then
  (cd "$here/contestants/go" && GOFLAGS=-mod=mod go build -o "$OLDPWD/$work/go-peer" .) || give_up "Go's program could not be built"
  peers+=(--go "$work/go-peer")
fi

# It ends its servers itself, whichever way it ends.
PYTHONPATH=$here exec python3 -B -m bench "${peers[@]}" "$@"
