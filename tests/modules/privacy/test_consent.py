"""Consent: its words, its evidence, giving and taking back."""

import re
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from austa.infra.platform import Platform
from austa.kernel.actors import Caller
from austa.kernel.errors import Forbidden, NotFound
from austa.kernel.ids import MemberId, OperatorId, SubjectId, new_id
from austa.modules.privacy import domain
from austa.modules.privacy.api import ChatChannel, ConsentPurpose
from austa.modules.privacy.module import build
from austa.modules.privacy.service import PrivacyService
from tests.conftest import staff

SHOWN = {
    ("whatsapp_channel", 1): "7377e9ef1d4c7a6b95f3ed2b875de7b759971562a5a03e68d86ba6b58b5281d0",
    ("web_channel", 1): "7fccdb4943ed2461208b06a492264e8bba3340b2840941bcb49262f2833deae9",
    ("symptom_chat_ai", 1): "07c0055d79ddf20c93f044688c953bebb53bdc24e80b5c50ec0202b89436ec9c",
}


@pytest_asyncio.fixture
async def privacy(platform: Platform) -> AsyncIterator[PrivacyService]:
    yield build(platform)[0]


@pytest.fixture
def subject() -> SubjectId:
    return SubjectId(new_id())


@pytest.mark.parametrize("purpose", sorted({one for shown in domain.FIRST_CONTACT.values() for one in shown}))
def test_a_text_that_was_shown_never_changes(purpose: ConsentPurpose) -> None:
    assert domain.consent_text(purpose, 1).sha256 == SHOWN[(purpose, 1)]


@pytest.mark.parametrize("channel", domain.FIRST_CONTACT)
def test_every_sentence_is_short_and_says_what_matters(channel: ChatChannel) -> None:
    first = domain.first_contact(channel)
    texts = [first.notice, first.question, *(text.text for text in first.texts)]
    for sentence in re.split(r"(?<=[.!?:])\s+", " ".join(texts)):
        assert len(sentence.split()) <= 15, sentence
    whole = " ".join(texts)
    for word in ("programa", "pessoa", "SAIR", "192"):
        assert word in whole


async def test_consent_keeps_what_was_agreed_to_where_and_when(
    privacy: PrivacyService, platform: Platform, system: Caller, subject: SubjectId
) -> None:
    message = uuid4()
    given_consent = await privacy.give(system, subject, "whatsapp_channel", "whatsapp", message)
    assert given_consent.text_sha256 == privacy.consent_text("whatsapp_channel").sha256
    assert (given_consent.evidence, given_consent.given_at) == (message, platform.clock.now())
    assert (await privacy.status(system, subject, "whatsapp_channel")).consent == given_consent
    assert not (await privacy.status(system, subject, "symptom_chat_ai")).given


async def test_saying_sair_takes_effect_at_once_and_an_old_message_does_not_undo_it(
    privacy: PrivacyService, system: Caller, subject: SubjectId
) -> None:
    yes, leave, yes_again = uuid4(), uuid4(), uuid4()
    await privacy.give(system, subject, "whatsapp_channel", "whatsapp", yes)
    revoked = await privacy.revoke(system, subject, "whatsapp_channel", "whatsapp", leave)
    assert revoked is not None
    assert revoked.revocation_evidence == leave
    await privacy.give(system, subject, "whatsapp_channel", "whatsapp", yes)
    assert not (await privacy.status(system, subject, "whatsapp_channel")).given
    await privacy.give(system, subject, "whatsapp_channel", "whatsapp", yes_again)
    assert (await privacy.status(system, subject, "whatsapp_channel")).given
    assert len(await privacy.list_consents(system, subject)) == 2


async def test_revoking_what_was_never_given_is_no_error(
    privacy: PrivacyService, system: Caller, subject: SubjectId
) -> None:
    assert await privacy.revoke(system, subject, "marketing", "whatsapp", uuid4()) is None


async def test_nobody_agrees_to_a_text_that_does_not_exist(
    privacy: PrivacyService, system: Caller, subject: SubjectId
) -> None:
    with pytest.raises(NotFound, match="no_such_text"):
        await privacy.give(system, subject, "marketing", "web", uuid4())
    for version in (0, 99):
        with pytest.raises(NotFound, match="no_such_text"):
            await privacy.give(system, subject, "whatsapp_channel", "web", uuid4(), text_version=version)


async def test_members_act_for_themselves_or_as_guardian(
    privacy: PrivacyService, operator_id: OperatorId, subject: SubjectId
) -> None:
    mother = Caller.member(operator_id, MemberId(new_id()))
    with pytest.raises(Forbidden, match="not_your_consent"):
        await privacy.give(mother, subject, "whatsapp_channel", "web", uuid4())
    guardian = SubjectId(UUID(mother.id))
    given_consent = await privacy.give(mother, subject, "whatsapp_channel", "web", uuid4(), guardian=guardian)
    assert given_consent.guardian == guardian
    assert await privacy.revoke(mother, subject, "whatsapp_channel", "web", uuid4())


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.booleans(), st.integers(0, 3)), max_size=10))
async def test_the_latest_new_word_counts_whatever_is_repeated(
    privacy: PrivacyService, system: Caller, steps: list[tuple[bool, int]]
) -> None:
    """Messages are delivered again and again: only a giving that was never seen before gives."""
    subject, messages = SubjectId(new_id()), [uuid4() for _ in range(4)]
    stands, seen = False, set[int]()
    for gives, number in steps:
        if gives:
            await privacy.give(system, subject, "symptom_chat_ai", "whatsapp", messages[number])
            stands = stands or number not in seen
            seen.add(number)
        else:
            await privacy.revoke(system, subject, "symptom_chat_ai", "whatsapp", uuid4())
            stands = False
        assert (await privacy.status(system, subject, "symptom_chat_ai")).given == stands


async def test_the_access_record_is_for_the_person_and_the_data_protection_officer(
    privacy: PrivacyService, operator_id: OperatorId, subject: SubjectId
) -> None:
    auditor, case = staff(operator_id, "medical_auditor"), uuid4()
    for _ in range(3):
        await privacy.record_access(auditor, subject, "case", "medical_audit", case)
    officer = staff(operator_id, "data_protection_officer")
    first = await privacy.list_access(officer, subject, limit=2)
    rest = await privacy.list_access(officer, subject, cursor=first.next_cursor)
    assert len(first.items) == 2
    assert len(rest.items) == 1
    [entry] = rest.items
    assert (entry.actor, entry.what, entry.why, entry.resource_id) == (auditor.id, "case", "medical_audit", case)
    person = Caller.member(operator_id, MemberId(subject))
    assert len((await privacy.list_access(person, subject)).items) == 3
    for stranger in (auditor, Caller.member(operator_id, MemberId(new_id()))):
        with pytest.raises(Forbidden, match="not_your_record"):
            await privacy.list_access(stranger, subject)
    assert (await privacy.list_access(staff(OperatorId(new_id()), "data_protection_officer"), subject)).items == ()


async def test_the_access_record_cannot_be_rewritten(
    privacy: PrivacyService, platform: Platform, system: Caller, subject: SubjectId
) -> None:
    await privacy.record_access(system, subject, "member", "care_coordination")
    for statement in ("update privacy.access set actor = 'nobody'", "delete from privacy.access"):
        with pytest.raises(sa.exc.DBAPIError, match="never change"):
            async with platform.database.begin("austa_privacy", system.operator_id) as connection:
                await connection.execute(sa.text(statement))
