"""オープンデータ: what a month says about the district, as files for everybody, once and for good.

`tables` makes them of what the guard published, `files` writes them and their catalogue. Both are pure: who may switch it on, and when a
month is published, is decided by `analytics.commands`.
"""
