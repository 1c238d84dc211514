"""Records in CBOR as JSON text (ops/contract/ENCODINGS.md): what the contract uses of RFC 8949, and no more. A library would
do as well; this one keeps the digits of every number, and refuses what no record holds, however it is nested or how much it
says that it has.
"""
import json
from decimal import Decimal

DEPTH_MAX = 32
DIGITS_MAX = 1024
EXPONENT_MAX = 4096
SAMPLES = "d"


class Wrong(ValueError):
    """No whole record."""


def keys(table):
    """The names behind the numbers of cbor-keys.tsv."""
    with open(table, encoding="utf-8") as lines:
        rows = [line.rstrip("\n").split("\t") for line in lines if line[0] != "#"]
    return {int(number): name for number, name in rows}


def as_json(payload, names):
    """The record as JSON, UTF-8. Raises Wrong."""
    reader = Reader(payload, names)
    if payload[:1] and payload[0] >> 5 != 5:
        raise Wrong("it is no map")
    text = reader.item(0, None)
    if reader.at != len(payload):
        raise Wrong("more follows")
    return text.encode("utf-8")


class Reader:
    def __init__(self, payload, names):
        self.payload, self.names, self.at = payload, names, 0

    def take(self, count):
        if count > len(self.payload) - self.at:
            raise Wrong("it ends in the middle")
        self.at += count
        return self.payload[self.at - count:self.at]

    def head(self):
        """Major type and number."""
        first = self.take(1)[0]
        low = first & 31
        if low > 27:
            raise Wrong("a length is not told at the start")
        return first >> 5, low if low < 24 else int.from_bytes(self.take(1 << low - 24), "big")

    def item(self, depth, name):
        if depth > DEPTH_MAX:
            raise Wrong("it is nested too deeply")
        start = self.at
        major, number = self.head()
        if major in (0, 1, 6):
            self.at = start
            return self.number()
        if major == 2 and name == SAMPLES:
            return self.samples(self.take(number))
        if major == 3:
            return self.text(number)
        if major == 4:
            return "[" + ",".join([self.item(depth + 1, None) for _ in self.places(number)]) + "]"
        if major == 5:
            fields = dict(self.field(depth + 1) for _ in self.places(2 * number, 2))
            if len(fields) < number:
                raise Wrong("a field comes twice")
            return "{" + ",".join(name + ":" + value for name, value in fields.items()) + "}"
        simple = {0xf4: "false", 0xf5: "true", 0xf6: "null"}.get(self.payload[start])
        if simple is None:
            raise Wrong("it has a value that records do not use")
        return simple

    def places(self, count, step=1):
        """Each takes a byte at least."""
        if count > len(self.payload) - self.at:
            raise Wrong("it tells of more than it holds")
        return range(0, count, step)

    def field(self, depth):
        """A number that is not in the table is of a later version: it is its own name."""
        major, number = self.head()
        if major not in (0, 3):
            raise Wrong("a field has no name")
        text = self.text(number) if major == 3 else json.dumps(self.names.get(number, str(number)))
        return text, self.item(depth, json.loads(text))

    def text(self, length):
        return json.dumps(self.take(length).decode("utf-8"), ensure_ascii=False)

    def samples(self, packed):
        samples, sample, value, shift = [], 0, 0, 0
        for byte in packed:
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                sample += value >> 1 ^ -(value & 1)
                samples.append(str(sample))
                value = shift = 0
            elif shift > 28:
                raise Wrong("a sample has more than 32 bits")
        if shift:
            raise Wrong("a sample ends in the middle")
        return "[" + ",".join(samples) + "]"

    def number(self):
        if self.payload[self.at] != 0xc4:
            return str(self.whole())
        self.at += 1
        if self.take(1)[0] != 0x82:
            raise Wrong("a decimal fraction has no exponent and digits")
        exponent, digits = self.whole(), self.whole()
        if abs(exponent) > EXPONENT_MAX:
            raise Wrong("an exponent is beyond all use")
        text = str(abs(digits))
        return str(Decimal((int(digits < 0), tuple(map(int, text)), exponent)))

    def whole(self):
        major, number = self.head()
        if major == 6 and number in (2, 3):
            kind, length = self.head()
            if kind != 2 or length > DIGITS_MAX // 3:
                raise Wrong("a large number is not made of bytes, or of too many")
            value = int.from_bytes(self.take(length), "big")
            return ~value if number == 3 else value
        if major > 1:
            raise Wrong("it has a number or a tag that records do not use")
        return ~number if major else number
