#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""amalgamate.py FOLDER - writes the core as one file, FOLDER/hebb.c, with its headers

FOLDER/hebb.h and FOLDER/hebb_advanced.h are those of include/, as they are.

For programs that would rather carry a file than a library: cc -O2 -c hebb.c, and -lm -lpthread at the end.

The files of src/core follow one another, the kernels first, for the pragma in core.h that keeps products and sums apart must not reach
the headers of the compiler.  What is static in a file and has a name that another file has too gets the file's name before it;
macros are undefined behind the file that defines them.  Everything but hebb_*() becomes static.  The source is laid out by
clang-format, so that what stands at the beginning of a line stands outside of functions.
"""
import collections
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
CORE = ROOT / "src" / "core"
PUBLIC = ("hebb.h", "hebb_advanced.h")
HEADERS = (*PUBLIC, "core.h", "../core.h", "kernel/kernels.h", "kernels.h")
TOKEN = re.compile(r"/\*.*?\*/|//[^\n]*|\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|[A-Za-z_]\w*|\.\.\.|->|##|\d[\w.]*|\s+|.", re.S)
WORD = re.compile(r"[A-Za-z_]\w*\Z")


def fail(sentence):
    sys.exit(f"amalgamate.py: {sentence}")


def sources():
    """The kernels first, in the order of use: bf16.c is part of avx512.c, and kernels.c chooses."""
    kernels = sorted((CORE / "kernel").glob("*.c"), key=lambda file: (file.name == "kernels.c", file.name != "bf16.c", file.name))
    return kernels + sorted((CORE / "layer").glob("*.c")) + sorted(CORE.glob("*.c"))


def text_of(file):
    """A file with the .inc files that it includes, without headers of ours and feature macros, which stand at the beginning."""
    lines = []
    for line in file.read_text().splitlines():
        included = re.match(r'#include "(.*)"', line)
        if included and included[1].endswith(".inc"):
            lines += text_of(file.parent / included[1])
        elif included and included[1] in HEADERS:
            continue
        elif included:
            fail(f"{file.name} includes {included[1]}: where is that to go?")
        elif not re.match(r"#define _(GNU|POSIX_C)_SOURCE|/\* SPDX", line):
            lines.append(line)
    return lines


def without_comments(text):
    return "".join(token if not token.startswith(("/*", "//")) else " " for token in TOKEN.findall(text))


def own_names(text):
    """What a file defines outside of functions and only for itself."""
    text = re.sub(r"\\\n", " ", without_comments(text))
    names = set()
    for pattern in (
        r"^(?:static|INLINE)\b[^=;()]*?\b(\w+)\(",  # functions
        r"^(?:static\b|\})[^=;(){#]*?\b(\w+)(?:\[[^\]]*\])*\s*(?:=|;)",  # variables
        r"^(?:static |const )*(?:struct|union|enum) (\w+)\s*\{",
        r"^typedef\b[^;(]*?\b(\w+)(?:\s*__attribute__[^;]*)?;",
        r"^typedef \w+ (\w+)\(",
    ):
        names |= set(re.findall(pattern, text, re.M))
    for body in re.findall(r"^enum\s*\w*\s*\{(.*?)\}", text, re.M | re.S):
        names |= set(re.findall(r"(?:^|,)\s*(\w+)", body))
    return {name for name in names if not name.startswith(("hb_", "hebb_", "__"))}


def macros(text):
    return list(dict.fromkeys(re.findall(r"^#define (\w+)", text, re.M)))


def makers(text):
    """Macros that make a string or a name of an argument, which is thus to stay."""
    found = re.findall(r"^#define (\w+)\((.*?)(?<!\\)\n", text, re.M | re.S)
    return {name for name, body in found if "#" in re.sub(r'"[^"]*"', "", body)}


def renamed(text, names, prefix, pastes):
    """Names become prefix_name, but for members of structs and arguments of makers; if `pastes`, names that macros paste do too, but not those of HB_##NAME."""
    out, before, parameters, members, depth = [], "", set(), 0, 0
    tokens, keep = TOKEN.findall(text), makers(text)
    for i, token in enumerate(tokens):
        if token == "#" and tokens[i + 1] == "define":
            line = "".join(tokens[i + 4 : i + 60])
            parameters = set(re.findall(r"\w+", line[: line.index(")")])) if line.startswith("(") else set()
        elif token == "{" and (members or re.search(r"\n(?:static |const )*(?:struct|union) \w+ $", "".join(out[-12:]))):
            members += 1
        elif token == "}" and members:
            members -= 1
        elif token == "(" and (depth or before in keep and "".join(tokens[i - 4 : i - 1]) != "#define "):
            depth += 1
        elif token == ")" and depth:
            depth -= 1
        elif WORD.match(token) and not depth:
            pasted = pastes and before != "##" and not token.startswith("HB_") and "".join(tokens[i + 1 : i + 3]).lstrip().startswith("##")
            is_type = re.match(r"\s+[A-Za-z_]", "".join(tokens[i + 1 : i + 3]))
            member = before in (".", "->", "##") or members and before not in ("struct", "enum") and not is_type
            if pasted or token in names and not member:
                token = f"{prefix}_##{token}" if pasted and token in parameters else f"{prefix}_{token}"
        out.append(token)
        if not token.isspace():
            before = tokens[i]
    return "".join(out)


