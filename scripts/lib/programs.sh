# What `./scripts/run` needs on the machine: looked for once, before anything is made.
# shellcheck shell=bash

# missing_packages: prints what this start lacks, one package a line.
missing_packages() {
  python_env_is_ready base || python_env_has_pip || find_python >/dev/null || echo python3-venv
  have setpriv && have flock || echo util-linux
  [ -n "${TURN_HOST:-}" ] || have turnserver || echo coturn
}

# ensure_programs: installs what is missing, or says in one command what to install.
# A relay alone is no reason not to start.
ensure_programs() {
  local missing
  mapfile -t missing < <(missing_packages)
  [ ${#missing[@]} -gt 0 ] || return 0
  if can_install; then
    # Whether that was enough shows below; apt's own words stand above.
    install_packages "${missing[@]}" || true
    mapfile -t missing < <(missing_packages)
    [ ${#missing[@]} -gt 0 ] || return 0
  fi
  if [ "${missing[*]}" = coturn ]; then
    warn "Going on without a relay, because coturn is not installed: people behind strict"
    warn "networks will not connect. For the next start:"
    warn "$(how_to_install coturn)"
    return 0
  fi
  warn "Missing programs. Install them and run this again:"
  warn "$(how_to_install "${missing[@]}")"
  case " ${missing[*]} " in
    *" python3-venv "*) warn "Python must be 3.11 or newer; where python3 is older, set TRAVERSE_PYTHON to a newer one." ;;
  esac
  exit 1
}
