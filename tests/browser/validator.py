"""What the Nu HTML checker objects to in saved pages."""

import json
import os
import subprocess
from pathlib import Path

from .conftest import missing


def faults(pages: dict[str, bytes], folder: Path) -> list[tuple[str, str, str]]:
    """(page, message, extract) of every error and warning in the pages, given by name."""
    jar = os.environ.get("VNU_JAR", "")
    if not Path(jar).is_file():
        missing("The Nu HTML checker (VNU_JAR)")
    for name, content in pages.items():
        (folder / f"{name}.html").write_bytes(content)
    command = ["java", "-jar", jar, "--format", "json", "--stdout", "--exit-zero-always", str(folder)]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return [
        (Path(one["url"]).name, one["message"], one.get("extract", ""))
        for one in json.loads(output)["messages"]
        if one["type"] != "info" or one.get("subType") == "warning"
    ]
