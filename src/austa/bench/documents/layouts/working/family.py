"""The papers to work with while the reader is built. Each function is a paper; `BUILD` lists them with their looks."""

from austa.bench.documents.layouts.layout import Layout
from austa.bench.documents.layouts.working.records import (
    certificate,
    consent,
    discharge,
    identity,
    imaging_report,
    insurance_card,
    lab_table,
    medical_report,
    receipt,
)
from austa.bench.documents.layouts.working.requests import (
    admission_guide,
    clinic_letter,
    control_prescription,
    exam_checklist,
    handwritten_order,
    opme_quote,
    pad_order,
    plain_prescription,
    sadt_guide,
)
from austa.bench.documents.layouts.working.varied import (
    clinic_receipt,
    compact_order,
    consultation_guide,
    driver_licence,
    internal_prescription,
    lab_blocks,
    lab_lines,
    labelled_card,
    leave_letter,
    preparation_sheet,
    ruled_quote,
    scan_report,
)
from austa.bench.documents.typesetting import Look

BUILD = (
    Layout("clinic-letter", "medical_order", clinic_letter),
    Layout("pad-order", "medical_order", pad_order, Look(font="Liberation Serif", size=12, page="a5")),
    Layout("exam-checklist", "medical_order", exam_checklist, Look(font="DejaVu Sans", size=9)),
    Layout("handwritten-order", "medical_order", handwritten_order, Look(font="DejaVu Serif", page="a5")),
    Layout("plain-prescription", "prescription", plain_prescription, Look(font="Liberation Serif", size=11)),
    Layout("control-prescription", "prescription", control_prescription, Look(tint="#fdf6d8")),
    Layout("lab-table", "lab_report", lab_table, Look(font="Liberation Sans", size=9.5)),
    Layout("imaging-report", "imaging_report", imaging_report, Look(font="DejaVu Sans", size=10)),
    Layout("certificate", "certificate", certificate, Look(font="Liberation Serif", watermark="VIA ORIGINAL")),
    Layout("medical-report", "medical_report", medical_report, Look(font="Liberation Serif", size=11)),
    Layout("discharge", "discharge_summary", discharge, Look(font="Liberation Sans", size=9.5)),
    Layout("insurance-card", "insurance_card", insurance_card, Look(page="card", margin=18, tint="#1d4f91")),
    Layout("identity", "identity", identity, Look(page="card", margin=12, size=7.5, tint="#e6efe2")),
    Layout("sadt-guide", "tiss_guide", sadt_guide, Look(size=8.5, margin=26)),
    Layout("admission-guide", "tiss_guide", admission_guide, Look(font="DejaVu Sans", size=8.5, margin=30)),
    Layout("opme-quote", "opme_quote", opme_quote, Look(size=9.5)),
    Layout("receipt", "receipt", receipt, Look(font="Liberation Serif", page="a5-wide")),
    Layout("consent", "other", consent, Look(font="DejaVu Serif")),
    Layout("varied-lab-blocks", "lab_report", lab_blocks, Look(font="DejaVu Sans", size=9.5)),
    Layout("varied-lab-lines", "lab_report", lab_lines, Look(font="Liberation Sans", size=10)),
    Layout("varied-labelled-card", "insurance_card", labelled_card, Look(page="card", margin=14, tint="#eef5ea")),
    Layout(
        "varied-internal-prescription", "prescription", internal_prescription, Look(font="Liberation Sans", page="a5")
    ),
    Layout("varied-consultation-guide", "tiss_guide", consultation_guide, Look(size=9, margin=28)),
    Layout("varied-scan-report", "imaging_report", scan_report, Look(font="Liberation Sans", size=10)),
    Layout("varied-leave-letter", "certificate", leave_letter, Look(font="DejaVu Serif", page="a5")),
    Layout("varied-ruled-quote", "opme_quote", ruled_quote, Look(font="DejaVu Sans", size=9)),
    Layout("varied-clinic-receipt", "receipt", clinic_receipt, Look(page="a5-wide")),
    Layout("varied-compact-order", "medical_order", compact_order, Look(font="Liberation Serif", size=11)),
    Layout("varied-driver-licence", "identity", driver_licence, Look(page="card", margin=12, size=7.5, tint="#e9f2ea")),
    Layout("varied-preparation-sheet", "other", preparation_sheet, Look(font="DejaVu Sans", size=10)),
)
