"""A chain as ICP-Brasil's (root, authority, physician), drawn up for tests, and PDFs signed with it."""

import io
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.writer import BasePdfFileWriter, PageObject, PdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

SIGNED_AT = datetime(2026, 11, 18, 14, 0, tzinfo=UTC)
CPF = "11144477735"


@dataclass(frozen=True)
class Holder:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.DER)

    def certifies(
        self, name: str, *, years: float = 3, ca: bool = False, cpf: str | None = None, stamps: bool = False
    ) -> "Holder":
        """A certificate that this one signs."""
        return _certificate(name, self, years=years, ca=ca, cpf=cpf, stamps=stamps)


def root(name: str = "Raiz de Teste") -> Holder:
    """A certificate that signs itself."""
    return _certificate(name, None, years=10, ca=True, cpf=None, stamps=False)


def pdf(*, registration: tuple[str, str] | None = None) -> bytes:
    """A page, and what a health document says of its physician."""
    writer = PdfFileWriter()
    drawing = writer.add_object(generic.StreamObject(stream_data=b"10 10 200 40 re f"))
    writer.insert_page(PageObject(contents=drawing, media_box=(0, 0, 595, 842)))
    if registration:
        entries = zip(("/2.16.76.1.4.2.2.1", "/2.16.76.1.4.2.2.2"), registration, strict=True)
        said = {generic.NameObject(name): generic.TextStringObject(value) for name, value in entries}
        writer.set_info(writer.add_object(generic.DictionaryObject(said)))
    return _written(writer)


def signed(content: bytes, by: Holder, between: Holder, *, field: str = "A", stamped_by: Holder | None = None) -> bytes:
    """The file with one more signature, whose certificates it carries with it."""
    store = SimpleCertificateStore()
    store.register(_asn1(between))
    signer = signers.SimpleSigner(_asn1(by), _asn1_key(by), store)
    stamper = DummyTimeStamper(_asn1(stamped_by), _asn1_key(stamped_by), fixed_dt=SIGNED_AT) if stamped_by else None
    out = io.BytesIO()
    signers.sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(content)),
        signers.PdfSignatureMetadata(field_name=field, md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES),
        signer,
        timestamper=stamper,
        output=out,
    )
    return out.getvalue()


def with_a_page_changed(content: bytes) -> bytes:
    """An update behind the signature that draws something else on the page."""
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    writer.add_stream_to_page(0, writer.add_object(generic.StreamObject(stream_data=b"0 0 100 100 re f")))
    return _written(writer)


def _written(writer: BasePdfFileWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _certificate(name: str, by: Holder | None, *, years: float, ca: bool, cpf: str | None, stamps: bool) -> Holder:
    # The library's stamper for tests knows no curves.
    key = rsa.generate_private_key(65537, 2048) if stamps else ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    signing_key = by.key if by else key
    start = SIGNED_AT - timedelta(days=365)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.certificate.subject if by else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=365 * years))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signing_key.public_key()), critical=False)
        .add_extension(
            x509.KeyUsage(
                digital_signature=not ca,
                content_commitment=not ca,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                key_cert_sign=ca,
                crl_sign=ca,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
    )
    if cpf:
        # Date of birth, CPF, NIS, RG and who issued it, as a UTF8String.
        said = f"02031980{cpf}{'0' * 11}{'0' * 15}".encode()
        other = x509.OtherName(x509.ObjectIdentifier("2.16.76.1.3.1"), bytes([0x0C, len(said)]) + said)
        builder = builder.add_extension(x509.SubjectAlternativeName([other]), critical=False)
    if stamps:
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    return Holder(builder.sign(signing_key, hashes.SHA256()), key)


def _asn1(holder: Holder) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(holder.der)


def _asn1_key(holder: Holder) -> asn1_keys.PrivateKeyInfo:
    return asn1_keys.PrivateKeyInfo.load(
        holder.key.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
