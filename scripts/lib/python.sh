# The virtual environment .venv, made from hashed requirements.
# shellcheck shell=bash

readonly VENV=$ROOT/.venv
readonly PYTHON=$VENV/bin/python

# Prints a Python that is new enough and can make virtual environments.
find_python() {
  local name
  for name in "${TRAVERSE_PYTHON:-python3}" python3 python3.13 python3.12 python3.11; do
    have "$name" || continue
    "$name" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue
    printf '%s\n' "$name"
    return 0
  done
  return 1
}

ensure_python() {
  find_python >/dev/null && return 0
  install_packages python3-venv || return 1
  find_python >/dev/null || {
    warn "Traverse needs Python 3.11 or newer with the venv module; set TRAVERSE_PYTHON to one."
    return 1
  }
}

# python_env_is_ready base|dev: nothing is to be installed.
python_env_is_ready() {
  local stamp=$VENV/.installed-$1
  [ -r "$stamp" ] && [ "$(cat "$stamp")" = "$(python_digest "$1")" ] && "$PYTHON" -c '' 2>/dev/null
}

python_env_has_pip() { "$PYTHON" -m pip --version >/dev/null 2>&1; }

# python_env base|dev: `dev` holds `base`. A stamp makes the second call instant.
python_env() {
  local wanted=$1 python stamp
  stamp=$VENV/.installed-$wanted
  if python_env_is_ready "$wanted"; then
    return 0
  fi
  if ! python_env_has_pip; then
    ensure_python || return 1
    python=$(find_python)
    say "Making the virtual environment"
    "$python" -m venv --clear "$VENV" || return 1
  fi
  say "Installing Python packages ($wanted)"
  run_quietly "pip install" "$PYTHON" -m pip install --disable-pip-version-check --quiet \
    --require-hashes --only-binary :all: -r "requirements/$wanted.txt" || return 1
  python_digest "$wanted" >"$stamp"
  if [ "$wanted" = dev ]; then
    python_digest base >"$VENV/.installed-base"
  fi
}

# What must be the same for an environment to be the one that the files ask for.
python_digest() { digest "requirements/$1.txt"; }
