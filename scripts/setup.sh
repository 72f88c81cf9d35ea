#!/bin/sh
# Bring .venv to what requirements.txt pins; with "dev", to requirements-dev.txt too. Quick when it is there already.
#
# .venv keeps a copy of each requirements file it was installed from: once a `git pull` changes the file, pip runs
# again. It also keeps the folder and the Python it was built by: another or a removed Python means building it anew.
set -eu
cd "$(dirname "$0")/.."

fail() {
    printf '%s\n' "$1" >&2
    exit 1
}

is_new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 12))' >/dev/null 2>&1
}

# Each candidate is run, not only looked up: a pyenv shim exists even where its Python does not.
find_python() {
    if [ -n "${PYTHON:-}" ]; then
        is_new_enough "$PYTHON" ||
            fail "PYTHON=$PYTHON 不能用：需要 Python 3.12 或更新的版本。(PYTHON must be Python 3.12 or newer.)"
        echo "$PYTHON"
        return
    fi
    for candidate in python3.13 python3.14 python3.12 python3 python "${HOME:-}"/.pyenv/versions/3.1[2-9]*/bin/python3; do
        if is_new_enough "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    fail "没有找到 Python 3.12 或更新的版本，请先安装，例如 python3.13。(Please install Python 3.12 or newer, e.g. python3.13.)"
}

identity_of() {
    printf '%s %s' "$PWD" "$("$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])')"
}

is_current() {
    [ -x .venv/bin/python ] && [ -f .venv/built-by ] || return 1
    built_by=$(cat .venv/built-by)
    [ "$built_by" = "$(identity_of .venv/bin/python 2>/dev/null)" ] || return 1
    [ -z "$python" ] || [ "$built_by" = "$(identity_of "$python")" ]
}

build() {
    [ -n "$python" ] || python=$(find_python)
    [ -w . ] || fail "没有写入权限：$PWD (no permission to write there)"
    echo "正在创建虚拟环境 .venv… (building the virtual environment)"
    rm -rf .venv
    "$python" -m venv .venv >/dev/null 2>&1 ||
        fail "$python 不能创建虚拟环境，请先安装它的 venv 模块，Debian/Ubuntu：apt install python3-venv。(venv is missing.)"
    identity_of .venv/bin/python >.venv/built-by
}

install() {
    [ -w .venv ] || fail "没有写入权限：$PWD/.venv (no permission to write there)"
    echo "正在安装依赖，第一次约需一分钟… (installing the pinned requirements)"
    log=.venv/pip.log
    set --
    for file in $files; do
        set -- "$@" -r "$file"
    done
    if ! .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input --require-hashes "$@" >"$log" 2>&1; then
        if grep -qiE 'retrying|connection|timed out|from versions: none' "$log"; then
            fail "连不上 Python 软件源，请检查网络或 pip 镜像设置，详见 $log。(pip cannot reach the package index.)"
        fi
        fail "依赖安装失败，详见 $log：$(grep -m 1 ERROR "$log" || tail -n 1 "$log") (pip failed.)"
    fi
    for file in $files; do
        cp "$file" ".venv/$file"
    done
}

is_installed() {
    for file in $files; do
        cmp -s "$file" ".venv/$file" || return 1
    done
}

# A Python that somebody asked for is looked at even when .venv stands; otherwise .venv decides.
python=
[ -z "${PYTHON:-}" ] || python=$(find_python)

files=requirements.txt
[ "${1:-}" != dev ] || files="requirements.txt requirements-dev.txt"

is_current || build
is_installed || install
