# Programs that the machine must have, and the Debian or Ubuntu packages they come in.
# shellcheck shell=bash

# need PROGRAM=PACKAGE...: installs what is missing when root, otherwise says
# exactly what to install and fails. A program may be a path.
need() {
  local pair missing=()
  for pair in "$@"; do
    have "${pair%%=*}" || missing+=("${pair#*=}")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  install_packages "${missing[@]}" || return 1
  for pair in "$@"; do
    have "${pair%%=*}" || {
      warn "${pair%%=*} is still missing after installing ${pair#*=}"
      return 1
    }
  done
}

# need_library SONAME=PACKAGE: the same for a shared library.
need_library() {
  PATH=$PATH:/sbin ldconfig -p | grep -qF -- "${1%%=*}" || install_packages "${1#*=}"
}

can_install() { have apt-get && [ "$(id -u)" -eq 0 ]; }

# how_to_install PACKAGE...: the one line that brings them.
how_to_install() {
  if have apt-get; then
    printf '%s\n' "    sudo apt-get install --no-install-recommends $*"
  else
    printf '%s\n' "    $* (names as in Debian)"
  fi
}

install_packages() {
  if ! can_install; then
    warn "Missing programs. Install them and run this again:"
    warn "$(how_to_install "$@")"
    return 1
  fi
  say "Installing $*"
  (
    # Wanted are the programs: the services that the packages would start would
    # take the ports of ours.
    policy=/usr/sbin/policy-rc.d
    if [ ! -e "$policy" ]; then
      printf '#!/bin/sh\nexit 101\n' >"$policy"
      chmod +x "$policy"
      trap 'rm -f "$policy"' EXIT
    fi
    export DEBIAN_FRONTEND=noninteractive
    options=(-y --no-install-recommends -o "DPkg::Lock::Timeout=300" -o "Acquire::Retries=3")
    run_quietly "apt-get install" apt-get install "${options[@]}" "$@" 2>/dev/null && exit 0
    run_quietly "apt-get update" apt-get update -o "Acquire::Retries=3"
    run_quietly "apt-get install" apt-get install "${options[@]}" "$@"
  )
}
