"""The door of `documents`: keep a file, read it, and say of every field how far it may be trusted."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Literal, Protocol

from austa.kernel.actors import Caller
from austa.kernel.contracts import Contract
from austa.kernel.ids import DocumentId, SubjectId
from austa.kernel.personal import Personal

Source = Literal["whatsapp", "web", "api", "demo"]
Status = Literal["stored", "reading", "read", "refused"]
"""`stored` waits for a reader, `reading` was started, `read` has fields, `refused` cannot be read."""

DocumentClass = Literal[
    "medical_order",
    "prescription",
    "lab_report",
    "imaging_report",
    "certificate",
    "medical_report",
    "discharge_summary",
    "insurance_card",
    "identity",
    "tiss_guide",
    "opme_quote",
    "receipt",
    "other",
]
"""`other` is also the answer when the evidence does not suffice."""

FieldName = Literal[
    "member_name",
    "card_number",
    "cpf",
    "cns",
    "birth_date",
    "procedure",
    "tuss",
    "laterality",
    "quantity",
    "cid",
    "indication",
    "requester_name",
    "council",
    "council_uf",
    "council_number",
    "issue_date",
    "insurer",
    "plan",
    "ans_registry",
    "guide_number",
    "operator_guide_number",
    "password",
    "password_valid_until",
    "provider_name",
    "provider_cnpj",
    "valid_until",
    "total_amount",
    "days_off",
    "start_date",
    "conclusion",
    "reporting_physician",
    "medicine",
    "dose",
    "posology",
    "analyte",
    "result",
    "unit",
    "reference",
    "material",
    "unit_price",
    "anvisa_registry",
    "total",
]
NAMES_THE_MEMBER: frozenset[FieldName] = frozenset({"member_name", "card_number", "cpf", "cns", "birth_date"})
ItemKind = Literal["medicine", "lab_value", "opme_item"]
FieldStatus = Literal["accepted", "confirm", "unreadable"]
"""`accepted`: a decision may rest on it. `confirm`: a person must confirm. `unreadable`: no value."""

REFUSALS: Mapping[str, str] = MappingProxyType(
    {
        "documents.empty": "O arquivo chegou vazio. Envie de novo, por favor.",
        "documents.too_large": "O arquivo é grande demais. O limite é de 25 MB.",
        "documents.type_not_accepted": "Não abrimos esse tipo de arquivo. Envie uma foto ou um PDF.",
        "documents.damaged": "O arquivo chegou com defeito. Tire outra foto e envie de novo, por favor.",
        "documents.wrong_password": "A senha não abriu o PDF. Envie uma cópia sem senha ou uma foto do papel.",
        "documents.pdf_encrypted": "O PDF tem senha. Envie uma cópia sem senha ou uma foto do papel.",
        "documents.too_many_pixels": "A imagem é grande demais para abrir. Tire outra foto e envie de novo.",
        "documents.too_many_pages": "O arquivo tem páginas demais. Envie só as páginas do pedido.",
        "documents.pdf_with_program": "Esse PDF traz um programa dentro, e isso não é seguro. Envie uma foto do papel.",
        "documents.virus": "Esse arquivo traz um vírus, e por isso não o abrimos. Envie uma foto do papel.",
        "documents.two_in_one": "Esse arquivo mistura dois tipos, e isso não é seguro. Tire uma foto do papel e envie.",
    }
)
"""Why a file is refused: stable code -> sentence for the person who sent it."""


class Box(Contract):
    """A rectangle on a page as `page_image` shows it: fractions of width and height from the top left."""

    page: int
    """1-based."""
    x0: float
    y0: float
    x1: float
    y1: float


class Field(Contract):
    """One fact read from a document, with its proof."""

    name: FieldName
    value: Personal | None
    """As printed."""
    normal: Personal | None
    """As compared and stored: digits, upper-case code, ISO 8601 date (`2027-05` where only the month is printed),
    amount with a decimal point, or folded white space."""
    box: Box | None
    confidence: float
    """Of the least certain line it was read in, 0 to 1."""
    passed: tuple[str, ...]
    """Checks the value passed, such as `check_digit`, `in_table`, `label`."""
    failed: tuple[str, ...]
    """Checks it failed. A value that failed one is never `accepted`."""
    status: FieldStatus


class Procedure(Contract):
    """One line of an order."""

    description: Field
    tuss: Field | None
    laterality: Field | None
    quantity: Field | None


class Item(Contract):
    """One row of a list: a medicine and how it is taken, a result and its reference, a material and its price."""

    kind: ItemKind
    parts: tuple[Field, ...]
    """At most one of a name, the one that tells what it is (`medicine`, `analyte`, `material`) first."""


class ReadWord(Contract):
    """One word. `confidence` is its line's, lower where the second reading has it otherwise; 0 to 1."""

    text: Personal
    box: Box
    confidence: float


