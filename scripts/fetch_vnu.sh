#!/bin/sh
# Put the Nu HTML checker into .venv/vnu/vnu.jar, if missing, and print its path. The browser tests want it in VNU_JAR.
set -eu
cd "$(dirname "$0")/.."

version=26.9.27
# `npm view vnu-jar@VERSION dist.integrity`: what was read when this version was chosen.
integrity=TkQd5DFfOaWC9ebtvozTsrH2Vaod3jYg+vrOeREzIXxBexLz9+rS2DNtjn7+RPUiZhgli0SghgBX6RJRNea0KA==

jar="$PWD/.venv/vnu/vnu.jar"
if [ ! -f "$jar" ] || [ "$(cat .venv/vnu/version 2>/dev/null)" != "$version" ]; then
    command -v npm >/dev/null || {
        echo "没有找到 npm，请先安装。(npm is needed to fetch the HTML checker.)" >&2
        exit 1
    }
    rm -rf .venv/vnu
    mkdir -p .venv/vnu/new
    npm pack "vnu-jar@$version" --pack-destination .venv/vnu/new --silent >/dev/null
    archive=$(echo .venv/vnu/new/vnu-jar-*.tgz)
    .venv/bin/python - "$archive" "$integrity" <<'PYTHON'
import base64
import hashlib
import sys
from pathlib import Path

archive, integrity = sys.argv[1:]
if base64.b64encode(hashlib.sha512(Path(archive).read_bytes()).digest()).decode() != integrity:
    sys.exit("vnu-jar 与记录的校验值不符。(vnu-jar is not the file that was chosen.)")
PYTHON
    tar -xzf "$archive" -C .venv/vnu/new package/build/dist/vnu.jar
    mv .venv/vnu/new/package/build/dist/vnu.jar "$jar"
    rm -rf .venv/vnu/new
    echo "$version" >.venv/vnu/version
fi
echo "$jar"
