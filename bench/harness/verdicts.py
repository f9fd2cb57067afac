"""Whether all sides say the same of every case. Until they do, no time is worth anything."""

SHOWN_MAX = 10


def same_bytes(width):
    """A comparison of files that hold `width` bytes for each case."""

    def compare(written):
        (first, first_path), *others = written
        expected = read(first_path)
        for side, path in others:
            given = read(path)
            if given != expected:
                complain(first, expected, side, given, width)
        print(f"  verdicts: the same, {len(expected) // width:,} cases, {width} bytes each", flush=True)

    return compare


def read(path):
    with open(path, "rb") as file:
        return file.read()


def complain(first, expected, side, given, width):
    print(f"«{first.name}» and «{side.name}» don't say the same; no times are shown.")
    if len(expected) != len(given):
        print(f"  {len(expected) // width:,} and {len(given) // width:,} cases")
    differ = [
        at for at in range(0, min(len(expected), len(given)), width) if expected[at : at + width] != given[at : at + width]
    ]
    print(f"  {len(differ):,} cases differ; the first of them:")
    for at in differ[:SHOWN_MAX]:
        print(f"  case {at // width}: {expected[at:at + width].hex(' ')}  |  {given[at:at + width].hex(' ')}")
    raise SystemExit(1)
