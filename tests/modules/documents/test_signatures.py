"""Signatures inside PDFs, against a chain drawn up here."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from austa.kernel.errors import Invalid
from austa.kernel.personal import Personal
from austa.modules.documents.adapters.certificates import read_certificates
from austa.modules.documents.adapters.reader import PageReader
from austa.modules.documents.adapters.signatures import signatures_of, trusted
from austa.modules.documents.api import Signature
from tests.modules.documents import signing
from tests.modules.documents.signing import CPF, SIGNED_AT, Holder

CAME_AT = datetime.now(UTC)
"""The signer's own clock is the machine's."""


@dataclass
class Chain:
    """Root, authority and physician."""

    root: Holder = field(default_factory=signing.root)
    authority: Holder = field(init=False)
    physician: Holder = field(init=False)

    def __post_init__(self) -> None:
        self.authority = self.root.certifies("AC de Teste", years=8, ca=True)
        self.physician = self.authority.certifies("ARNALDO MENEZES PINTO:11144477735", cpf=CPF)

    def sign(self, content: bytes, by: Holder | None = None, **more: Holder) -> bytes:
        return signing.signed(content, by or self.physician, self.authority, **more)


@pytest.fixture(scope="module")
def chain() -> Chain:
    return Chain()


@pytest.fixture(scope="module")
def order(chain: Chain) -> bytes:
    return chain.sign(signing.pdf(registration=("123456", "SP")))


def look(content: bytes, *roots: Holder, at: datetime = CAME_AT) -> Signature:
    (found,) = signatures_of(content, trusted([each.der for each in roots]), at)
    return found


class TestWhatASignatureShows:
    def test_a_whole_file_signed_under_a_trusted_root(self, chain: Chain, order: bytes) -> None:
        found = look(order, chain.root)
        assert (found.integrity, found.coverage, found.chain, found.root) == (
            "intact",
            "whole_file",
            "trusted",
            "Raiz de Teste",
        )
        assert found.signer == Personal("ARNALDO MENEZES PINTO")
        assert found.cpf == Personal(CPF)
        assert found.registration == Personal("CRM-SP 123456")
        assert found.signed_at is not None
        assert abs(found.signed_at - CAME_AT) < timedelta(minutes=10)
        assert not found.time_stamped

    def test_an_unsigned_file_shows_none(self) -> None:
        assert signatures_of(signing.pdf(), trusted([]), CAME_AT) == []

    def test_a_changed_byte_is_seen(self, chain: Chain, order: bytes) -> None:
        assert look(order.replace(b"200 40 re", b"200 41 re"), chain.root).integrity == "altered"

    def test_what_is_drawn_after_the_signature_is_seen(self, chain: Chain, order: bytes) -> None:
        found = look(signing.with_a_page_changed(order), chain.root)
        assert (found.integrity, found.coverage) == ("intact", "changed")

    def test_a_second_signature_takes_nothing_from_the_first(self, chain: Chain, order: bytes) -> None:
        both = signing.signed(order, chain.authority.certifies("Clínica"), chain.authority, field="B")
        found = signatures_of(both, trusted([chain.root.der]), CAME_AT)
        assert [(each.integrity, each.coverage, each.chain) for each in found] == [
            ("intact", "extended", "trusted"),
            ("intact", "whole_file", "trusted"),
        ]

    @pytest.mark.parametrize("cut", [0.5, 0.95])
    def test_a_damaged_file_is_unreadable_or_altered(self, order: bytes, cut: float) -> None:
        found = signatures_of(order[: int(len(order) * cut)], trusted([]), CAME_AT)
        assert all(each.integrity != "intact" for each in found)


class TestWhoseItIs:
    def test_without_roots_nothing_is_claimed(self, order: bytes) -> None:
        found = look(order)
        assert (found.integrity, found.chain, found.root) == ("intact", "not_checked", None)

    def test_a_root_that_the_operator_does_not_trust(self, order: bytes) -> None:
        assert look(order, signing.root("Outra raiz")).chain == "unknown"

    def test_a_root_of_the_same_name_is_not_it(self, order: bytes) -> None:
        assert look(order, signing.root()).chain == "unknown"

    def test_a_certificate_that_was_over_when_the_file_came(self, chain: Chain) -> None:
        old = chain.sign(signing.pdf(), chain.authority.certifies("Médica", years=0.5))
        assert look(old, chain.root).chain == "out_of_date"

    def test_an_authority_missing_in_the_file_may_be_given(self, chain: Chain) -> None:
        alone = signing.signed(signing.pdf(), chain.physician, chain.root)
        assert look(alone, chain.root).chain == "unknown"
        assert look(alone, chain.root, chain.authority).chain == "trusted"

    def test_a_trusted_stamp_tells_the_time(self, chain: Chain) -> None:
        stamper = chain.authority.certifies("Carimbo do tempo", stamps=True)
        found = look(chain.sign(signing.pdf(), stamped_by=stamper), chain.root)
        assert (found.signed_at, found.time_stamped) == (SIGNED_AT, True)
        stranger = signing.root("Estranha").certifies("Carimbo", stamps=True)
        assert not look(chain.sign(signing.pdf(), stamped_by=stranger), chain.root).time_stamped


class TestRoots:
    def test_are_read_from_a_folder(self, tmp_path: Path, chain: Chain) -> None:
        (tmp_path / "raiz.crt").write_bytes(chain.root.der)
        (tmp_path / "ac.pem").write_bytes(chain.authority.certificate.public_bytes(Encoding.PEM))
        (tmp_path / "leia-me.txt").write_text("nada")
        assert set(read_certificates(tmp_path)) == {chain.root.der, chain.authority.der}
        assert read_certificates(None) == ()

    def test_a_folder_without_a_root_refuses_to_start(self, tmp_path: Path, chain: Chain) -> None:
        (tmp_path / "ac.pem").write_bytes(chain.authority.certificate.public_bytes(Encoding.PEM))
        with pytest.raises(Invalid, match="no root"):
            read_certificates(tmp_path)
        (tmp_path / "outra.pem").write_text("-----BEGIN CERTIFICATE-----")
        with pytest.raises(Invalid, match="no certificate"):
            read_certificates(tmp_path)


async def test_the_reader_checks_them_in_its_child(page_reader: PageReader, chain: Chain, order: bytes) -> None:
    (found,) = await page_reader.signatures(order, [chain.root.der, chain.authority.der], CAME_AT)
    assert (found.chain, found.signer) == ("trusted", Personal("ARNALDO MENEZES PINTO"))
