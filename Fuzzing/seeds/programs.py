"""Small libraries in each shape that the symbol reader knows, an archive of them, and names as compilers mangle them."""

import lzma
import struct
import subprocess
import tempfile
import zlib
from pathlib import Path

SOURCE = "static int inner(int x) { return x * 3; } __attribute__((weak)) int weak(int x) { return inner(x) + 1; } int outer(int x) { return weak(x) - inner(x); }\n"
CXX = """#include <map>
#include <string>
template <class T> struct Box { T value; template <class U> U get(U (*f)(const T &)) const; };
template <class T> template <class U> U Box<T>::get(U (*f)(const T &)) const { return f(value); }
namespace deep { namespace er { struct It { It(); ~It(); int operator()(std::map<std::string, Box<It *>> &, void (It::*)(int)) const; }; } }
deep::er::It::It() {} deep::er::It::~It() {}
int deep::er::It::operator()(std::map<std::string, Box<It *>> &m, void (It::*)(int)) const { return m.size(); }
template unsigned Box<std::string>::get<unsigned>(unsigned (*)(const std::string &)) const;
"""
SWIFT = """public struct Box<T> { var value: T; public func map<U>(_ f: (T) throws -> U) rethrows -> Box<U> { .init(value: try f(value)) } }
public enum Way: Hashable { case one(Int, [String: Box<Double>?]), two
    public static func == (a: Way, b: Way) -> Bool { true }; public func hash(into h: inout Hasher) {} }
public func run(_ body: @escaping @Sendable (inout [Way]) async throws -> (Int, String)) async {}
"""
SMALL = ["-nostdlib", "-shared", "-fPIC", "-O1", "-Wl,-z,noseparate-code", "-Wl,-z,max-page-size=4096", "-Wl,--hash-style=sysv"]


def seeds():
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        yield from _files(here)
        yield from _names(here)


def _files(here):
    (here / "a.c").write_text(SOURCE)
    _call("cc", *SMALL, "-Wl,--build-id=sha1", "-o", here / "full", here / "a.c")
    _call("cc", *SMALL, "-Wl,--build-id=none", "-Wl,-Ttext=0x400100", "-o", here / "shifted", here / "a.c")
    _call("aarch64-linux-gnu-gcc", *SMALL, "-o", here / "arm64", here / "a.c")
    _call("objcopy", "--strip-all", here / "full", here / "dynamic")
    _call("objcopy", "--only-keep-debug", here / "full", here / "debug")
    (here / "packed").write_bytes(lzma.compress((here / "debug").read_bytes(), check=lzma.CHECK_CRC32))
    _call("objcopy", "--add-section", f".gnu_debugdata={here / 'packed'}", here / "dynamic", here / "mini")
    for name in ("full", "shifted", "arm64", "dynamic", "mini"):
        yield "symbol-files", name + ".so", (here / name).read_bytes()
    yield "symbol-files", "app.apk", _archive({"lib/x/full.so": (here / "full").read_bytes(), "lib/x/mini.so": (here / "mini").read_bytes()})
    yield "symbol-files", "kallsyms", b"ffffffff81000000 T _text\nffffffff81001000 t inner\nffffffffc0000000 t far\t[module]\nffffffff82000000 D data\n"


def _archive(files):
    """All stored as they are, as in an .apk whose libraries are mapped."""
    body, directory = b"", b""
    for name, content in files.items():
        common = struct.pack("<HHHHHIIIHH", 10, 0, 0, 0, 0, zlib.crc32(content), len(content), len(content), len(name), 0)
        directory += b"PK\x01\x02" + struct.pack("<H", 10) + common + struct.pack("<HHHII", 0, 0, 0, 0, len(body)) + name.encode()
        body += b"PK\x03\x04" + common + name.encode() + content
    end = struct.pack("<HHHHIIH", 0, 0, len(files), len(files), len(directory), len(body), 0)
    return body + directory + b"PK\x05\x06" + end


def _names(here):
    (here / "a.cc").write_text(CXX)
    (here / "a.swift").write_text(SWIFT)
    _call("c++", "-c", "-O1", "-o", here / "a.o", here / "a.cc")
    _call("swiftc", "-parse-as-library", "-c", "-module-name", "Sample", "-o", here / "b.o", here / "a.swift")
    names = []
    for file in ("a.o", "b.o"):
        found = sorted({line.split()[-1] for line in _call("nm", "--defined-only", here / file).splitlines()})
        names += [name for name in found if name.startswith(("_Z", "$s"))][:: max(1, len(found) // 12)]
    names += ["_ZN4core3fmt9Formatter9write_str17h0123456789abcdefE", "_T0s10DictionaryV", "main"]
    for place, name in enumerate(names):
        yield "mangled-names", f"{place:02}", name.encode()


def _call(*words):
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"Fuzzing/corpora: {' '.join(map(str, words))} failed: {done.stderr}")
    return done.stdout
