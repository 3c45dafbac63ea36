"""DICOM JSON by pydicom.

Standard input, a line each: {"path"} writes a file as DICOM JSON, {"path", "json"} reads JSON and compares it with the file.
Standard output, a line each: {"json"}, {"differences": [...]}, or {"error"}.
"""

import json
import logging
import math
import sys
import warnings

from pydicom import Dataset, config, datadict, dcmread

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)
config.settings.reading_validation_mode = config.IGNORE
config.settings.writing_validation_mode = config.IGNORE
# What it knows of private elements is not part of the standard.
datadict.private_dictionaries.clear()


def read(path):
    dataset = dcmread(path, force=True)
    dataset.decode()
    return dataset


def number(value):
    return "NaN" if math.isnan(value) else value


def plain(element):
    """The value of an element in a form in which it can be compared."""
    value = element.value
    values = value if isinstance(value, (list, tuple)) or type(value).__name__ in ("MultiValue", "ConstrainedList") else [value]
    if element.VR in ("DS", "IS"):
        return [number(float(v)) if v not in ("", None) else None for v in values]
    if element.VR in ("FL", "FD"):
        return [number(float(v)) for v in values if v is not None]
    if isinstance(value, bytes):
        return [value.hex()]
    texts = ["" if v is None else str(v).rstrip(" \0") for v in values]
    # An empty last component group says nothing.
    texts = [t.rstrip("=") if element.VR == "PN" else t for t in texts]
    return [] if texts in ([""], []) else texts


def differences(ours, theirs, path=""):
    tags = sorted({e.tag for e in ours} | {e.tag for e in theirs})
    for tag in tags:
        name = f"{path}({tag.group:04X},{tag.element:04X})"
        if tag.element == 0:
            continue
        if (tag in ours) != (tag in theirs):
            yield f"{name} is in one only"
            continue
        a, b = ours[tag], theirs[tag]
        if a.VR != b.VR:
            yield f"{name} VR {a.VR} {b.VR}"
        elif a.VR == "SQ":
            if len(a.value) != len(b.value):
                yield f"{name} items {len(a.value)} {len(b.value)}"
            for index, (x, y) in enumerate(zip(a.value, b.value)):
                yield from differences(x, y, f"{name}[{index}]/")
        elif plain(a) != plain(b) and not (plain(a) in ([], [None]) and plain(b) in ([], [None])):
            yield f"{name} {str(plain(a))[:60]} {str(plain(b))[:60]}"


for line in sys.stdin:
    request = json.loads(line)
    try:
        dataset = read(request["path"])
        if "json" in request:
            print(json.dumps({"differences": list(differences(Dataset.from_json(request["json"]), dataset))}))
        else:
            print(json.dumps({"json": dataset.to_json_dict()}))
    except Exception as error:
        print(json.dumps({"error": repr(error)[:200]}))
