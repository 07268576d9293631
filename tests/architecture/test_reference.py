"""The reference pages say what the code says. Write them anew with `make reference`."""

import re

import pytest
from typer.main import get_command

from austa.cli.main import app
from austa.cli.reference import reference_pages
from tests.architecture.tree import ROOT

FOLDER = ROOT / "docs" / "reference"
PAGES = reference_pages(get_command(app))
WRITTEN_BY_HAND = {"language-card.md", "conversation-socket.md"}
"""What was measured cannot be read out of the code, and no description of the API has the frames of a socket."""


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_what_the_code_says(name: str) -> None:
    assert (FOLDER / name).read_text("utf-8") == PAGES[name], "run: make reference"


def test_no_page_is_left_over() -> None:
    assert {file.name for file in FOLDER.iterdir()} == set(PAGES) | WRITTEN_BY_HAND


def test_every_command_shows_an_example() -> None:
    commands = PAGES["cli.md"].split("\n## ")[1:]
    assert [command.splitlines()[0] for command in commands if not re.search("Example: `.*austa ", command)] == []
