#!/usr/bin/env python3
"""Makes the table of one V8 version from a node binary that has its symbols:

    ./make-table.py NODE_BINARY [OLDER_TABLE] > v8-X.Y.txt

Type numbers come from v8dbg_type_… (V8's postmortem data). V8 leaves some types out; those are taken from OLDER_TABLE where
their number is still free and marked with '?': check them against a core whose snapshot is known.
Lines: `v8 X.Y`, `type NUMBER NAME`, `const NAME VALUE`, `root INDEX NAME`, `builtin INDEX NAME`.
"""
import struct
import sys


class Elf:
    def __init__(self, path):
        self.data = open(path, 'rb').read()
        head = struct.unpack_from('<16sHHIQQQIHHHHHH', self.data, 0)
        self.segments = [struct.unpack_from('<IIQQQQQQ', self.data, head[5] + i * head[9]) for i in range(head[10])]
        sections = [struct.unpack_from('<IIQQQQIIQQ', self.data, head[6] + i * head[11]) for i in range(head[12])]
        self.symbols = {}
        for kind in (2, 11):
            for section in (s for s in sections if s[1] == kind):
                names = sections[section[6]]
                text = self.data[names[4]:names[4] + names[5]]
                for name, _, _, _, value, size in struct.iter_unpack('<IBBHQQ', self.data[section[4]:section[4] + section[5]]):
                    if name:
                        self.symbols.setdefault(text[name:text.index(b'\0', name)].decode('latin1'), (value, size))

    def read(self, address, size):
        for kind, _, offset, start, _, bytes_, _, _ in self.segments:
            if kind == 1 and start <= address < start + bytes_:
                return self.data[offset + address - start:offset + address - start + size]
        return bytes(size)

    def int32(self, address):
        return struct.unpack('<i', self.read(address, 4))[0]

    def string(self, address):
        text = self.read(address, 200)
        return text[:text.index(b'\0')].decode('latin1')


def constant_name(symbol):
    """class_JSFunction__shared__SharedFunctionInfo -> JSFunction.shared: the last part, a type, changes between versions."""
    if not symbol.startswith('class_'):
        return symbol
    parts = symbol[6:].split('__')
    return '.'.join(parts[:2])


def main():
    elf = Elf(sys.argv[1])
    version = [elf.int32(elf.symbols[f'_ZN2v88internal7Version6{part}_E'][0]) for part in ('major', 'minor')]
    print('v8 %d.%d' % tuple(version))

    data = {name[6:]: elf.int32(value) for name, (value, _) in elf.symbols.items() if name.startswith('v8dbg_')}
    types = {}
    for name, number in data.items():
        if name.startswith('type_'):
            text = name.split('__', 1)[1]
            types[number] = text[:-5] if text.endswith('_TYPE') else text
    guessed = {}
    if len(sys.argv) > 2:
        for line in open(sys.argv[2]):
            word = line.split()
            if word[0] == 'type' and int(word[1]) not in types and word[2] not in types.values():
                guessed[int(word[1])] = word[2]
    for number in sorted({**types, **guessed}):
        print('type', number, types[number] if number in types else guessed[number] + ' ?')
    for name in sorted(data):
        if not name.startswith(('type_', 'parent_')):
            print('const', constant_name(name), data[name])

    address, size = elf.symbols['_ZN2v88internal10RootsTable11root_names_E']
    for index, pointer in enumerate(struct.unpack('<%dQ' % (size // 8), elf.read(address, size))):
        print('root', index, elf.string(pointer))
    metadata = next(name for name in elf.symbols if name.endswith('builtin_metadataE'))
    address, size = elf.symbols[metadata]
    for index in range(size // 24):
        print('builtin', index, elf.string(struct.unpack('<Q', elf.read(address + 24 * index, 8))[0]))


main()
