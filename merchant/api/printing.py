"""Papers for the print agent of a till."""

from __future__ import annotations

import base64
from typing import Any
from uuid import UUID

from flask import g
from marshmallow import Schema, fields, validate

import merchant.commands
import merchant.printing
from base.errors import N_
from merchant.api.frame import api
from merchant.errors import NoTill, PrintJobUnknown
from web.api_frame import operation


class PrintJobSchema(Schema):
    """One paper. Empty where nothing waits."""

    id = fields.UUID(metadata={"description": N_("印刷の番号")})
    tries = fields.Integer(metadata={"description": N_("何度目に渡したか。結果と一緒に返します")})
    content = fields.String(metadata={"description": N_("プリンターへ送るバイト（ESC/POS、Base64）")})


class PrintOutcomeSchema(Schema):
    """What came of it."""

    tries = fields.Integer(required=True, strict=True, validate=validate.Range(1, 1_000_000))
    state = fields.String(
        required=True,
        validate=validate.OneOf(["sent", "failed", "unknown"]),
        metadata={"description": N_("sent: 出た。failed: 確かに出ていない。unknown: 分からない")},
    )
    why = fields.String(load_default="", validate=validate.OneOf(["", "away", "paper", "cover", "broken"]))


@api.route("/print-jobs/take", methods=["POST"])
@operation(
    api,
    N_("印刷する紙を1枚受け取る"),
    scope="print:jobs",
    refuses=(NoTill,),
    description=N_("端末の、待っている紙のうちいちばん古いものです。渡した紙は、結果が分からないかぎり、二度は渡しません。"),
)
@api.response(200, PrintJobSchema)
def take_print_job() -> dict[str, Any]:
    job = merchant.commands.take_for_agent(g.session, g.who, now=g.clock())
    if job is None:
        return {}
    content = merchant.printing.payload(g.session, job, g.clock)
    return {"id": job.id, "tries": job.tries, "content": base64.b64encode(content).decode()}


@api.route("/print-jobs/<uuid:job_id>/outcome", methods=["POST"])
@operation(api, N_("印刷の結果を知らせる"), scope="print:jobs", refuses=(NoTill, PrintJobUnknown))
@api.arguments(PrintOutcomeSchema)
@api.response(204)
def tell_print_outcome(order: dict[str, Any], *, job_id: UUID) -> None:
    merchant.commands.told_by_agent(g.session, g.who, job_id, order["state"], order["why"], tries=order["tries"], now=g.clock())
