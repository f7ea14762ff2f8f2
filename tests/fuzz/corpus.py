#!/usr/bin/env python3
"""The inputs that fuzzers begin with, a file of lines for each: tests/fuzz/corpus/NAME.txt, one input a line, with escapes as in C.

  corpus.py unpack NAME FOLDER        writes each input, and the cases of tests/cases that are some, to a file of FOLDER
  corpus.py renew NAME FOLDER...      keeps of the corpus and of what a long run left in FOLDERs the fewest inputs that reach the
                                      same code (libFuzzer's -merge=1), short ones first, BYTES_MAX in all; wants build/fuzz

A long run: mkdir found && build/fuzz/NAME_fuzz -max_total_time=3600 found SEEDS, where SEEDS were unpacked.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
TREE = HERE.parent.parent
BYTES_MAX = 24_000
INPUT_BYTES_MAX = 600

ESCAPES = {ord('\\'): '\\\\', ord('\n'): '\\n', ord('\t'): '\\t', ord('\r'): '\\r'}


def packed(data):
    return ''.join(ESCAPES.get(b) or (chr(b) if 32 <= b < 127 else f'\\x{b:02x}') for b in data)


def unpacked(line):
    single = {'n': b'\n', 't': b'\t', 'r': b'\r', '\\': b'\\'}
    parts = re.findall(r'\\x([0-9a-f]{2})|\\(.)|([^\\]+)', line)
    return b''.join(bytes.fromhex(code) if code else single[letter] if letter else text.encode() for code, letter, text in parts)


def body(case):
    """What a file of cases says after its line of dashes."""
    return case.split(b'\n---\n', 1)[-1]


def cases(name):
    """The cases of the tree that are inputs of a fuzzer."""
    folder = TREE / 'tests/cases'
    if name in ('sanitise_html', 'sanitise_plain_html'):
        return [body(file.read_bytes()) for file in sorted((folder / 'sanitise_html').iterdir())]
    if name == 'read_feed':
        return [body(file.read_bytes()) for file in sorted((folder / 'read_feed').glob('*.case'))]
    if name == 'front_matter':
        return [file.read_bytes() for file in sorted((folder / 'sample_site').rglob('*.md'))]
    if name == 'url':
        lines = (line for file in sorted((folder / 'urls').glob('*.tsv')) for line in file.read_text().splitlines())
        return [line.split('\t')[1].encode() for line in lines if not line.startswith('#') and '\t' in line]
    return []


def corpus(name):
    file = HERE / 'corpus' / f'{name}.txt'
    return [unpacked(line) for line in file.read_text().splitlines()] if file.exists() else []


def write_all(inputs, folder):
    pathlib.Path(folder).mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(inputs):
        (pathlib.Path(folder) / f'{number:05}').write_bytes(data)


def unpack(name, folder):
    inputs = corpus(name) + cases(name)
    if not inputs:
        sys.exit(f'no corpus and no cases of {name}')
    write_all(inputs, folder)


def renew(name, found):
    with tempfile.TemporaryDirectory() as scratch:
        kept, own, given = (pathlib.Path(scratch) / part for part in ('kept', 'own', 'given'))
        write_all(corpus(name), own)
        write_all(cases(name), given)
        kept.mkdir()
        # The cases come first: what they reach needs no line of the corpus.
        fuzzer = TREE / f'build/fuzz/{name}_fuzz'
        subprocess.run([fuzzer, '-merge=1', kept, given], check=True, stderr=subprocess.DEVNULL)
        reached = {file.name for file in kept.iterdir()}
        subprocess.run([fuzzer, '-merge=1', f'-max_len={INPUT_BYTES_MAX}', kept, own, *found], check=True,
                       stderr=subprocess.DEVNULL)
        new = sorted((file.read_bytes() for file in kept.iterdir() if file.name not in reached), key=lambda d: (len(d), d))
    lines, size = [], 0
    for data in new:
        line = packed(data)
        size += len(line) + 1
        if size > BYTES_MAX:
            break
        lines.append(line + '\n')
    (HERE / 'corpus').mkdir(exist_ok=True)
    (HERE / 'corpus' / f'{name}.txt').write_text(''.join(lines))
    print(f'{name}: {len(lines)} of {len(new)} inputs')


if __name__ == '__main__':
    arguments = sys.argv[1:]
    if len(arguments) == 3 and arguments[0] == 'unpack':
        unpack(arguments[1], arguments[2])
    elif len(arguments) >= 2 and arguments[0] == 'renew':
        renew(arguments[1], arguments[2:])
    else:
        sys.exit(__doc__)