def made_static(text):
    """Definitions and declarations of hb_ functions and tables; arrays, which a static declaration cannot leave open, are defined early."""
    text = re.sub(r"^extern const struct hb_[^;]*\[\];\n", "", text, flags=re.M)
    text = re.sub(r"^extern const struct hb_", "static const struct hb_", text, flags=re.M)
    text = re.sub(r"^const struct hb_(?=[^;(]*=)", "static const struct hb_", text, flags=re.M)
    return re.sub(r"^(?!static|typedef|INLINE|#|extern)(?=[a-z][\w \*\n]*\bhb_\w+\()", "static ", text, flags=re.M)


def banner(name):
    return f"\n/* ==== {name} {'=' * (100 - len(name))} */\n\n"


def amalgamation():
    files = sources()
    texts = {file: "\n".join(text_of(file)) + "\n" for file in files}
    count = collections.Counter(name for text in texts.values() for name in own_names(text))
    version = re.search(r'#define HEBB_VERSION "(.*)"', (ROOT / "include/hebb.h").read_text())[1]
    out = [
        f"/*\n * hebb.c - the core of Hebb {version} in one file; hebb.h and hebb_advanced.h are its interface\n *\n"
        " *     cc -O2 -c hebb.c     and -lm -lpthread at the end; with -DHEBB_NO_THREADS without the latter\n *\n"
        " * Made from the files of src/core by scripts/amalgamate.py.\n *\n",
        *(f" * {line}\n".replace(" \n", "\n") for line in (ROOT / "LICENSE").read_text().splitlines()),
        " */\n#ifdef __linux__\n#define _GNU_SOURCE\n#endif\n#define _POSIX_C_SOURCE 200809L\n#include \"hebb_advanced.h\"\n",
        '#ifdef __GNUC__\n#pragma GCC diagnostic ignored "-Wunused-function" /* some are for tests */\n#endif\n',
    ]
    core = None
    for header in (CORE / "kernel/kernels.h", CORE / "core.h"):
        body = "\n".join(text_of(header)) + "\n"
        if header.name == "core.h":
            core = banner(header.name) + made_static(body)
        else:
            out.append(banner(header.name) + made_static(body))
    for file in files:
        text = texts[file]
        if file.parent.name != "kernel" and core:
            out.append(core)
            core = None
        names = {name for name in own_names(text) if count[name] > 1}
        kernels = ".inc" in file.read_text()
        if kernels:
            names = own_names(text)
        out.append(banner(str(file.relative_to(CORE))))
        out.append(made_static(renamed(text, names, file.stem, kernels)))
        out += [f"#undef {name}\n" for name in macros(text)]
    return "".join(out)


def main():
    if len(sys.argv) != 2:
        fail("usage: amalgamate.py FOLDER")
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "hebb.c").write_text(amalgamation())
    for header in PUBLIC:
        (folder / header).write_text((ROOT / "include" / header).read_text())


main()
