# What `./scripts/run` keeps between starts: secrets, database, static files. In VAR_DIR.
# shellcheck shell=bash

# secret_file NAME: makes it once (256 bits in hex, for this user's eyes only), prints its path.
secret_file() {
  local path=$VAR_DIR/secrets/$1 draft
  if [ ! -s "$path" ]; then
    mkdir -p "$VAR_DIR/secrets"
    chmod 700 "$VAR_DIR/secrets"
    draft=$(mktemp "$path.XXXXXX")
    "$PYTHON" -c 'import secrets; print(secrets.token_hex(32))' >"$draft"
    mv -n "$draft" "$path"
  fi
  printf '%s\n' "$path"
}

manage() { "$PYTHON" services/web/manage.py "$@"; }

# when_changed STAMP PATH...: true when a file under the paths is not as it was
# at the last `mark`. The stamp is written only after the work succeeded.
when_changed() {
  local stamp=$VAR_DIR/stamps/$1
  shift
  [ ! -f "$stamp" ] || [ "$(cat "$stamp")" != "$(tree_digest "$@")" ]
}

mark() {
  local stamp=$VAR_DIR/stamps/$1
  shift
  mkdir -p "$VAR_DIR/stamps"
  tree_digest "$@" >"$stamp"
}

tree_digest() {
  find "$@" -type f -not -name '*.pyc' -print0 | sort -z | xargs -0 sha256sum | sha256sum | cut -d' ' -f1
}

readonly DATABASE_SOURCES=(services/web/*/migrations requirements/base.txt)

database_is_old() { when_changed database "${DATABASE_SOURCES[@]}"; }

prepare_database() {
  if ! is_given DATABASE_URL && [ -f "$VAR_DIR/traverse.sqlite3" ] && ! database_is_old; then
    return 0
  fi
  say "Preparing the database"
  run_quietly "migrate" manage migrate --no-input || return 1
  mark database "${DATABASE_SOURCES[@]}"
}

prepare_static_files() {
  local sources=(services/web/static services/web/core requirements/base.txt)
  if [ -d "$VAR_DIR/static" ] && ! when_changed static "${sources[@]}"; then
    return 0
  fi
  say "Collecting static files"
  run_quietly "build_icons" manage build_icons || return 1
  run_quietly "collectstatic" manage collectstatic --no-input --clear || return 1
  mark static "${sources[@]}"
}
