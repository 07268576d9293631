"""The twenty demo requests: what comes in, on which papers, and where it must end."""

from datetime import date

from austa.demo.requests import exams, surgery, therapies
from austa.demo.shapes import DemoRequest


def demo_requests(today: date) -> tuple[DemoRequest, ...]:
    """The twenty, in their order. Most were asked today; number 4 twenty days ago and number 7 two days ago."""
    return (
        exams.laboratory(today),
        exams.glycated_hemoglobin(today),
        exams.abdominal_ultrasound(today),
        exams.knee(today),
        exams.knee_again(today),
        surgery.cataract(today),
        surgery.gallbladder_in_waiting_period(today),
        surgery.gallbladder_urgent(today),
        surgery.cesarean(today),
        surgery.bariatric(today),
        surgery.spine(today),
        surgery.spine_inflated(today),
        exams.pet(today),
        therapies.chemotherapy(today),
        therapies.psychotherapy(today),
        surgery.angioplasty(today),
        exams.psa(today),
        therapies.refund(today),
        exams.two_cities(today),
        surgery.breast(today),
    )
