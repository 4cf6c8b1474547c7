"""Writes vectors.json: what C1 and the hashes must give, computed apart from every implementation of the project.

Run once with a Python whose OpenSSL knows SM3; the file is kept, and never changes for a format that was used:
    python3 verify/vectors.py > verify/vectors.json
"""

import hashlib
import json
import unicodedata

ALGORITHMS = {"sha256": 1, "sm3": 2}


def field(value):
    if value is None:
        return b"\xff\xff\xff\xff"
    data = bytes.fromhex(value["hex"]) if isinstance(value, dict) else unicodedata.normalize("NFC", value).encode()
    return len(data).to_bytes(4, "big") + data


def h(name, data):
    return hashlib.new(name, data).hexdigest()


def encoded(tag, fields):
    return b"".join(field(value) for value in [tag, *fields])


def vector(title, fields, tag="z", form=1):
    body = encoded(tag, fields)
    leaf = {name: h(name, b"\x00" + bytes([form, mark]) + body) for name, mark in ALGORITHMS.items()}
    return {"title": title, "format": form, "tag": tag, "fields": fields, "encoded": body.hex(), "leaf": leaf}


TEXTS = [
    ("没有字段", []),
    ("一个空值", [None]),
    ("一个空文本", [""]),
    ("空值与空文本不同", [None, ""]),
    ("空文本与空值次序相反", ["", None]),
    ("一个 NUL 之外的控制字符", ["\x01"]),
    ("中文", ["小区"]),
    ("辅助平面", ["𠮷"]),
    ("表情与连接符", ["👩‍👩‍👧"]),
    ("已合成的字母", ["\u00e9"]),
    ("分解的字母先合成", ["e\u0301"]),
    ("韩文字母先合成", ["\u1112\u1161\u11ab"]),
    ("两个附加符号按规范排序", ["a\u0323\u0307", "a\u0307\u0323"]),
    ("兼容汉字按规范归一", ["\uf900"]),
    ("全角不变半角", ["Ａ１"]),
    ("连字不拆开", ["ﬁ"]),
    ("从右到左的文字", ["سلام"]),
    ("零宽空格与字节序标记保留", ["a\u200bb\ufeff"]),
    ("首尾空格保留", ["  a  "]),
    ("全角空格保留", ["\u3000"]),
    ("换行、制表与引号", ['"\n\t\\\'']),
    ("分隔符不移动边界（一）", ["a|b", "c"]),
    ("分隔符不移动边界（二）", ["a", "b|c"]),
    ("移一个字节就不同（一）", ["ab", "c"]),
    ("移一个字节就不同（二）", ["a", "bc"]),
    ("文本里有像长度的字节", ["\x01\x01\x01\x01a"]),
    ("零", ["0"]),
    ("负数", ["-1"]),
    ("最大的 64 位整数", ["9223372036854775807"]),
    ("最小的 64 位整数", ["-9223372036854775808"]),
    ("六位小数的时刻", ["2026-11-22T08:05:06.000001Z"]),
    ("整秒也写六位小数", ["2026-11-22T08:05:06.000000Z"]),
    ("四字节长度", ["x" * 256]),
    ("多字节字符的长度按字节计", ["区" * 100]),
    ("原样的字节", [{"hex": "00ff8001"}]),
    ("没有字节", [{"hex": ""}]),
    ("字节与空值", [{"hex": "ffffffff"}, None]),
    ("规范 JSON", ['{"a":{"c":[true,"小区"],"d":null},"b":"5"}']),
    ("八个字段", ["1", None, "三", "", "5", None, "七", "8"]),
]
NAMES = ["chain", "seq", "at", "act", "object", "person", "organisation", "post", "reason", "detail", "request"]


def event(title, form, values, rows=None):
    fields = [*values, *([] if form == 1 else [rows])]
    told = dict(zip(NAMES, values)) | ({} if form == 1 else {"rowsDigest": rows and rows["hex"]})
    return vector(title, fields, "gongzhi-journal", form) | {"event": told}


DIGEST = {"hex": hashlib.sha256(b"rows").hexdigest()}
FULL = ["estate:7", "12", "2026-11-22T08:05:06.120345Z", "filings.filed", "filing:3", "7", "3", "11", "因换届", '{"名称":"锦绣"}', "K7M2-9QXD"]
BARE = ["organisation:1", "1", "1999-12-31T23:59:59.999999Z", "a.b", "c:1", None, None, None, None, "{}", None]
EVENTS = [
    event("第一版的留痕", 1, FULL),
    event("第一版的留痕，可空的都空着", 1, BARE),
    event("留痕，带行的摘要", 2, FULL, DIGEST),
    event("留痕，没有改行", 2, FULL),
    event("留痕，可空的都空着", 2, BARE),
    event("留痕，理由为空文本", 2, [*BARE[:8], "", "{}", None], DIGEST),
    event("留痕，最大的序号", 2, ["estate:2147483647", "9223372036854775807", *FULL[2:]], DIGEST),
]

DEPLOYMENT = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"


def chain(name):
    genesis = h(name, bytes([2, ALGORITHMS[name]]) + encoded("gongzhi-chain", [DEPLOYMENT, "estate:7"]))
    leaf = EVENTS[2]["leaf"][name]
    return {"genesis": genesis, "link": h(name, b"\x02" + bytes.fromhex(genesis) + bytes.fromhex(leaf))}


print(json.dumps({
    "says": "C1: format, hash (1 sha256, 2 sm3), then every field as 4-byte length and bytes; null is ffffffff. leaf = H(00 || bytes), link = H(02 || prev || leaf).",
    "vectors": [*(vector(*one) for one in TEXTS), *EVENTS],
    "chain": {
        "deployment": DEPLOYMENT, "chain": "estate:7", "leafOf": EVENTS[2]["title"],
        "genesisOfFormat1": h("sha256", b"estate:7"),
        "sha256": chain("sha256"), "sm3": chain("sm3"),
    },
    "hashes": [{"hex": data.hex(), **{name: h(name, data) for name in ALGORITHMS}}
               for data in [b"", b"abc", b"a" * 55, b"a" * 56, b"a" * 63, b"a" * 64, b"a" * 65, b"\x00" * 1000, "小区".encode() * 99]],
}, ensure_ascii=False, indent=1))
