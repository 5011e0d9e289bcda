"""A form as a browser sends it, taken within bounds: what no browser sends is refused before it is read."""

from email.message import Message

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

WITH_FILE = "multipart/form-data"
CHARSETS = ("", "utf-8")  # browsers name none; some that Python knows take minutes for a page of text
MOST = 1_000_000  # bytes of a form without a file
FIELDS = 2000


async def taken(request: Request, files: int = 0) -> dict[str, str | UploadFile]:
    """The fields of a form. Raises HTTPException where it is none that our pages send, or too large."""
    told = Message()
    told["content-type"] = request.headers.get("content-type", "")
    if str(told.get_param("charset", "")).lower() not in CHARSETS:
        raise HTTPException(400)
    given = request.headers.get("content-length", "")
    is_small = given.isdecimal() and int(given) <= MOST
    if not is_small and not (files and told.get_content_type() == WITH_FILE):
        raise HTTPException(413)
    found = await request.form(max_files=files, max_fields=FIELDS)
    return dict(found.multi_items())
