"""Makes an operator's photo small, square and free of what a camera writes into it."""

import warnings
from io import BytesIO
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

SIDE = 192  # Shown at 96 pixels at most, twice that on dense screens.
MOST_BYTES = 15_000_000
MOST_PIXELS = 50_000_000
FORMATS = ("JPEG", "PNG", "WEBP")
UNREADABLE = (
    OSError,
    SyntaxError,
    ValueError,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)


def shrink_photo(photo: "File[bytes]") -> "ContentFile[bytes]":
    """Return the middle square of a picture as WebP.

    Drawing it anew leaves out the place and the device that phones note in a photo.
    Raises ``ValidationError`` for what is too large or no picture.
    """
    if photo.size > MOST_BYTES:
        raise ValidationError(_("This photo is larger than 15 MB."))
    try:
        upright = _read(photo)
    except UNREADABLE as error:
        raise ValidationError(_("This is not a photo that can be read.")) from error
    square = ImageOps.fit(upright, (SIDE, SIDE), Image.Resampling.LANCZOS)
    out = BytesIO()
    square.save(out, "WEBP", quality=82, method=6)
    return ContentFile(out.getvalue(), name=f"{uuid4().hex}.webp")


def _read(photo: "File[bytes]") -> Image.Image:
    photo.seek(0)
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        picture = Image.open(photo, formats=FORMATS)
        # The size stands in the header: nothing is unpacked before this.
        if picture.width * picture.height > MOST_PIXELS:
            raise ValidationError(_("This photo has too many pixels."))
        return ImageOps.exif_transpose(picture).convert("RGB")
