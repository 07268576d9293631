"""Pages as people see them."""

import io
from collections.abc import Sequence

from PIL import Image, ImageDraw

from austa.modules.documents.api import Box


def shown(picture: bytes, width: int, hidden: Sequence[Box]) -> bytes:
    """Our own JPEG, narrower, and painted over where something is hidden; it never had metadata."""
    with Image.open(io.BytesIO(picture), formats=("JPEG",)) as image:
        if width >= image.width and not hidden:
            return picture
        image.draft("RGB", (width, width))
        height = max(1, round(image.height * width / image.width))
        seen = image.resize((width, height), Image.Resampling.LANCZOS) if width < image.width else image.copy()
    brush = ImageDraw.Draw(seen)
    for box in hidden:
        # A box ends where the reader's eye did: a little more than that shows the top of no letter.
        more = 0.2 * (box.y1 - box.y0)
        x0, x1 = (box.x0 - more) * seen.width, (box.x1 + more) * seen.width
        brush.rectangle((x0, (box.y0 - more) * seen.height, x1, (box.y1 + more) * seen.height), fill="#5b6472")
    out = io.BytesIO()
    seen.save(out, "JPEG", quality=85)
    return out.getvalue()
