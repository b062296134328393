"""What TAB offers: the scripts of `sparekey completions` are loaded in real shells, and keys are pressed."""

import os
import subprocess

import pexpect
from reference import commands, is_group, leaves, options_of
from trial.instance import ADMIN, BINARY, Instance, discard, fresh_folder
from trial.tally import Tally

# What is typed, and the line it becomes: TAB completes, Enter runs.
KEYS = [
    ("us\t", "users"), ("users sh\t", "users show"), ("users list --js\t", "users list --json"),
    ("audit v\t --exp\t", "audit verify --expect"), ("gen\t --y\t", "generate-reset-token --yes"),
    ("hash make --format bc\t", "hash make --format bcrypt"), ("--vers\t", "--version"),
    ("completions fi\t", "completions fish"), ("users set --he\t", "users set --help"),
]
# Everything that bash offers for a line, one line of the script after the other.
ASK = """
ask() {
    COMP_LINE="$1" COMP_POINT=${#1} COMPREPLY=()
    read -ra COMP_WORDS <<<"$1"
    [[ "$1" == *' ' ]] && COMP_WORDS+=('')
    COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
    _sparekey sparekey "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
    echo "${COMPREPLY[*]}"
}
"""


class Shells:
    def __init__(self):
        self.folder = fresh_folder()
        self.environment = {"PATH": f"{self.folder}/bin:/usr/bin:/bin", "HOME": str(self.folder), "TERM": "dumb",
                            "LANG": "C.UTF-8", "SPAREKEY_DATA": str(self.folder / "data")}
        (self.folder / "bin").mkdir()
        (self.folder / "bin/sparekey").symlink_to(BINARY)

    def start(self, *arguments):
        return pexpect.spawn(arguments[0], list(arguments[1:]), env=self.environment, cwd=str(self.folder),
                             encoding="utf-8", timeout=120, dimensions=(50, 200))

    def run(self, *arguments):
        done = subprocess.run(arguments, env=self.environment, cwd=self.folder, capture_output=True, text=True,
                              timeout=300, start_new_session=True)
        return done.stdout, done.stderr, done.returncode

    def bash(self):
        shell = self.start("bash", "--norc", "--noprofile", "-i")
        shell.sendline("bind 'set enable-bracketed-paste off'; source <(sparekey completions bash)")
        return shell

    def zsh(self):
        (self.folder / "functions").mkdir()
        (self.folder / "functions/_sparekey").write_text(self.run("sparekey", "completions", "zsh")[0])
        shell = self.start("zsh", "-f", "-i")
        shell.sendline("unset zle_bracketed_paste; fpath=(~/functions $fpath); autoload -Uz compinit; compinit -u")
        return shell


def pressed(shell):
    """Problems with the lines that keys become. The program is replaced by one that repeats its words."""
    shell.sendline("sparekey() { printf '<%s>\\n' \"$*\"; }; echo re''ady")
    shell.expect("ready")
    problems = []
    for typed, wanted in KEYS:
        shell.send(f"sparekey {typed}\r")
        shell.expect(r"<([^<>\r\n]*)>\r?\n")
        if shell.match[1].strip() != wanted:
            problems.append(f"{typed!r} became {shell.match[1]!r}")
    shell.close(force=True)
    return problems


def offered(shells, lines):
    """What bash offers for each line, as sets of words."""
    script = ASK + 'source <(sparekey completions bash)\nwhile IFS= read -r line; do ask "$line"; done'
    done = subprocess.run(["bash", "--norc", "-c", script], env=shells.environment, cwd=shells.folder, text=True,
                          input="".join(line + "\n" for line in lines), capture_output=True, timeout=300)
    problems = [done.stderr] if done.stderr else []
    return dict(zip(lines, (set(line.split()) for line in done.stdout.splitlines()))), problems


def options(shells):
    """Every command offers the options that its help names, and each group its commands."""
    lines = {f"{name} --": options_of(name) for name in leaves()}
    for name in filter(is_group, commands()):
        below = {other.removeprefix(name).split()[0] for other in commands() if other.startswith(name + " ")}
        lines[f"{name} "] = below | ({"help", "--help", "--version"} if name == "sparekey" else set())
    found, problems = offered(shells, list(lines))
    return problems + [f"{line!r} offers {sorted(found.get(line, set()) ^ wanted)} too much or too little"
                       for line, wanted in lines.items() if found.get(line) != wanted]


def files(shells):
    (shells.folder / "backups").mkdir()
    (shells.folder / "sparekey.yaml").touch()
    wanted = {"sparekey users list --data ba": {"backups"}, "sparekey users list --config sparekey.y": {"sparekey.yaml"},
              "sparekey backup back": {"backups"}, "sparekey users show ": set(), "sparekey users list --data spar": set()}
    found, problems = offered(shells, list(wanted))
    return problems + [f"{line!r} offers {found.get(line)}" for line in wanted if found.get(line) != wanted[line]]


def no_instance(shells):
    """Nothing is opened or made, and nothing that is in an instance is offered."""
    problems = []
    for name in ("bash", "zsh", "fish"):
        out, err, status = shells.run("sparekey", "completions", name)
        problems += [f"{name}: ended with {status}: {err}"] if status or err or not out else []
        checked = subprocess.run([name, "-n"], input=out, text=True, capture_output=True, timeout=300)
        problems += [f"{name} does not read it: {checked.stderr}"] if checked.returncode else []
    return problems + (["a data folder was made"] if os.path.lexists(shells.folder / "data") else [])


def no_names(shells):
    Instance(shells.folder / "data").set_up()
    found, problems = offered(shells, ["sparekey users show ", f"sparekey reset-password {ADMIN[0][:2]}"])
    return problems + [f"{line!r} offers {words}" for line, words in found.items() if words]


def fish(shells):
    (shells.folder / ".config/fish/completions").mkdir(parents=True)
    (shells.folder / ".config/fish/completions/sparekey.fish").write_text(shells.run("sparekey", "completions", "fish")[0])
    problems = []
    for line, wanted in [("sparekey us", {"users"}), ("sparekey users list --js", {"--json"}),
                         ("sparekey users s", {"show", "set"}), ("sparekey hash make --format bc", {"bcrypt"})]:
        out, err, _ = shells.run("fish", "-c", f"complete --do-complete '{line}'")
        words = {text.split("\t")[0] for text in out.splitlines()}
        problems += [f"{line!r} offers {words} {err}"] if words != wanted else []
    return problems


def main():
    shells, tally = Shells(), Tally()
    tally.check("no instance is needed", no_instance(shells))
    tally.check("bash, TAB pressed", pressed(shells.bash()))
    tally.check("zsh, TAB pressed", pressed(shells.zsh()))
    tally.check("fish", fish(shells))
    tally.check("options and commands", options(shells))
    tally.check("files and folders", files(shells))
    tally.check("no account names", no_names(shells))
    discard(shells.folder)
    tally.finish("completions")


if __name__ == "__main__":
    main()