class ReadLine(Contract):
    """A line, a cell of a table or a box to tick (`[X]`, `[ ]`), with its words from left to right."""

    text: Personal
    box: Box
    confidence: float
    words: tuple[ReadWord, ...]


class PageText(Contract):
    """What stands on a page, in reading order: columns to their end, tables row by row and cell by cell."""

    page: int
    """1-based."""
    lines: tuple[ReadLine, ...]


class PageInfo(Contract):
    """Size in pixels of a page as it was read."""

    number: int
    width: int
    height: int


SignatureIntegrity = Literal["intact", "altered", "unreadable"]
"""`altered`: what was signed is not what the file shows. `unreadable`: the file does not let itself be checked."""
SignatureCoverage = Literal["whole_file", "extended", "changed"]
"""`extended`: after it came only what signing needs (more signatures, proofs for later, fields filled in as allowed).
`changed`: something else came after it."""
SignatureChain = Literal["trusted", "out_of_date", "unknown", "not_checked"]
"""Whether its certificate leads to a root that the operator trusts; `not_checked`: no root was set. `out_of_date`: it
was not valid when the file came."""


class Signature(Contract):
    """An electronic signature inside a PDF (PAdES), as checked without a network: revocation is never checked."""

    integrity: SignatureIntegrity
    coverage: SignatureCoverage | None
    chain: SignatureChain
    root: str | None
    """Name of the root that the chain ends in."""
    signer: Personal | None
    """Name in the certificate."""
    cpf: Personal | None
    """Of the holder, or of who answers for the company; only ICP-Brasil's certificates hold it."""
    registration: Personal | None
    """`CRM-SP 123456`, as the file itself declared when it was signed; the certificate does not prove it."""
    signed_at: datetime | None
    time_stamped: bool
    """A trusted time stamp says so; otherwise the time is what the signer's computer said."""


AuthenticityCode = Literal[
    "signature_trusted",
    "signature_unproven",
    "signature_out_of_date",
    "signature_altered",
    "signature_changed_later",
    "signature_unreadable",
    "signer_is_requester",
    "signer_is_another",
    "same_file",
    "same_photo",
    "requester_checked",
    "requester_doubtful",
    "date_doubtful",
]


class AuthenticityPart(Contract):
    """One thing that speaks for or against a paper, and by how many points."""

    code: AuthenticityCode
    points: int


class Authenticity(Contract):
    """What speaks for and against a paper: for a person who looks, never a verdict. Nothing is rejected for it.

    The score starts at 50; each part moves it, within 0 and 100. It ranks what to look at first; it is no probability.
    """

    score: int
    parts: tuple[AuthenticityPart, ...]
    signatures: tuple[Signature, ...]
    made_by: str
    """Programs that say they made a PDF."""


class Document(Contract):
    """What is known about a file. `fields` of one name may repeat (`cid`), the most certain first."""

    id: DocumentId
    subject: SubjectId
    requested_by: str
    source: Source
    media_type: str
    size_bytes: int
    filename: Personal | None
    status: Status
    refusal: str | None
    """A code of `REFUSALS`, when refused."""
    document_class: DocumentClass | None
    class_confidence: float
    handwritten: bool
    """The page is handwriting or illegible: it goes to a person and nothing is guessed."""
    pages: tuple[PageInfo, ...]
    fields: tuple[Field, ...]
    procedures: tuple[Procedure, ...]
    items: tuple[Item, ...] = ()
    duplicate_of: tuple[DocumentId, ...]
    """Earlier documents of this operator with the same bytes: evidence, never a verdict."""
    same_photo_as: tuple[DocumentId, ...] = ()
    """Earlier ones of other people that show the same photo, saved anew: picture and words agree. Evidence, too."""
    authenticity: Authenticity | None = None
    """Of what was read; staff and the system see it, members and providers never."""
    created_at: datetime
    read_at: datetime | None

    def find_field(self, name: FieldName) -> Field | None:
        """The most certain field of that name, if there is one."""
        return next((field for field in self.fields if field.name == name), None)

    def accepted_value(self, name: FieldName) -> str | None:
        """The normal form of that field when a decision may rest on it."""
        field = self.find_field(name)
        return field.normal.reveal() if field and field.status == "accepted" and field.normal else None


