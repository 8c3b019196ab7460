"""What printing refuses."""

from __future__ import annotations

from base.errors import N_, NotFound, Refused


class PrinterNotAllowed(Refused):
    """The operator's list (MEGURI_PRINTERS) does not have this address."""

    field = "address"
    code = "printer_not_allowed"
    number = "E-7421"
    text = N_(
        "そのプリンターへは、まだ送れません。システムの運用者に、プリンターの番号（住所）を許可してもらってください。何も変えていません。"
    )


class PrinterTaken(Refused):
    """Another shop prints there."""

    field = "address"
    code = "printer_taken"
    number = "E-7422"
    text = N_("そのプリンターは、別のお店が使っています。何も変えていません。番号を確かめてください。")


class PrinterMissing(Refused):
    """The till has no printer of its own."""

    code = "printer_missing"
    number = "E-7423"
    text = N_("この端末には、プリンターが決まっていません。店主のページの「プリンター」で決めるか、画面から印刷してください。")


class PrintJobUnknown(NotFound):
    """Not this till's."""

    code = "print_job_unknown"
    number = "E-7424"
    text = N_("その印刷は見つかりません。レシートを開いて、もう一度印刷してください。")
