"""Mutants, and a copy of the tree that has all of them: a variable of the environment says which is on."""
import fnmatch
import pathlib
import random
import re
import subprocess
import sys
import tomllib

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
SWITCH = """// Which planted bug is on.
#pragma once
#include <cstdlib>
namespace linger::core {
inline bool mutant(int number) {
  static const int on = [] {
    const char* text = std::getenv("LINGER_MUTANT");
    return text == nullptr ? 0 : std::atoi(text);
  }();
  return on == number;
}
}  // namespace linger::core
"""
# Where a mechanical mutant may be: what decides outcomes. Files that only read or write texts are
# left out, as are tables.
ROOMS = ["core/*.cc", "sim/broker*.cc", "sim/cluster.cc", "sim/controller.cc", "sim/network.cc",
         "sim/pipe.cc", "sim/partition_log.cc", "sim/produce_handler.cc", "sim/producer_state.cc",
         "sim/replication.cc", "sim/stepper*.cc", "sim/transaction_coordinator.cc",
         "sim/transaction_metadata.cc", "sim/group_coordinator.cc", "sim/coordinator_handler.cc"]
NOT_THERE = re.compile(r"(event|words|text|table|check|error|exception|versions|state_walk|rules)"
                       r"[a-z_]*\.cc$|config_|client_error")


class Mutant:
    def __init__(self, name, what, file, before, after, form):
        self.name, self.what, self.file = name, what, file
        self.before, self.after, self.form = before, after, form
        self.number = 0
        self.killers = []
        self.why = ""  # it survives

    def identity(self):
        return f"{self.name} {self.form} {self.before} / {self.after}"

    def choice(self):
        on = f"::linger::core::mutant({self.number})"
        if self.form == "expression":
            return f"({on} ? ({self.after}) : ({self.before}))"
        if self.form == "dropped":
            dropped = self.before.removesuffix(self.after)
            return f"if (!{on}) {{ {dropped} }} {self.after}"
        return f"if ({on}) {{ {self.after} }} else {{ {self.before} }}"


def planted_by_hand():
    with open(HERE / "mutants.toml", "rb") as file:
        return [Mutant(m["name"], m["what"], m["file"], m["before"], m["after"],
                       m.get("form", "statement")) for m in tomllib.load(file)["mutant"]]


# --- Mechanical mutants: one line each ---

CONDITION = re.compile(r"^(\s*(?:\} else )?if )\((.*)\)( \{| return[^;]*;| continue;| break;)$")
RETURN = re.compile(r"^(\s*return )([^{}?]* (?:<|>|<=|>=|==|!=) [^{}?]*);$")
STATEMENT = re.compile(r"^\s+(?!return|if|for|while|else|case|do|CHECK|using|throw|const|auto|break|"
                       r"continue|static|default)(?:[+-]{2})?[a-z_][\w.>\[\]*-]*"
                       r"(?:\(.*\)| (?:=|\+=|-=) [^{}]*)?;$")
ONE = re.compile(r" ([+-]) 1\b(?![.'\d])")


def is_balanced(text):
    depth = 0
    for character in text:
        depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(character, 0)
        if depth < 0:
            return False
    return depth == 0


def candidates(texts):
    for pattern in ROOMS:
        for file in sorted(texts):
            if not fnmatch.fnmatch(file, pattern) or NOT_THERE.search(file):
                continue
            lines = texts[file].split("\n")
            for i, line in enumerate(lines):
                code = line.split("//")[0].rstrip()
                begins = i > 0 and lines[i - 1].rstrip()[-1:] in ";{}"
                if "constexpr" in code or '"' in code or "float" in line or line.startswith("#"):
                    continue
                found = CONDITION.match(code)
                if found and is_balanced(found[2]) and not re.search(r"\*|;|\bauto\b", found[2]):
                    yield file, i, "a condition turned round", (
                        f"{found[1]}(::linger::core::mutant(NUMBER) != static_cast<bool>({found[2]}))"
                        f"{found[3]}")
                found = RETURN.match(code)
                if found and is_balanced(found[2]) and begins:
                    yield file, i, "a comparison turned round", (
                        f"{found[1]}::linger::core::mutant(NUMBER) != ({found[2]});")
                if STATEMENT.match(code) and is_balanced(code) and begins:
                    yield file, i, "a statement dropped", (
                        f"  if (!::linger::core::mutant(NUMBER)) {{ {code.strip()} }}")
                found = ONE.search(code)
                if found and begins:
                    other = "2" if found[1] == "+" else "0"
                    yield file, i, "off by one", (
                        code[:found.start()]
                        + f" {found[1]} (::linger::core::mutant(NUMBER) ? {other} : 1)"
                        + code[found.end():])


