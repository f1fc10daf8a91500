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
  run_quietly "npm ci" npm ci --no-audit --no-fund || return 1
  printf '%s\n' "$wanted" >"$stamp"
}
