"""Who may find a mutant: random scenarios under the laws, observations, unit tests, scenarios."""
import hashlib
import json
import os
import re
import shutil
import subprocess
import threading

TESTS = ["linger_core_tests", "linger_sim_tests"]
HOW_OFTEN = 5  # as long as with nobody on, in processor time, and 10 s: then it does not end


class Memory:
    """What was found, by whom and of what, so that whoever is interrupted goes on where he was."""

    def __init__(self, file):
        self.file = file
        self.lock = threading.Lock()
        self.found = json.loads(file.read_text()) if file.is_file() else {}

    def recall(self, key):
        with self.lock:
            return self.found.get(key, False)

    def keep(self, key, found):
        with self.lock:
            self.found[key] = found
            beside = self.file.with_suffix(".new")
            beside.write_text(json.dumps(self.found, indent=0))
            beside.replace(self.file)


def programs_of(whom):
    return ["linger", *(["linger-conform"] if "conformance" in whom else []),
            *(TESTS if "tests" in whom else [])]


def counted(things, word):
    return f"{len(things)} {word}{'s' if len(things) > 1 else ''}"


def laws_in(out, pattern):
    return sorted({law.strip() for law in re.findall(pattern, out, re.M)})


class Killers:
    def __init__(self, scratch, programs, whom, arguments):
        self.scratch, self.programs, self.whom = scratch, programs, whom
        self.arguments = arguments
        self.memory = Memory(scratch / "build/found.json")
        self.marks = {program.name: hashlib.sha256(program.read_bytes()).hexdigest()[:16]
                      for program in programs.iterdir() if program.is_file()}
        self.usual = {}  # what each program says with nobody on
        self.took = {}   # seconds of a processor

    # Name, program, what it is called with, and what its answer means. The cheapest first.
    def in_turn(self):
        everybody = [
            ("chance", "linger", ["check", "--random", self.arguments.random, "--jobs", 1],
             self.by_chance),
            ("conformance", "linger-conform", [self.arguments.conformance], self.by_conformance),
            *[(program, program, ["--gtest_brief=1", "--gtest_fail_fast"], self.by_tests)
              for program in TESTS],
            ("scenarios", "linger", ["check", "scenarios", "--jobs", 1], self.by_scenarios)]
        return [one for one in everybody
                if one[0] in self.whom or one[0] in TESTS and "tests" in self.whom]

    def run(self, name, program, arguments, number):
        """Its exit code, nothing if it does not end, and what it says."""
        own = self.scratch / f"build/running/{number}-{name}"
        shutil.rmtree(own, ignore_errors=True)
        own.mkdir(parents=True)
        environment = dict(os.environ, LINGER_MUTANT=str(number), TMPDIR=str(own),
                           TEST_TMPDIR=str(own))
        if name == "chance":
            arguments = [*arguments, "--out", own]
        seconds = int(10 + HOW_OFTEN * self.took.get(name, 600))
        before = os.times()
        done = subprocess.run(["prlimit", f"--cpu={seconds}:{seconds + 5}", self.programs / program,
                               *map(str, arguments)], cwd=self.scratch, env=environment,
                              capture_output=True, text=True, errors="replace")
        if number == 0:
            after = os.times()
            self.took[name] = (after.children_user + after.children_system -
                               before.children_user - before.children_system)
        shutil.rmtree(own, ignore_errors=True)
        is_out_of_time = done.returncode in (-24, -9, 152, 137)
        return None if is_out_of_time else done.returncode, done.stdout + done.stderr

    def with_nobody(self):
        """Each must be content; what it says is what others are compared with."""
        for killer in self.in_turn():
            name, judge = killer[0], killer[3]
            known = self.memory.recall(self.key(killer, "nobody"))
            if known is False:
                code, out = self.run(*killer[:3], 0)
                if code != 0:
                    return f"{name}: {judge(name, code, out)}\n{out[-2000:]}"
                lines = out.split("\n") if name == "scenarios" else []
                known = {"took": self.took[name], "usual": [line for line in lines if line]}
                self.memory.keep(self.key(killer, "nobody"), known)
            self.took[name], self.usual[name] = known["took"], known["usual"]
        return None

    def key(self, killer, whom):
        name, program, arguments, _ = killer
        return " ".join([whom, self.marks[program], name, *map(str, arguments)])

    def asks(self, killer, mutant):
        key = self.key(killer, mutant.identity())
        found = self.memory.recall(key)
        if found is False:
            code, out = self.run(*killer[:3], mutant.number)
            found = killer[3](killer[0], code, out)
            self.memory.keep(key, found)
        return found

    def find(self, mutant, thorough):
        for killer in self.in_turn():
            # Scenarios are many, and only for whom nobody else has found.
            if mutant.killers and (not thorough or killer[0] == "scenarios"):
                return
            if found := self.asks(killer, mutant):
                mutant.killers.append(found)

    # What an answer means: nothing, or what it found.

    def by_chance(self, _, code, out):
        if code is None:
            return "the random check does not end"
        laws = laws_in(out, r"^\d+: (.*?) at [\d.]+ ?\w*:")
        if laws:
            return "law: " + "; ".join(laws)
        return None if code == 0 else "a crash in the random check"

    def by_conformance(self, _, code, out):
        if code is None:
            return "the conformance runs do not end"
        if code == 0:
            return None
        differs = re.findall(r" DIFFERS$", out, re.M)
        return counted(differs, "observation") if differs else "a crash in the conformance runs"

    def by_tests(self, name, code, out):
        if code == 0:
            return None
        if code is None:
            return f"{name} does not end"
        failed = re.search(r"^\[  FAILED  \] ([\w/]+\.[\w/]+)", out, re.M)
        return f"`{failed[1]}`" if failed else f"a crash in {name}"

    def by_scenarios(self, name, code, out):
        if code is None:
            return "the scenarios do not end"
        lines = [line for line in out.split("\n") if line]
        laws = laws_in(out, r"law broken after step \d+, at [^:]*: (.+)")
        if laws:
            return "in a scenario the law " + "; ".join(laws[:2])
        if re.search(r"CHECK|model's own", out):
            return "the model's own checks, in a scenario"
        failed = [line for line in lines if line.startswith("FAIL")]
        if failed:
            return f"expectations of {counted(failed, 'scenario')}"
        changed = [line for line in lines if line not in self.usual[name]]
        if changed:
            return f"digests of {counted(changed, 'scenario')}"
        return None if code == 0 else "a crash in a scenario"
