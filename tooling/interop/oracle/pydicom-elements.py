"""Reads files with pydicom and tells every element of each, one line of JSON at a time.

Standard input: paths, one a line. Standard output, for each file in turn:
  {"file"}                                 before its elements
  {"path", "vr", "bytes", "values"}        an element; "bytes" is [length, MD5] of its value field, null where pydicom keeps none;
                                           DS and IS have "numbers" besides
  {"path", "vr", "items"}                  a sequence, before the elements of its items
  {"path", "vr", "bytes", "fragments"}     encapsulated pixel data, [length, MD5] of each fragment, the offset table first
  {"path", "error"}                        an element that pydicom refuses
  {"error"}                                a file that pydicom refuses

Private elements are left to the VR in the bytes: what pydicom's own private dictionary knows of some is not part of the standard.
"""

import hashlib
import json
import logging
import math
import sys
import warnings

from pydicom import config, datadict, dcmread
from pydicom.dataelem import RawDataElement
from pydicom.encaps import generate_pixel_data_fragment, get_frame_offsets
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import correct_ambiguous_vr_element
from pydicom.tag import BaseTag
from pydicom.valuerep import IS, DSfloat

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)
config.settings.reading_validation_mode = config.IGNORE
datadict.private_dictionaries.clear()


def tell(**facts):
    print(json.dumps(facts), flush=False)


def digest(data):
    return [len(data), hashlib.md5(data).hexdigest()]


def named(tag):
    return f"({tag.group:04X},{tag.element:04X})"


def plain(value):
    if isinstance(value, BaseTag):
        return named(value)
    if isinstance(value, bytes):
        return digest(value)
    if isinstance(value, (DSfloat, IS)):
        return getattr(value, "original_string", None) or str(value)
    if isinstance(value, (int, float)):
        return number(value)
    return str(value)


def number(value):
    """Numbers that JSON has not, or that are not exact as doubles, go as text."""
    if isinstance(value, int):
        return int(value) if abs(value) < 2**53 else str(int(value))
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else str(float(value))
    return None


def fragments_of(value):
    stream = DicomBytesIO(value)
    stream.is_little_endian = True
    get_frame_offsets(stream)
    table = value[8 : stream.tell()]
    return [digest(table), *(digest(fragment) for fragment in generate_pixel_data_fragment(stream))]


def tell_element(dataset, tag, path, is_little_endian):
    raw = dataset.get_item(tag)
    field = digest(raw.value or b"") if isinstance(raw, RawDataElement) else None
    try:
        element = correct_ambiguous_vr_element(dataset[tag], dataset, is_little_endian)
        if element.VR == "SQ":
            tell(path=path, vr="SQ", items=len(element.value))
            for index, item in enumerate(element.value):
                tell_elements(item, f"{path}[{index}]/", is_little_endian)
        elif element.is_undefined_length and element.VR in ("OB", "OW") and isinstance(element.value, bytes):
            tell(path=path, vr=element.VR, bytes=field, fragments=fragments_of(element.value))
        else:
            count = element.VM
            values = [] if count == 0 else [element.value] if count == 1 else element.value
            numbers = {"numbers": [number(value) for value in values]} if element.VR in ("DS", "IS") else {}
            shown = [str(value) if element.VR in ("SV", "UV") else plain(value) for value in values]
            tell(path=path, vr=element.VR, bytes=field, values=shown, **numbers)
    except Exception as error:
        tell(path=path, error=f"{type(error).__name__}: {error}")


def tell_elements(dataset, above, is_little_endian):
    for tag in sorted(dataset.keys()):
        tell_element(dataset, tag, above + named(tag), is_little_endian)


for line in sys.stdin:
    name = line.rstrip("\n")
    tell(file=name)
    try:
        dataset = dcmread(name, force=True)
        tell_elements(dataset.file_meta, "", True)
        tell_elements(dataset, "", dataset.is_little_endian)
    except Exception as error:
        tell(error=f"{type(error).__name__}: {error}")
