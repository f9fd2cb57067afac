"""The code of the guide runs as it stands there."""

from __future__ import annotations

import re
import sys


def test_every_block_of_the_guide_runs(root, monkeypatch, capsys):
    monkeypatch.chdir(root)
    # Workers are to run the interpreter that has the package, and to stay on this machine.
    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    monkeypatch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
    text = (root / "docs/guides/analyse-in-python.md").read_text()
    blocks = re.findall(r"^```python\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)
    assert len(blocks) >= 6
    names: dict[str, object] = {}
    for number, block in enumerate(blocks, 1):
        exec(compile(block, f"analyse-in-python.md, block {number}", "exec"), names)  # noqa: S102
    said = capsys.readouterr().out
    assert "368 rows" in said, said
    assert len(said.splitlines()) > 30, said
