#!/usr/bin/env python3
"""How fast Debian's python3-hl7 reads the frames of a capture whose device speaks HL7: hl7_peer.py CAPTURE.

It only cuts segments and fields and reads each value's text: no codes, no units, no records.
"""
import sys
import time

import hl7

SECONDS = 3
START, END = b"\x0b", b"\x1c\r"


def frames(path):
    sent = b"".join(
        bytes.fromhex(line.split("<", 1)[1].split("#")[0])
        for line in open(path, encoding="ascii")
        if not line.startswith("#") and "<" in line
    )
    return [part.split(START, 1)[1].decode("utf-8") for part in sent.split(END) if START in part]


def main():
    messages = frames(sys.argv[1])
    count = values = size = 0
    begin = time.process_time()
    while time.process_time() - begin < SECONDS:
        for message in messages:
            for segment in hl7.parse(message):
                for field in segment:
                    values += len(str(field)) > 0
            count += 1
            size += len(message) + 3
    took = time.process_time() - begin
    print(f"| {count / took:.0f} | {size / took:.0f} | {values / took:.0f} |")


main()
