"""What the header profile does, attribute by attribute, and what a large film costs.

Every attribute of DICOM PS3.15 Table E.1-1 is put into one file with a value of its own, at the top and nested; after
de-identification each is looked at by its action code and the bytes are searched for the values. Then a film of
12 megapixels is timed in processor seconds, the header alone and with its pixels.
Run: PYTHONPATH=. python benchmarks/deid_dicom.py [--json]
"""

import argparse
import json
import time
from io import BytesIO

import numpy as np
from pydicom import dcmread

from guardrails.dicom import deidentify_file
from guardrails.pixels import BurnedInText
from guardrails.text import TextDeidentifier
from tests.unit.guardrails.test_dicom_profile import (
    SECRET,
    SECRETS,
    TABLE,
    NoText,
    at_top,
    filled,
    film,
    found_again,
    four_deep,
    in_an_item,
    written,
    wrong,
)

ROWS, COLUMNS = 4000, 3000


def main() -> None:
    """Prints one JSON object, or its lines."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--json", action="store_true")
    as_json = parser.parse_args().json
    text = TextDeidentifier()
    figures = {**attributes(text), **seconds(text)}
    print(json.dumps(figures) if as_json else "\n".join(f"{name}: {value}" for name, value in figures.items()))


def attributes(text: TextDeidentifier) -> dict[str, int]:
    """Attributes tried and handled by their code, values left, private elements left; at three depths."""
    handled = left = private = 0
    for place in (at_top, in_an_item, four_deep):
        before = filled(TABLE)
        before.private_block(0x0011, "ACME", create=True).add_new(1, "LO", "ZQ9999SECRET")
        out = deidentify_file(written(place(before)), text, secret=SECRET, burned_in=NoText()).data
        after = dcmread(BytesIO(out))
        handled += sum(wrong(tag, found_again(after), before[tag]) is None for tag in TABLE)
        left += len(SECRETS.findall(out))
        private += sum(element.tag.is_private for element in after.iterall())
    return {"attributes": 3 * len(TABLE), "by_action_code": handled, "values_left": left, "private_left": private}


def seconds(text: TextDeidentifier) -> dict[str, float]:
    """Processor time for a 12-bit film of 12 megapixels, the models loaded."""
    y, x = np.mgrid[0:ROWS, 0:COLUMNS]
    noise = np.random.default_rng(0).normal(0, 30, (ROWS, COLUMNS))
    pixels = (2000 + 1500 * np.sin(x / 900) * np.cos(y / 1100) + noise).clip(0, 4095).astype("<u2")
    data = film(Rows=ROWS, Columns=COLUMNS, PixelData=pixels.tobytes(), StudyDescription="CHEST PA, DR LINDQVIST")
    figures = {}
    for name, masker in (("header_s", NoText()), ("header_and_pixels_s", BurnedInText())):
        deidentify_file(data, text, secret=SECRET, burned_in=masker)
        start = time.process_time()
        deidentify_file(data, text, secret=SECRET, burned_in=masker)
        figures[name] = round(time.process_time() - start, 2)
    return figures


if __name__ == "__main__":
    main()
