"""Refusals about files, papers, links and packages."""

from __future__ import annotations

from base.errors import N_, Invalid, Later, NotFound, Refused


class FileLarge(Invalid):
    """`most`: in MB."""

    code = "subsidy_file_large"
    number = "E-7308"
    text = N_("ファイルが大きすぎます（%(most)s MBまで）。受け取っていません。写真なら小さくして、もう一度送ってください。")
    field = "file"


class FileKind(Invalid):
    """By its content it is no PDF, JPEG or PNG, whatever its name says."""

    code = "subsidy_file_kind"
    number = "E-7309"
    text = N_("中身が PDF、JPEG、PNG のどれでもありません。受け取っていません。名前でなく中身を見て確かめています。")
    field = "file"


class FileLocked(Invalid):
    """A PDF with a password or with rights."""

    code = "subsidy_file_locked"
    number = "E-7310"
    text = N_("パスワードや制限の付いた PDF です。事務局でも開けないので、受け取っていません。制限を外して、もう一度送ってください。")
    field = "file"


class FileBroken(Invalid):
    """It is cut off or cannot be read."""

    code = "subsidy_file_broken"
    number = "E-7311"
    text = N_("ファイルが途中で切れているか、開けません。受け取っていません。もう一度送ってください。")
    field = "file"


class FileNotOpenedYet(Later):
    """The computer was too busy to open it in time; of the file nothing is known."""

    code = "subsidy_file_not_opened_yet"
    number = "E-8230"
    text = N_(
        "いま混み合っていて、ファイルを確かめきれませんでした。受け取っていません。ファイルはこのままで、少し待って、もう一度送ってください。"
    )
    field = "file"


class PapersOver(Refused):
    """The time of this project's papers is over (S-93): what came in now would be closed for good within the hour."""

    code = "subsidy_papers_over"
    number = "E-8231"
    text = N_(
        "書類を残す期間が終わったので、この事業の書類はもう受け取れません。受け取っていません。まだ要るときは、代表事業者が「できごと」で残す日を延ばします。"
    )
    field = "file"


class FileMissing(Invalid):
    """Nothing was chosen, or it is empty."""

    code = "subsidy_file_missing"
    number = "E-7312"
    text = N_("ファイルを選んでください。まだ何も受け取っていません。")
    field = "file"


class FileSmall(Invalid):
    """A picture on which nobody can read the small print."""

    code = "subsidy_file_small"
    number = "E-7313"
    text = N_("写真が小さく、字が読めません。受け取っていません。近くから撮り直してください。")
    field = "file"


class LinkOver(NotFound):
    """The address is none, has ended, or its days are over."""

    code = "subsidy_link_over"
    number = "E-7314"
    text = N_(
        "このページは使えません。期限が切れたか、新しいものに替わりました。受け取った書類は残っています。代表事業者に連絡してください。"
    )


class PaperUnknown(NotFound):
    """No such file in this project."""

    code = "subsidy_paper_unknown"
    number = "E-7315"
    text = N_("この書類は見つかりません。一覧から開き直してください。")


class PaperForgotten(NotFound):
    """Its time is over, and its key was destroyed (S-93)."""

    code = "subsidy_paper_forgotten"
    number = "E-7940"
    text = N_("この書類は、残す期間が終わったので、開けなくなりました。届いた日時と指紋は残っています。")


class PaperNotAsked(Refused):
    """The link does not ask for this kind of paper."""

    code = "subsidy_paper_not_asked"
    number = "E-7317"
    text = N_("この書類は頼まれていません。受け取っていません。代表事業者に連絡してください。")
    field = "kind"


class PackIncomplete(Refused):
    """`missing`: how many pieces."""

    code = "subsidy_pack_incomplete"
    number = "E-7355"
    text = N_("足りないものが %(missing)s件あるので、まとめていません。画面の「足りないもの」を先にそろえてください。")


class PackageFailed(Refused):
    """The worker could not make it, three times; its log says why."""

    code = "subsidy_package_failed"
    number = "E-8232"
    text = N_("まとめを作れませんでした。書類は変わっていません。もう一度押してもだめなときは、この番号を運営団体に伝えてください。")


class FilingMoved(Refused):
    """Somebody changed the group between the printing of the papers and the noting of the filing: both are of one moment."""

    code = "subsidy_filing_moved"
    number = "E-8390"
    text = N_("出した紙の控えを残しているあいだに、ほかの人が内容を変えました。いまの内容を確かめて、もう一度書いてください。")
