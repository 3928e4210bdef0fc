"""Makes an operator's photo small, square and free of what a camera writes into it."""

import warnings
from io import BytesIO
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.core.files.base import ContentFile
from django.forms import ValidationError
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

SIDE = 192  # Shown at 96 pixels at most, twice that on dense screens.
MOST_BYTES = 15_000_000
MOST_PIXELS = 50_000_000


def shrink_photo(upload: "UploadedFile[Any]") -> "ContentFile[bytes]":
    """Return the middle square of a picture as WebP.

    Drawing it anew leaves out the place and the device that phones note in a photo.
    Raises ``ValidationError`` for what is too large or no picture.
    """
    if (upload.size or 0) > MOST_BYTES:
        raise ValidationError(_("This photo is larger than 15 MB."))
    try:
        upload.seek(0)
        picture = Image.open(upload, formats=("JPEG", "PNG", "WEBP"))
        if picture.width * picture.height > MOST_PIXELS:
            raise ValidationError(_("This photo has too many pixels."))
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            upright = ImageOps.exif_transpose(picture).convert("RGB")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise ValidationError(_("This is not a photo that can be read.")) from error
    square = ImageOps.fit(upright, (SIDE, SIDE), Image.Resampling.LANCZOS)
    out = BytesIO()
    square.save(out, "WEBP", quality=82, method=6)
    return ContentFile(out.getvalue(), name=f"{uuid4().hex}.webp")
