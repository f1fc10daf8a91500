# The local coturn of `./scripts/run`.
# shellcheck shell=bash

RELAY_CONF=
RELAY_PROGRAM=

# Decides whether this start has a relay of its own, and tells the web service where it is.
prepare_relay() {
  local address facts port
  if [ -n "${TURN_HOST:-}" ]; then
    note "The relay is $TURN_HOST, as TURN_HOST says; none is started here."
    return 0
  fi
  # `ensure_programs` has said so already.
  have turnserver || return 0
  use_own_secret TURN_SECRET turn_secret
  if ! address=$("$PYTHON" services/turn/render.py --state-dir "$VAR_DIR/coturn" | sed -n 's/^host=//p') ||
    [ -z "$address" ]; then
    return 0
  fi
  port=$("$PYTHON" scripts/lib/ports.py pick "${TURN_PORT:-3478}" "$address")
  if [ "$port" != "${TURN_PORT:-3478}" ]; then
    note "Port ${TURN_PORT:-3478} is taken, so the relay uses $port."
  fi
  export TURN_HOST=$address TURN_PORT=$port
  facts=$("$PYTHON" services/turn/render.py --state-dir "$VAR_DIR/coturn") || return 0
  RELAY_CONF=$(sed -n 's/^conf=//p' <<<"$facts")
  RELAY_PROGRAM=$(command -v turnserver)
}

# Runs in the background; the caller keeps the process id. Ends with this script, even by SIGKILL.
start_relay() {
  (
    cd "$VAR_DIR/coturn" || exit 1
    exec setpriv --pdeathsig TERM "$RELAY_PROGRAM" -c "$RELAY_CONF"
  ) >>"$VAR_DIR/coturn/coturn.log" 2>&1 8>&- &
}
