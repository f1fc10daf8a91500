# The parts of the gate: what each needs, what each runs, and the summary.
# shellcheck shell=bash

# In the order in which a mistake shows soonest.
readonly PARTS=(lint unit web contract js integration e2e)

# A directory of tests that is added later is a part from the day it is there.
every_part() {
  local directory name
  printf '%s\n' "${PARTS[@]}"
  for directory in tests/*/; do
    name=$(basename "$directory")
    case " ${PARTS[*]} support fakes fixtures __pycache__ " in
      *" $name "*) ;;
      *) compgen -G "tests/$name/test_*.py" >/dev/null && printf '%s\n' "$name" ;;
    esac
  done
}

is_part() { every_part | grep -qxF -- "$1"; }

# What a part needs beyond Python; called once per part before anything runs.
prepare_part() {
  case $1 in
    unit) ;;
    lint) need git=git shellcheck=shellcheck && node_env ;;
    js) node_env ;;
    web | contract) node_env && need_chromium ;;
    integration)
      node_env && need_chromium && need_postgres &&
        need redis-server=redis-server turnserver=coturn openssl=openssl ip=iproute2
      ;;
    *)
      node_env && need_chromium &&
        need redis-server=redis-server turnserver=coturn firefox-esr=firefox-esr \
          certutil=libnss3-tools
      ;;
  esac
}

# The server itself is in nobody's PATH.
need_postgres() {
  compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || have initdb ||
    install_packages postgresql
}

# The program that drives it is a Node of its own, which wants libatomic.
need_chromium() { need_library libatomic.so.1=libatomic1 && need chromium=chromium; }

run_part() {
  case $1 in
    lint) lint ;;
    js) run_js ;;
    *)
      local options=("${pytest_options[@]}")
      [ "$slow" = no ] || options+=(-m "slow or not slow")
      "$PYTHON" -m pytest "tests/$1" -q "${options[@]}"
      ;;
  esac
}

run_js() {
  local files
  mapfile -t files < <(find tests/js -name '*.test.js' | sort)
  [ ${#files[@]} -gt 0 ] || die "There are no tests in tests/js."
  node --import ./tests/js/setup.mjs --test --test-reporter=spec "${files[@]}"
}

# Each tool is run even after one has failed: one round shows everything.
lint() {
  local failed=0 scripts
  step() {
    note "$1"
    shift
    "$@" || failed=1
  }
  mapfile -t scripts < <(git ls-files --cached --others --exclude-standard -- scripts .ci services infra |
    xargs grep -lsE '^#!.*\b(ba)?sh\b|^# shellcheck shell=' --)
  step "ruff check" "$VENV/bin/ruff" check --quiet .
  step "ruff format" "$VENV/bin/ruff" format --quiet --check .
  step "mypy" "$VENV/bin/mypy" --no-error-summary
  step "import-linter" env PYTHONPATH=services/web "$VENV/bin/lint-imports" --no-cache
  step "biome" node_modules/.bin/biome ci --colors=off --error-on-warnings .
  step "tsc (pages)" node_modules/.bin/tsc -p tsconfig.json
  step "tsc (tests)" node_modules/.bin/tsc -p tests/js/tsconfig.json
  step "shellcheck" shellcheck -x "${scripts[@]}"
  step "tree" "$PYTHON" scripts/lib/check_tree.py
  return "$failed"
}

set_up() {
  local part
  need git=git || die "git is needed: see above."
  python_env dev || die "The Python environment could not be made: see above."
  for part in "$@"; do
    prepare_part "$part" || die "The part $part cannot run: see above."
  done
}

run_gate() {
  local slow=$1 part began started failures=() lines=()
  shift
  began=$SECONDS
  say "Setting up"
  in_setup_lock set_up "$@"
  for part in "$@"; do
    started=$SECONDS
    say "$part"
    # A subshell: one part cannot change the next.
    if (run_part "$part"); then
      lines+=("$(printf '%-12s ok      %4d s' "$part" $((SECONDS - started)))")
    else
      lines+=("$(printf '%-12s FAILED  %4d s' "$part" $((SECONDS - started)))")
      failures+=("$part")
    fi
    note "${lines[-1]}"
  done
  say "Summary"
  printf '    %s\n' "${lines[@]}"
  if [ ${#failures[@]} -gt 0 ]; then
    die "FAILED: ${failures[*]} ($# parts, $((SECONDS - began)) s)"
  fi
  say "PASSED: $# parts in $((SECONDS - began)) s"
}
