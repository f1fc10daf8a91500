# Shared by the scripts: strict mode, the top of the tree, plain messages.
# shellcheck shell=bash
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
readonly ROOT
cd "$ROOT"

say() { printf '%s\n' "==> $*"; }
note() { printf '%s\n' "    $*"; }
warn() { printf '%s\n' "!!! $*" >&2; }
die() {
  warn "$@"
  exit 1
}
have() { command -v "$1" >/dev/null 2>&1; }

# One digest for what a set of files says; missing files are an error.
digest() { cat -- "$@" | sha256sum | cut -d' ' -f1; }

# run_quietly WORDS COMMAND...: shows the output only when the command fails.
run_quietly() {
  local what=$1 log
  shift
  log=$(mktemp)
  if "$@" >"$log" 2>&1; then
    rm -f "$log"
    return 0
  fi
  cat "$log" >&2
  rm -f "$log"
  warn "$what failed (its output is above)"
  return 1
}

# owner_of PATH: the name of its owner, for a sentence.
owner_of() { stat -c %U -- "$1" 2>/dev/null || echo "somebody else"; }

# require_own_tree: dies where the set-up could not write its files.
require_own_tree() {
  local path
  for path in "$ROOT" "$ROOT/.venv" "$ROOT/node_modules"; do
    [ ! -e "$path" ] || [ -w "$path" ] || die "$(id -un) cannot write in $path, which belongs to $(owner_of "$path")." \
      "Work in a clone of your own, or take this one over: sudo chown -R $(id -un) $ROOT"
  done
}

# in_setup_lock COMMAND...: two scripts started at once set up one after the other.
# The lock is on the directory itself, so that it leaves no file.
in_setup_lock() {
  local status=0
  require_own_tree
  exec 9<"$ROOT"
  flock --nonblock 9 || {
    note "Waiting for another script that is setting up"
    flock 9
  }
  "$@" || status=$?
  exec 9<&-
  return "$status"
}
