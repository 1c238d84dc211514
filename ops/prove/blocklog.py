# A disk for nbdkit that writes down every write and every flush with its time, for replay after a "power cut"; or that
# takes its time for every flush.  image=FILE [log=FILE] [flush-ms=N]
# Entry: time (CLOCK_MONOTONIC, ns, when the order came), offset, length; then the bytes. A flush has the offset 2^64-1.
import io
import os
import struct
import time

import nbdkit

API_VERSION = 2
HEAD = struct.Struct("<QQI")
FLUSH = 2**64 - 1
files = {}


def config(key, value):
    if key == "image":
        files["image"] = io.open(value, "r+b", buffering=0)
    elif key == "log":
        files["log"] = io.open(value, "wb", buffering=1 << 20)
    elif key == "flush-ms":
        files["flush_s"] = int(value) / 1000
    else:
        raise RuntimeError("unknown key " + key)


def thread_model():
    return nbdkit.THREAD_MODEL_SERIALIZE_ALL_REQUESTS


def open(readonly):
    return 1


def get_size(handle):
    return os.fstat(files["image"].fileno()).st_size


def can_flush(handle):
    return True


def can_fua(handle):
    return nbdkit.FUA_EMULATE


def note(offset, data):
    if "log" not in files:
        return
    files["log"].write(HEAD.pack(time.clock_gettime_ns(time.CLOCK_MONOTONIC), offset, len(data)))
    files["log"].write(data)


def pread(handle, buf, offset, flags):
    buf[:] = os.pread(files["image"].fileno(), len(buf), offset)


def pwrite(handle, buf, offset, flags):
    note(offset, buf)
    os.pwrite(files["image"].fileno(), buf, offset)


def flush(handle, flags):
    note(FLUSH, b"")
    time.sleep(files.get("flush_s", 0))


def unload():
    if "log" in files:
        files["log"].close()
