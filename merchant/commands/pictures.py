"""A picture of an article: what the owner brings is drawn anew, so that nothing but the picture is kept."""

from __future__ import annotations

import io
from datetime import datetime
from hashlib import sha256

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from base.db import atomic
from identity.queries import Principal
from merchant.commands.owner import authorise_owner
from merchant.errors import ArticlePictureWrong, ArticleUnknown
from merchant.models import Article, ArticlePicture

BYTES_MAX, PIXELS_MAX = 10 * 1024**2, 16_000_000
SCANNED_MAX = 60_000_000
"""Pixels of a JPEG that is read row by row at a fraction of its size; everything else lies in memory whole."""
SIDE = 240
"""Pixels of a tile's picture, on a screen of two pixels a point and more."""


def set_picture(session: Session, who: Principal, merchant_id: int, article_id: int, content: bytes | None, *, now: datetime) -> None:
    """This picture from now on, or none; the tills fetch their articles anew. Raises ArticleUnknown, ArticlePictureWrong."""
    with atomic(session):
        authorise_owner(session, who, "merchant.manage_articles", merchant_id, subject=f"article:{article_id}")
        drawn = None if content is None else _drawn(content)
        row = session.get(Article, (who.district_id, article_id), with_for_update=True, populate_existing=True)
        if row is None or row.merchant_id != merchant_id or row.ended_at is not None:
            raise ArticleUnknown
        row.changed_at = now
        if drawn is None:
            mine = (ArticlePicture.district_id == who.district_id, ArticlePicture.article_id == article_id)
            session.execute(delete(ArticlePicture).where(*mine))
            return
        values = {"digest": sha256(drawn).digest(), "content": drawn}
        statement = insert(ArticlePicture).values(district_id=who.district_id, article_id=article_id, **values)
        session.execute(statement.on_conflict_do_update(index_elements=["district_id", "article_id"], set_=values))


def _drawn(content: bytes) -> bytes:
    from PIL import Image, ImageOps  # slow to load, and only whoever brings a picture needs it

    if len(content) > BYTES_MAX:
        raise ArticlePictureWrong
    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP")) as picture:
            is_scanned = picture.format == "JPEG" and not picture.info.get("progressive")
            if picture.width * picture.height > (SCANNED_MAX if is_scanned else PIXELS_MAX):
                raise ArticlePictureWrong
            picture.draft("RGB", (4 * SIDE, 4 * SIDE))
            plain = ImageOps.fit(ImageOps.exif_transpose(picture).convert("RGB"), (SIDE, SIDE))
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise ArticlePictureWrong from error
    out = io.BytesIO()
    plain.save(out, "JPEG", quality=80, optimize=True)
    return out.getvalue()
