# Development tools from npm; no page ever loads one.
# shellcheck shell=bash

node_env() {
  local stamp=node_modules/.installed wanted
  need node=nodejs npm=npm || return 1
  node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 18 ? 1 : 0)' || {
    warn "Node 18 or newer is needed; this is $(node --version)."
    return 1
  }
  wanted=$(digest package.json package-lock.json)
  [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ] && return 0
  say "Installing Node packages"
  # Not `npm ci`: it refuses a lock file without the optional packages of platforms
  # that a registry does not carry. The locked versions and hashes hold either way.
  run_quietly "npm install" npm install --no-save --ignore-scripts || return 1
  printf '%s\n' "$wanted" >"$stamp"
}