class FoundPlace(Contract):
    """A line of a page in which something that was asked for stands, and the boxes of it."""

    page: int
    text: Personal
    boxes: tuple[Box, ...]


class FoundDocument(Contract):
    """A document in which all stands that was asked for; `places` are the first ones."""

    id: DocumentId
    subject: SubjectId
    document_class: DocumentClass | None
    created_at: datetime
    places: tuple[FoundPlace, ...]


class FileMarks(Contract):
    """What a file's bytes say of how it was made: for a person, never a verdict. `made_by` names programs."""

    made_by: str
    changed_after_signature: bool


class SubmittedDocument(Contract):
    """The answer to `submit`. `created` is False when the same key had brought the same bytes before."""

    id: DocumentId
    status: Status
    created: bool


class DocumentState(Contract):
    """How far a document is, without what stands in it. `sentence`: why it is refused, for who sent it."""

    id: DocumentId
    status: Status
    refusal: str | None
    sentence: str | None


class Documents(Protocol):
    """Files of one operator. All calls act for `caller` and answer `NotFound` for what it may not see."""

    async def submit(
        self,
        caller: Caller,
        key: str,
        content: bytes,
        source: Source,
        subject: SubjectId,
        *,
        filename: Personal | None = None,
    ) -> SubmittedDocument:
        """Keep a file under the subject's key; it is read soon after (`document_read` or `document_refused`).

        Idempotent by (operator, key). The key travels in events, so it holds no personal data.
        Raises `Conflict` `documents.key_reused` for the same key with other bytes, `Invalid` with a code of
        `REFUSALS` for what its first bytes show to be useless, `Forbidden` for another person's subject.
        """
        ...

    async def state(self, caller: Caller, document_id: DocumentId) -> DocumentState:
        """How far it is: for who waits. Nothing of the paper is shown, so no look is recorded."""
        ...

    async def unlock(self, caller: Caller, document_id: DocumentId, password: Personal) -> SubmittedDocument:
        """Read an encrypted PDF, refused with `documents.pdf_encrypted`, once more with its password.

        It is asked for once: a password that does not open it ends in `documents.wrong_password`. It is kept, sealed,
        until it was tried. Raises `Conflict` `documents.no_password_awaited`, `Invalid` `documents.password_missing`.
        """
        ...

    async def get(self, caller: Caller, document_id: DocumentId) -> Document:
        """One document. Raises `NotFound` `documents.no_such_document`."""
        ...

    async def get_many(self, caller: Caller, document_ids: Sequence[DocumentId]) -> tuple[Document, ...]:
        """Those of the documents that the caller may see, in the order asked."""
        ...

    async def search(
        self, caller: Caller, query: Personal, subject: SubjectId | None = None
    ) -> tuple[FoundDocument, ...]:
        """The papers, newest first and at most 50, in which all of the query stands; each shown is a look at it.

        Within one subject by words: accents, capitals and plurals do not matter, and numbers are found whole. Without
        a subject by one code or number alone (TUSS, CID, card, CPF, CNS, registration). A member looks in their own.
        Raises `Invalid` `documents.nothing_asked`, `documents.only_codes_across_members`.
        """
        ...

    async def reading(self, caller: Caller, document_id: DocumentId) -> tuple[PageText, ...]:
        """All words of a document with their places on `page_image`; a look at it. Empty for one read before they
        were kept. Raises `NotFound` `documents.no_such_document`, `Conflict` `documents.not_read_yet`.
        """
        ...

    async def page_image(
        self, caller: Caller, document_id: DocumentId, page: int, width: int, *, covered: bool = False
    ) -> bytes:
        """A page as JPEG, at most `width` pixels wide, upright, without metadata.

        `covered`: what names the member is painted over: name, card, CPF, CNS and date of birth, as fields and within
        sentences. What was misread by more than two letters still shows, and the sentences of what was read before
        words were kept.

        Raises `NotFound` `documents.no_such_page`, `Conflict` `documents.not_read_yet`.
        """
        ...

    async def original(self, caller: Caller, document_id: DocumentId) -> bytes:
        """The bytes as they came, location and all; needs its own permission."""
        ...

    async def file_marks(self, caller: Caller, document_id: DocumentId) -> FileMarks | None:
        """How a PDF says it was made; None for a picture. Raises `NotFound` `documents.no_such_document`."""
        ...

    async def relink(self, caller: Caller, document_ids: Sequence[DocumentId], subject: SubjectId) -> None:
        """Move documents of a channel identity under the member's key once the two are linked. Idempotent."""
        ...
