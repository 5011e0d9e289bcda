"""The child process of ``bot/previews.py``: a photo on standard input, a small JPEG on standard output."""

import io
import resource
import sys

MEMORY = 600_000_000  # bytes
SECONDS = 8
SIDE = 480
MOST_PIXELS = 60_000_000  # a phone's best camera; more is a bomb


def main() -> int:
    """Make it, without anything the camera wrote beside the picture (place, owner)."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    from PIL import Image, ImageOps  # noqa: PLC0415 - under the limits already

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS // 2  # Pillow refuses twice as many
    with Image.open(io.BytesIO(sys.stdin.buffer.read()), formats=("JPEG", "PNG", "WEBP", "GIF")) as photo:
        photo.draft("RGB", (SIDE * 2, SIDE * 2))
        upright = ImageOps.exif_transpose(photo)
        upright.thumbnail((SIDE, SIDE))
        made = io.BytesIO()
        upright.convert("RGB").save(made, "JPEG", quality=72, optimize=True)
    sys.stdout.buffer.write(made.getvalue())
    return 0


if __name__ == "__main__":
    sys.exit(main())
