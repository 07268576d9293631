"""Checkpoints as C2SP signed notes."""

import re
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from austa.kernel.ids import OperatorId
from austa.kernel.signing import VerifierKey
from austa.modules.ledger.domain.note import TreeHead, is_signed_by, origin_of, parse_note, sign_note

ORIGIN = origin_of(OperatorId(UUID("018f2f6e-0000-7000-8000-000000000001")))
PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KEY = VerifierKey(ORIGIN, PRIVATE.public_key().public_bytes_raw())
HEADS = st.builds(TreeHead, st.just(ORIGIN), st.integers(0, 2**63 - 1), st.binary(min_size=32, max_size=32))


def signed(head: TreeHead) -> str:
    return sign_note(head, KEY, PRIVATE.sign(head.body().encode()))


def test_a_checkpoint_has_three_lines_an_empty_line_and_a_signature() -> None:
    note = signed(TreeHead(ORIGIN, 3, bytes(32)))
    lines = note.split("\n")
    assert lines[:4] == ["austa.018f2f6e-0000-7000-8000-000000000001/log", "3", "A" * 43 + "=", ""]
    assert lines[4].startswith(f"— {ORIGIN} ")
    assert lines[5:] == [""]


def test_the_example_key_of_the_go_implementation_is_read_and_written_alike() -> None:
    """The verifier key printed in golang.org/x/mod/sumdb/note's documentation."""
    text = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    assert str(VerifierKey.parse(text)) == text


def test_the_example_note_of_the_go_implementation_verifies() -> None:
    """Signed by another program: our reading of the format is not merely our own."""
    key = VerifierKey.parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    note = (
        "If you think cryptography is the answer to your problem,\n"
        "then you don't know what your problem is.\n"
        "\n"
        "— PeterNeumann "
        "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
    )
    assert is_signed_by(note, key)
    assert not is_signed_by(note.replace("answer", "solution"), key)


def test_the_example_of_the_documentation_verifies() -> None:
    page = (Path(__file__).parents[3] / "docs/explanation/ledger.md").read_text("utf-8")
    note = page.split("```\n")[1]
    (key,) = re.findall(r"`(austa\.[^`]+\+[^`]+)`", page)
    assert is_signed_by(note, VerifierKey.parse(key))
    assert parse_note(note).size == 3


@given(HEADS)
def test_what_was_signed_is_read_back_and_verifies(head: TreeHead) -> None:
    note = signed(head)
    assert parse_note(note) == head
    assert is_signed_by(note, KEY)
    assert VerifierKey.parse(str(KEY)) == KEY


@given(HEADS, st.data())
def test_a_note_with_any_character_changed_is_not_signed(head: TreeHead, data: st.DataObject) -> None:
    note = signed(head)
    at = data.draw(st.integers(0, len(note) - 1))
    changed = note[:at] + chr(ord(note[at]) ^ 1) + note[at + 1 :]
    assert not is_signed_by(changed, KEY)


def test_other_signatures_are_ignored_and_do_not_count() -> None:
    head = TreeHead(ORIGIN, 5, bytes(32))
    witness = Ed25519PrivateKey.from_private_bytes(bytes(32))
    witness_key = VerifierKey("witness.example", witness.public_key().public_bytes_raw())
    theirs = sign_note(head, witness_key, witness.sign(head.body().encode())).split("\n")[-2]
    note = f"{signed(head)}{theirs}\n"
    assert is_signed_by(note, KEY)
    assert is_signed_by(note, witness_key)
    assert not is_signed_by(f"{head.body()}\n{theirs}\n", KEY)


@pytest.mark.parametrize(
    "note",
    [
        "",
        "no signature\n1\nAAAA\n",
        f"{ORIGIN}\n03\n{'A' * 43}=\n\n— x AAAA\n",
        f"{ORIGIN}\n-3\n{'A' * 43}=\n\n— x AAAA\n",
        f"{ORIGIN}\n{2**63}\n{'A' * 43}=\n\n— x AAAA\n",
        f"{ORIGIN}\n{'9' * 5000}\n{'A' * 43}=\n\n— x AAAA\n",
        f"{ORIGIN}\n3\n{'A' * 43}\n\n— x AAAA\n",
        f"{ORIGIN}\n3\nAAAA\n\n— x AAAA\n",
        f"\n3\n{'A' * 43}=\n\n— x AAAA\n",
        f"{ORIGIN}\n3\n\n— x AAAA\n",
        f"{ORIGIN}\n3\n{'A' * 43}=\n\nx AAAA\n",
        f"{ORIGIN}\n3\n{'A' * 43}=\n\n— x AAAA",
    ],
)
def test_what_is_not_a_checkpoint_is_refused(note: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        parse_note(note)


@pytest.mark.parametrize(
    "text",
    ["", "name", "name+00000000+", "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"],
)
def test_what_is_not_a_verifier_key_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="key"):
        VerifierKey.parse(text)
