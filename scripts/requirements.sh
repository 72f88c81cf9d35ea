#!/bin/sh
# Pin requirements*.in into requirements*.txt with hashes. Keeps what is pinned unless UPGRADE=1.
set -eu
cd "$(dirname "$0")/.."

if ! command -v uv >/dev/null; then
    [ -x .venv/bin/uv ] || .venv/bin/python -m pip install --quiet --disable-pip-version-check uv
    PATH="$PWD/.venv/bin:$PATH"
fi

for name in requirements requirements-dev; do
    uv pip compile --quiet --generate-hashes --universal --python-version 3.12 --no-annotate --no-header \
        ${UPGRADE:+--upgrade} "$name.in" --output-file "$name.txt"
    # The files must work with every mirror, so they name none.
    if grep -n '://' "$name.txt"; then
        echo "$name.txt 写入了软件源地址。(The file names an index host.)" >&2
        exit 1
    fi
done
