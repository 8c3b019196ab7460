"""Pictures of a shop's articles."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from merchant.errors import ArticleUnknown
from merchant.models import Article, ArticlePicture


def article_pictures(session: Session, district_id: int, merchant_id: int) -> dict[int, str]:
    """By article the digest of its picture, in hex: another picture has another one. What has none is left out."""
    query = (
        select(ArticlePicture.article_id, ArticlePicture.digest)
        .join(Article, (Article.district_id == ArticlePicture.district_id) & (Article.id == ArticlePicture.article_id))
        .where(ArticlePicture.district_id == district_id, Article.merchant_id == merchant_id, Article.ended_at.is_(None))
    )
    return {article_id: digest.hex() for article_id, digest in session.execute(query)}


def article_picture(session: Session, district_id: int, merchant_id: int, article_id: int) -> bytes:
    """The JPEG. Raises ArticleUnknown, also for another shop's, and where there is none."""
    query = (
        select(ArticlePicture.content)
        .join(Article, (Article.district_id == ArticlePicture.district_id) & (Article.id == ArticlePicture.article_id))
        .where(ArticlePicture.district_id == district_id, ArticlePicture.article_id == article_id, Article.merchant_id == merchant_id)
    )
    content: bytes | None = session.scalar(query)
    if content is None:
        raise ArticleUnknown
    return content
