"""The forty shops of 灯ノ沢温泉: invented names, streets and prices. Yen, tax included."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Trade = Literal["sweets", "meal", "cafe", "inn", "liquor", "craft", "souvenir", "bath", "grocery", "health", "care", "night", "ride", "play"]

TRADE_WORDS: dict[Trade, str] = {
    "sweets": "菓子・パン",
    "meal": "飲食",
    "cafe": "喫茶",
    "inn": "宿泊",
    "liquor": "酒類",
    "craft": "工芸",
    "souvenir": "土産",
    "bath": "入浴",
    "grocery": "食料品",
    "health": "薬局",
    "care": "理美容・サービス",
    "night": "居酒屋・バー",
    "ride": "交通",
    "play": "遊び・文化",
}

Item = tuple[str, int, int]
"""What one can buy: its name, its price in yen, how often it is taken against the others."""


@dataclass(frozen=True, slots=True)
class Shop:
    """One shop as the invented town knows it."""

    name: str
    kana: str
    name_en: str
    trade: Trade
    address: str
    owner: str
    opens: int  # first hour in which it sells
    closes: int  # hour from which it no longer sells; above 24 is after midnight
    closed_on: frozenset[int]  # weekdays, 0 is Monday
    locals_weight: int  # how readily residents go there, against the other shops
    guests_weight: int  # the same for visitors
    basket_max: int  # most items in one sale
    items: tuple[Item, ...]


def _shop(names: str, trade: Trade, place: str, hours: tuple[int, int], closed_on: str, draw: tuple[int, int, int], items: str) -> Shop:
    """A shop from its one-line notes: `name|kana|English`, `address|owner`, `price×weight name, …`."""
    name, kana, name_en = names.split("|")
    address, owner = place.split("|")
    goods: list[Item] = []
    for item in items.split("、"):
        figures, label = item.split(" ", 1)
        price, weight = figures.split("×")
        goods.append((label, int(price), int(weight)))
    weekdays = frozenset("月火水木金土日".index(day) for day in closed_on)
    return Shop(name, kana, name_en, trade, address, owner, *hours, weekdays, *draw, tuple(goods))


MINATOYA = "湯の花まんじゅう みなと屋"
"""The shop on the tablet of the demo page."""

SHOPS: tuple[Shop, ...] = (
    _shop("湯の花まんじゅう みなと屋|ゆのはなまんじゅう みなとや|Yunohana Manju Minatoya", "sweets", "湯元通り 3-2|湊", (9, 18), "",
          (64, 110, 3), "540×9 まんじゅう 4個箱、1080×5 まんじゅう 8個箱、1620×2 まんじゅう 12個箱、135×9 まんじゅう ばら、680×3 湯の花せんべい、350×4 お茶セット、420×3 甘酒、200×2 絵はがき、1100×1 手ぬぐい"),
    _shop("蕎麦処 やまびこ|そばどころ やまびこ|Soba Yamabiko", "meal", "川端通り 1-8|小暮", (11, 20), "木",
          (24, 48, 2), "850×6 もりそば、1480×6 天ざる、1350×4 鴨南蛮、980×3 とろろそば、650×2 地酒 一合、400×2 そばがき"),
    _shop("喫茶 こもれび|きっさ こもれび|Kissa Komorebi", "cafe", "石畳横丁 5-1|木下", (8, 19), "水",
          (36, 46, 2), "450×7 ブレンド、500×4 カフェオレ、420×4 プリン、480×3 厚切りトースト、650×4 クリームソーダ、880×2 カレーセット"),
    _shop("旅館 月見亭|りょかん つきみてい|Ryokan Tsukimitei", "inn", "月見小路 1-1|有馬", (8, 23), "",
          (2, 26, 2), "18700×4 一泊二食、9800×4 素泊まり、2200×4 貸切風呂、700×5 生ビール、1200×3 日帰り入浴、1650×2 売店"),
    _shop("酒の丸八|さけのまるはち|Maruhachi Sake", "liquor", "駅前通り 2-4|八木", (10, 20), "火",
          (22, 24, 2), "1980×5 純米吟醸 四合瓶、3850×2 大吟醸 四合瓶、550×6 地ビール、2750×3 本醸造 一升瓶、780×3 甘酒 瓶、330×3 炭酸水"),
    _shop("手ぬぐい処 そめ|てぬぐいどころ そめ|Tenugui Some", "craft", "灯籠坂 2-6|染谷", (10, 17), "水",
          (4, 20, 2), "1100×6 手ぬぐい、3300×2 浴衣帯、880×3 巾着、1650×3 風呂敷、550×3 ハンカチ"),
    _shop("足湯カフェ ゆらり|あしゆカフェ ゆらり|Footbath Café Yurari", "cafe", "川端通り 4-3|結城", (10, 18), "",
          (14, 44, 2), "480×6 温泉コーヒー、580×4 ゆずソーダ、620×4 抹茶ラテ、450×4 足湯とお茶、520×4 焼きドーナツ"),
    _shop("土産 ふるさと堂|みやげ ふるさとどう|Furusato-dō Souvenirs", "souvenir", "駅前通り 1-2|古里", (9, 18), "",
          (4, 52, 4), "1296×5 湯の花クッキー、864×5 わさび漬、1080×4 山菜おこわの素、648×4 温泉卵、2160×2 詰め合わせ、440×4 ご当地サイダー、1980×2 木の小箱"),
    _shop("外湯 朝霧の湯|そとゆ あさぎりのゆ|Asagiri Public Bath", "bath", "湯元通り 1-1|朝倉", (6, 22), "",
          (52, 56, 2), "500×9 入浴 大人、250×3 入浴 小人、250×3 貸しタオル、180×3 牛乳"),
    _shop("外湯 灯の湯|そとゆ ひのゆ|Hinoyu Public Bath", "bath", "灯籠坂 4-1|日野", (10, 22), "火",
          (26, 34, 2), "500×9 入浴 大人、250×3 入浴 小人、1500×1 貸切 1時間、180×4 牛乳"),
    _shop("外湯 河鹿の湯|そとゆ かじかのゆ|Kajika Public Bath", "bath", "川端通り 9-2|鹿野", (7, 21), "木",
          (18, 26, 2), "400×9 入浴 大人、200×3 入浴 小人、250×2 貸しタオル、180×3 ラムネ"),
    _shop("旅館 松籟荘|りょかん しょうらいそう|Ryokan Shōraisō", "inn", "月見小路 3-5|松永", (8, 23), "",
          (1, 18, 2), "22000×3 一泊二食、12100×3 素泊まり、3300×3 貸切風呂、880×4 地酒、1500×3 日帰り入浴"),
    _shop("湯宿 かわせみ|ゆやど かわせみ|Inn Kawasemi", "inn", "川端通り 7-4|川瀬", (8, 22), "",
          (1, 16, 2), "14300×4 一泊二食、7700×4 素泊まり、1650×3 貸切風呂、600×4 生ビール、550×2 おにぎり弁当"),
    _shop("ペンション 山ぼうし|ペンション やまぼうし|Pension Yamaboshi", "inn", "山手台 2-1|羽田", (8, 21), "",
          (1, 9, 2), "11000×4 一泊二食、6600×4 一泊朝食、1320×3 ランチ、550×3 ハーブティー"),
    _shop("食事処 いろり庵|しょくじどころ いろりあん|Irori-an", "meal", "湯元通り 5-4|五十嵐", (11, 21), "月",
          (18, 34, 2), "1280×6 岩魚定食、980×6 日替わり定食、1650×3 山菜釜めし、680×3 いろり焼き、600×3 生ビール"),
    _shop("らーめん 龍泉|らーめん りゅうせん|Ramen Ryūsen", "meal", "駅前通り 4-7|辰巳", (11, 22), "火",
          (26, 20, 2), "780×6 醤油らーめん、920×4 味噌らーめん、380×4 餃子、1050×2 特製らーめん、250×3 ライス"),
    _shop("うなぎ 川しげ|うなぎ かわしげ|Unagi Kawashige", "meal", "川端通り 2-2|重田", (11, 19), "水",
          (4, 14, 1), "3200×5 うな重、4400×2 うな重 特、2100×3 うな丼、550×2 肝吸い"),
    _shop("鮨 たつみ|すし たつみ|Sushi Tatsumi", "meal", "月見小路 2-3|立見", (12, 22), "月",
          (5, 9, 2), "2200×5 にぎり、3300×3 上にぎり、1320×4 ちらし、880×3 冷酒"),
    _shop("居酒屋 提灯|いざかや ちょうちん|Izakaya Chōchin", "night", "石畳横丁 2-2|町田", (17, 24), "日",
          (22, 20, 5), "550×7 生ビール、480×6 焼き鳥、680×4 刺身、420×5 煮込み、650×4 地酒、380×3 お通し"),
    _shop("バー 夜汽車|バー よぎしゃ|Bar Yogisha", "night", "石畳横丁 3-3|夜久", (19, 24), "月",
          (6, 8, 3), "900×5 ハイボール、1100×4 カクテル、700×3 チーズ、500×4 席料"),
    _shop("パン工房 麦の音|パンこうぼう むぎのね|Bakery Muginone", "sweets", "駅前通り 3-1|麦倉", (7, 18), "木",
          (48, 22, 4), "180×6 塩パン、220×6 あんぱん、280×5 カレーパン、360×5 食パン 一斤、420×3 サンドイッチ、160×3 牛乳"),
    _shop("甘味処 ゆきうさぎ|かんみどころ ゆきうさぎ|Yuki-usagi Sweets", "cafe", "灯籠坂 1-4|雪野", (10, 17), "火",
          (10, 30, 2), "680×5 クリームあんみつ、580×5 みたらし団子と茶、750×4 おしるこ、620×4 わらび餅"),
    _shop("ジェラート 白樺|ジェラート しらかば|Gelato Shirakaba", "cafe", "湯元通り 6-1|樺山", (10, 18), "水",
          (9, 34, 2), "450×7 ひとつ、580×5 ふたつ盛り、380×2 小さめ、350×2 コーヒー"),
    _shop("豆腐 とよ田|とうふ とよた|Toyota Tofu", "grocery", "川端通り 5-6|豊田", (7, 17), "日",
          (30, 8, 3), "180×7 木綿豆腐、220×5 寄せ豆腐、150×5 油揚げ、260×4 がんもどき、200×3 豆乳"),
    _shop("精肉 三河屋|せいにく みかわや|Mikawaya Butcher", "grocery", "駅前通り 5-2|三河", (9, 18), "日",
          (30, 14, 3), "150×8 コロッケ、250×5 メンチカツ、680×4 鶏もも、1180×3 豚こま、1980×1 和牛切り落とし"),
    _shop("青物 まるた|あおもの まるた|Maruta Greengrocer", "grocery", "駅前通り 5-4|丸太", (8, 18), "日",
          (34, 6, 5), "198×7 ねぎ、158×6 大根、298×5 きのこ、398×4 りんご、248×4 葉物、480×2 みかん"),
    _shop("鮮魚 うおはる|せんぎょ うおはる|Uoharu Fish", "grocery", "駅前通り 5-6|春田", (9, 18), "日",
          (20, 4, 3), "480×5 切り身、680×4 岩魚、980×3 刺身盛り、350×4 干物"),
    _shop("さわやストア|さわやストア|Sawaya Store", "grocery", "駅前通り 6-1|沢谷", (8, 21), "",
          (90, 22, 7), "158×8 飲み物、228×7 惣菜、198×6 卵、298×5 弁当、148×6 菓子、398×4 日用品、258×5 牛乳、1280×1 米 2kg"),
    _shop("灯ノ沢薬局|ひのさわやっきょく|Hinosawa Pharmacy", "health", "駅前通り 2-8|白石", (9, 19), "日",
          (26, 8, 3), "980×5 かぜ薬、1280×3 湿布、498×4 のど飴、680×4 日焼け止め、348×4 マスク、1580×2 目薬"),
    _shop("理容 みうら|りよう みうら|Miura Barber", "care", "駅前通り 7-3|三浦", (9, 18), "月",
          (8, 0, 1), "3800×6 調髪、2200×2 顔そり、1800×2 子ども"),
    _shop("美容室 さくら|びようしつ さくら|Hair Sakura", "care", "駅前通り 7-5|佐倉", (9, 18), "火",
          (9, 0, 1), "4400×5 カット、6600×2 カラー、2200×2 ヘッドスパ、3300×2 着付け"),
    _shop("クリーニング 白鷺|クリーニング しらさぎ|Shirasagi Cleaners", "care", "駅前通り 8-1|鷺沢", (8, 18), "日",
          (15, 0, 4), "180×6 ワイシャツ、880×3 上着、580×3 ズボン、1480×1 コート"),
    _shop("もみ処 ゆるり|もみどころ ゆるり|Yururi Massage", "care", "湯元通り 2-5|緩木", (11, 22), "水",
          (5, 16, 1), "3300×5 全身 40分、2200×5 足つぼ 30分、5500×2 全身 70分"),
    _shop("沢タクシー|さわタクシー|Sawa Taxi", "ride", "駅前通り 1-1|滝沢", (6, 24), "",
          (14, 22, 1), "730×5 初乗り、1090×5 湯元まで、1450×4 山手台まで、2350×2 展望台まで、3640×1 貸切 30分"),
    _shop("レンタサイクル 風|レンタサイクル かぜ|Kaze Cycle Rental", "ride", "駅前通り 1-6|風間", (9, 17), "木",
          (1, 12, 2), "500×5 1時間、1200×5 半日、2000×2 1日、300×2 電動 追加"),
    _shop("射的 わたなべ|しゃてき わたなべ|Watanabe Shooting Gallery", "play", "石畳横丁 1-3|渡辺", (13, 22), "水",
          (3, 24, 3), "500×8 十発、300×3 輪投げ、300×3 スマートボール"),
    _shop("こけし工房 木の葉|こけしこうぼう このは|Konoha Kokeshi Workshop", "craft", "灯籠坂 5-2|木葉", (10, 16), "火",
          (1, 14, 2), "1650×4 こけし 小、3300×2 こけし 中、1800×4 絵付け体験、660×3 根付"),
    _shop("陶房 土の香|とうぼう つちのか|Tsuchinoka Pottery", "craft", "山手台 1-3|土屋", (10, 17), "水",
          (2, 9, 2), "2200×4 湯のみ、2750×3 手びねり体験、1320×4 豆皿、4400×1 花器"),
    _shop("山あい文庫|やまあいぶんこ|Yamaai Books", "play", "石畳横丁 4-2|文野", (10, 19), "月",
          (14, 8, 3), "770×5 文庫本、1650×3 単行本、550×4 雑誌、330×3 しおりと便せん、480×2 コーヒー"),
    _shop("花 すずらん|はな すずらん|Suzuran Flowers", "care", "駅前通り 3-5|鈴木", (9, 18), "日",
          (10, 3, 2), "550×5 仏花、1100×4 小さな花束、330×4 切り花、2200×2 花束、880×2 鉢植え"),
)

APPLICANT: Shop = _shop("民宿 あおば|みんしゅく あおば|Guesthouse Aoba", "inn", "山手台 3-8|青葉", (8, 21), "",
                        (1, 5, 1), "7700×4 一泊二食、4950×4 素泊まり")
"""Has applied and waits for the approver: something to decide on the association's desk."""
