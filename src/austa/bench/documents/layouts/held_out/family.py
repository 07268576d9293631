"""HELD OUT: papers to measure the reader on. WHOEVER BUILDS OR TUNES THE READER DOES NOT OPEN THIS FILE, nor looks at
what it draws: a figure taken on papers that were looked at says nothing of papers nobody has seen. Work with
`--set build`, which are the papers of `working`.
"""

from austa.bench.documents.layouts.held_out.records import (
    discharge_form,
    driving_licence,
    justification_report,
    lab_stacked,
    lab_with_previous,
    leave_note,
    member_card,
    preparation_sheet,
    service_invoice,
    ultrasound,
)
from austa.bench.documents.layouts.held_out.requests import (
    dotted_prescription,
    filled_by_hand,
    pen_prescription,
    prose_referral,
    supplier_offer,
    surgical_request,
    system_order,
    therapy_guide,
    visit_guide,
)
from austa.bench.documents.layouts.layout import Layout
from austa.bench.documents.typesetting import Look

_SMALL = Look(font="Liberation Sans", size=9, margin=28)

HELD_OUT = (
    Layout("system-order", "medical_order", system_order, Look(font="Liberation Mono", size=10, ink="#3c3c50")),
    Layout("surgical-request", "medical_order", surgical_request, Look(font="Libertinus Serif", size=10.5)),
    Layout("prose-referral", "medical_order", prose_referral, Look(font="New Computer Modern", size=11.5)),
    Layout("filled-by-hand", "medical_order", filled_by_hand, Look(font="Liberation Sans", stretch=75, page="a5")),
    Layout("dotted-prescription", "prescription", dotted_prescription, Look(font="DejaVu Sans", stretch=75, size=10.5)),
    Layout("pen-prescription", "prescription", pen_prescription, Look(font="Libertinus Serif", page="a5")),
    Layout("lab-stacked", "lab_report", lab_stacked, Look(font="Liberation Sans", stretch=75, size=10.5)),
    Layout("lab-with-previous", "lab_report", lab_with_previous, Look(font="DejaVu Sans", stretch=75, size=9.5)),
    Layout("ultrasound", "imaging_report", ultrasound, Look(font="Libertinus Serif", size=11.5)),
    Layout("leave-note", "certificate", leave_note, Look(font="Liberation Sans", stretch=75, size=12, page="a5-wide")),
    Layout("justification-report", "medical_report", justification_report, Look(font="New Computer Modern", size=11)),
    Layout("discharge-form", "discharge_summary", discharge_form, Look(font="Liberation Sans", stretch=75, size=10.5)),
    Layout("member-card", "insurance_card", member_card, Look(page="card", margin=16, tint="#f3e5f5")),
    Layout("driving-licence", "identity", driving_licence, Look(page="card", margin=14, size=8, tint="#e8f0e4")),
    Layout("visit-guide", "tiss_guide", visit_guide, _SMALL),
    Layout("therapy-guide", "tiss_guide", therapy_guide, Look(font="DejaVu Sans", stretch=75, size=9.5)),
    Layout("supplier-offer", "opme_quote", supplier_offer, Look(font="Libertinus Serif", size=10.5, watermark="CÓPIA")),
    Layout("service-invoice", "receipt", service_invoice, Look(font="Liberation Sans", stretch=75, tint="#fff7f0")),
    Layout("preparation-sheet", "other", preparation_sheet, Look(font="Liberation Sans", size=12)),
)
