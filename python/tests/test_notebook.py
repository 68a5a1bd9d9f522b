"""The notebook runs from top to bottom, with a command that plays Saddle's side."""
from __future__ import annotations

import os
import sys

import pytest

from conftest import FOLDER

nbformat = pytest.importorskip("nbformat")
nbclient = pytest.importorskip("nbclient")
pytest.importorskip("ipykernel")
pytest.importorskip("torch")
PATH = FOLDER.parent / "notebooks" / "analysis.ipynb"


def test_it_is_kept_without_outputs():
    notebook = nbformat.read(PATH, as_version=4)
    nbformat.validate(notebook)
    assert all(cell.outputs == [] and cell.execution_count is None
               for cell in notebook.cells if cell.cell_type == "code")


def test_it_runs(tmp_path, monkeypatch):
    command = tmp_path / "saddle"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{FOLDER / "fake_saddle.py"}" "$@"\n')
    command.chmod(0o755)
    monkeypatch.setenv("SADDLE", os.environ.get("SADDLE", str(command)))
    notebook = nbformat.read(PATH, as_version=4)
    nbclient.NotebookClient(notebook, timeout=600, kernel_name="python3").execute()
    words = "".join(o.text for c in notebook.cells if c.cell_type == "code" for o in c.outputs
                    if o.output_type == "stream" and o.name == "stdout")
    assert "eigenvalues from" in words and "Dropout is in training mode" in words
