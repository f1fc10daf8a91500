# Which Traverse this is: where its state is, and the environment of its web service.
# `./scripts/run` and `./scripts/manage` take both from here, so that a link made by
# one is good for the other.
# shellcheck shell=bash

# Variables of the settings that `./scripts/run` writes down for `./scripts/manage`.
readonly REMEMBERED=(
  ALLOW_INSECURE_HTTP BASE_URL ENVIRONMENT EXTRA_ORIGINS LOG_LEVEL MAIL_FROM RELEASE ROOM_CAPACITY
  SESSION_DAYS SESSION_REMEMBER SIGNUP SSL_REDIRECT STATIC_ROOT TRUSTED_PROXIES TRUST_PROXY
  TURN_HOST TURN_PORT TURN_PUBLIC_IPS TURN_REALM TURN_TCP_443_PORT TURN_TLS_PORT TURN_TTL_SECONDS
)
# Those that hold a secret, or may: only that they were given is written down.
readonly NAMED_ONLY=(
  DATABASE_URL EMAIL_URL REDIS_URL SECRET_KEY SECRET_KEY_FALLBACKS TURN_SECRET
)

locate_state() {
  VAR_DIR=$(realpath -m -- "${VAR_DIR:-$ROOT/var}") || die "VAR_DIR=$VAR_DIR cannot be a directory."
  export VAR_DIR
}

# make_state: the directory, which is this user's alone. Dies with the reason when it cannot be.
make_state() {
  local foreign me
  me=$(id -un)
  mkdir -p -- "$VAR_DIR" 2>/dev/null ||
    die "$me cannot make the directory $VAR_DIR, where Traverse keeps its state." \
      "Set VAR_DIR to a directory of your own: VAR_DIR=~/traverse-state ./scripts/run"
  # What another user left there would fail one by one, and late.
  foreign=$(find "$VAR_DIR" ! -uid "$(id -u)" ! -writable -print -quit 2>/dev/null || true)
  if [ "$foreign" = "$VAR_DIR" ] && [ "$foreign" != "$ROOT/var" ]; then
    die "$VAR_DIR belongs to $(owner_of "$VAR_DIR"), and $me cannot write there." \
      "Set VAR_DIR to a directory of your own."
  elif [ -n "$foreign" ]; then
    die "$foreign belongs to $(owner_of "$foreign"), who started Traverse here, and $me cannot write there." \
      "Take the state over: sudo chown -R $me $VAR_DIR"
  fi
  # Nobody's home or /tmp becomes private by a slip.
  holds_state || die "$VAR_DIR holds other things. Set VAR_DIR to a directory that is Traverse's alone, as $VAR_DIR/traverse."
  # The database, the secrets and the logs are this user's alone.
  if ! chmod 700 "$VAR_DIR" 2>/dev/null || [ ! -w "$VAR_DIR" ]; then
    die "Traverse keeps secrets in $VAR_DIR, so this must be a directory of your own: it belongs to" \
      "$(owner_of "$VAR_DIR"). Set VAR_DIR to another one."
  fi
}

# holds_state: Traverse's directory, or one that is still empty.
holds_state() {
  [ "$VAR_DIR" = "$ROOT/var" ] || [ -e "$VAR_DIR/run.lock" ] || [ -e "$VAR_DIR/secrets" ] ||
    [ -z "$(find "$VAR_DIR" -mindepth 1 -maxdepth 1 ! -name lost+found -print -quit)" ]
}

# build_environment PORT: what nobody gave. The relay adds its own, see relay.sh.
build_environment() {
  is_given BASE_URL || export BASE_URL=http://localhost:$1
  export LOG_FORMAT=${LOG_FORMAT:-console}
  use_own_secret SECRET_KEY secret_key
}

# use_own_secret NAME FILE: unless one was given, the one that is kept in VAR_DIR.
use_own_secret() {
  local path
  if ! is_given "$1"; then
    path=$(secret_file "$2")
    export "$1_FILE=$path"
  fi
}

# check_settings: one sentence of the settings themselves when one of them is wrong.
check_settings() { PYTHONPATH=services/web "$PYTHON" -c 'import config.settings'; }

# remember: for `manage`, which may come while this runs and after it has ended.
remember() {
  local draft name
  draft=$(mktemp "$VAR_DIR/last-start.XXXXXX")
  {
    for name in "${REMEMBERED[@]}" "${REMEMBERED[@]/%/_FILE}" "${NAMED_ONLY[@]/%/_FILE}"; do
      [ -z "${!name:-}" ] || printf '%s=%s\n' "$name" "${!name//$'\n'/ }"
    done
    for name in "${NAMED_ONLY[@]}"; do
      [ -z "${!name:-}" ] || printf '%s\n' "$name"
    done
  } >"$draft"
  mv -f "$draft" "$VAR_DIR/last-start"
}

# recall: what the last start had and this environment does not say otherwise.
recall() {
  local line name value
  while read -r line; do
    name=${line%%=*}
    is_given "${name%_FILE}" && continue
    [ "$line" != "$name" ] ||
      die "The last ./scripts/run was given $name, which is not written down because it may hold a password." \
        "Give it here too: $name=... ./scripts/manage ..."
    value=${line#*=}
    export "$name=$value"
  done <"$VAR_DIR/last-start"
}

# is_given NAME: itself, or as the path of a file.
is_given() {
  local file_variable=$1_FILE
  [ -n "${!1:-}${!file_variable:-}" ]
}