def in_turn(everywhere, draw):
    """At random, and one kind after another: there are many more statements than sums."""
    kinds = {}
    for candidate in everywhere:
        kinds.setdefault(candidate[2], []).append(candidate)
    for of_kind in kinds.values():
        draw.shuffle(of_kind)
    ordered = []
    while any(kinds.values()):
        ordered += [of_kind.pop() for of_kind in kinds.values() if of_kind]
    return ordered


class Tree:
    """The files under version control, with the mutants in them."""

    def __init__(self):
        listed = subprocess.run(["git", "-C", ROOT, "ls-files", "-z"], capture_output=True,
                                check=True).stdout.decode().split("\0")
        self.files = {name: (ROOT / name).read_bytes() for name in listed
                      if name and (ROOT / name).is_file()}
        self.texts = {name: data.decode() for name, data in self.files.items()
                      if re.fullmatch(r"(core|sim)/[a-z0-9_]+\.(cc|h)", name)}
        self.touched = set()  # (file, line) that no mechanical mutant may change

    def plant_by_hand(self, mutants):
        changed = set()
        for mutant in mutants:
            text = self.texts[mutant.file]
            if text.count(mutant.before) != 1:
                sys.exit(f"{mutant.name}: its text stands {text.count(mutant.before)} times in "
                         f"{mutant.file}, not once")
            self.texts[mutant.file] = text.replace(mutant.before, mutant.choice())
            changed.add(mutant.file)
        for name in changed:
            for i, line in enumerate(self.texts[name].split("\n")):
                if "::linger::core::mutant(" in line:
                    self.touched |= {(name, i - 1), (name, i), (name, i + 1)}

    def plant_mechanical(self, count, seed, first_number, leave_out):
        """Those that are kept for the seed; with another seed those that it draws from this tree."""
        kept = HERE / f"seed_{seed}.txt"
        if kept.is_file():
            chosen = self.kept(kept.read_text().splitlines())
        else:
            everywhere = [c for c in candidates(self.texts) if (c[0], c[1]) not in self.touched]
            chosen = in_turn(everywhere, random.Random(seed))
        planted = []
        texts = {}
        used = set()
        for file, line, what, code in chosen:
            if len(planted) == count:
                break
            name = f"{file}:{line + 1}"
            if (file, line) in used or any(fnmatch.fnmatch(name, one) for one in leave_out):
                continue
            used.add((file, line))
            lines = texts.setdefault(file, self.texts[file].split("\n"))
            number = first_number + len(planted)
            mutant = Mutant(name, f"{what}: `{lines[line].strip()}`", file, lines[line], code, "line")
            mutant.number = number
            lines[line] = code.replace("NUMBER", str(number))
            planted.append(mutant)
        for name, lines in texts.items():
            self.texts[name] = "\n".join(lines)
        return planted

    def kept(self, lines):
        """Each has its place in this tree, or somebody has to say what stands for it now."""
        there = {}
        counts = {}
        for candidate in candidates(self.texts):
            file, line, what, _ = candidate
            same = f"{file}: {what}: `{self.texts[file].splitlines()[line].strip()}`"
            counts[same] = counts.get(same, 0) + 1
            there[same if counts[same] == 1 else f"{same} #{counts[same]}"] = candidate
        lines = [line for line in lines if line and not line.startswith("#")]
        if gone := [line for line in lines if line not in there]:
            sys.exit("not in this tree:\n" + "\n".join(gone))
        chosen = [there[line] for line in lines]
        for file, line, _, _ in chosen:
            if (file, line) in self.touched:
                sys.exit(f"{file}:{line + 1} has two mutants")
        return chosen

    def write(self, scratch):
        """Only what differs from what is there, so that little is compiled again."""
        for name, text in self.texts.items():
            if "::linger::core::mutant(" in text:
                text = text.replace("#include", '#include "core/mutant.h"\n#include', 1)
            self.files[name] = text.encode()
        self.files["core/mutant.h"] = SWITCH.encode()
        scratch.mkdir(parents=True, exist_ok=True)
        for old in scratch.rglob("*"):
            name = str(old.relative_to(scratch))
            if old.is_file() and not name.startswith("build/") and name not in self.files:
                old.unlink()
        for name, data in self.files.items():
            target = scratch / name
            if target.is_file() and target.read_bytes() == data:
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
