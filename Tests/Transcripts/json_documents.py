"""The `--json` of every command, held against the schemas in schemas/: one document on standard output and nothing else there;
an error is one document on standard error, behind the talk. A command without a schema, an answer or an error fails."""

import json
import pathlib
import shutil
import sqlite3

import jsonschema
import referencing
from reference import leaves
from trial import cluster
from trial.asked import ask
from trial.instance import Instance, discard, fresh_folder
from trial.tally import Tally

SCHEMAS = pathlib.Path(__file__).parent / "schemas"
FIXTURES = pathlib.Path(__file__).parent.parent / "Fixtures/apps"
GOOD, OTHER, WEAK = "meadow-Copper-74-signal", "harbour-Violet-31-anchor", "zqxj~7"
HASH = "$2b$12$nIyXCmnfMAMiIk.F6hHLV.LSOZbngkJhLtYpmSiVL9IEilWvbvmXm"
HASHED = "correct horse battery staple"
NOBODY = "3:" + "00" * 32
# In this order, on one instance: the words, the status, and the line on standard input.
# Status 0 wants an answer. "both" (1), "both 65" and "both 78" want an answer and an error: what was asked for was found, and it is bad.
CASES = [
    ("users list", "", 69), ("setup", "--email ada@example.org", 64),
    ("setup", "--email ada --display-name Ada --domain files.example.org --generate", 65),
    ("setup", "--email ada@example.org --username ada --display-name Ada --domain files.example.org --generate", 0),
    ("setup", "--email ada@example.org --display-name Ada --domain files.example.org --generate", 77),
    ("users add", "--username grace --email grace@example.org --password-stdin", 0, GOOD),
    ("users add", "--username alan --display-name {odd} --generate --no-force-change", 0),
    ("users add", "--username alan --generate", 65), ("users add", "--username eve --password-stdin", 65, WEAK),
    ("users add", "--username eve --generate --force-change --no-force-change", 64), ("users add", "", 64),
    ("users list", "", 0), ("users list", "--limit 1", 0), ("users list", "--search nobody", 0),
    ("users list", "--limit 0", 64), ("users list", "--limit many", 64), ("users list", "--frobnicate", 64),
    ("users show", "grace", 0), ("users show", "nobody", 67), ("users show", "", 64),
    ("users unlock", "grace", 0), ("users unlock", "nobody", 67), ("users unlock", "", 64),
    ("users set", "grace --display-name Hopper", 0), ("users set", "grace", 64), ("users set", "ada --no-admin", 77),
    ("users set", "grace --email ada@example.org", 65),
    ("users disable", "alan", 0), ("users disable", "ada", 77), ("users disable", "nobody", 67),
    ("users enable", "alan", 0), ("users enable", "nobody", 67),
    ("reset-password", "grace", 0), ("reset-password", "grace --password-stdin", 0, OTHER),
    ("reset-password", "grace --password-stdin --no-undo --no-force-change", 0, GOOD),
    ("reset-password", "grace window-Saffron-19-ladder", 0), ("reset-password", "grace --dry-run", 0),
    ("reset-password", "--list", 0), ("reset-password", "grace --password-stdin", 65, WEAK),
    ("reset-password", "nobody", 67), ("reset-password", "", 64), ("reset-password", "grace --generate --password-stdin", 64),
    ("resets list", "", 0), ("resets list", "--limit 1", 0), ("resets list", "--limit 1001", 64),
    ("resets show", "1", 0), ("resets show", "99", 65), ("resets show", "twelve", 64),
    ("undo", "4", 0), ("undo", "4", 65), ("undo", "99", 65), ("resets show", "5", 0),
    ("requests list", "", 0), ("requests list", "--limit 1", 0), ("requests list", "--limit 0", 64),
    ("requests show", "1", 0), ("requests show", "99", 65), ("requests show", "one", 64),
    ("requests approve", "1", 0), ("requests show", "1", 0), ("requests approve", "1", 65), ("requests approve", "2", 67),
    ("requests deny", "2", 0), ("requests deny", "2", 65), ("requests list", "--after 3", 0),
    ("generate-reset-token", "grace", 0), ("generate-reset-token", "", 64), ("generate-reset-token", "nobody", 67),
    ("cleanup-tokens", "", 0), ("cleanup-tokens", "--all", 0), ("cleanup-tokens", "everything", 64),
    ("hash make", "--password-stdin", 0, GOOD), ("hash make", "--format bcrypt --cost 4 --password-stdin", 0, GOOD),
    ("hash make", "--format rot13 --password-stdin", 64, GOOD), ("hash make", "", 64), ("hash make", "--cost 1 --password-stdin", 65, GOOD),
    ("hash verify", "{hash} --password-stdin", 0, HASHED), ("hash verify", "{hash} --password-stdin", 1, GOOD),
    ("hash verify", "{hash}", 64), ("hash identify", "{hash}", 0), ("hash identify", "nothing", 65),
    ("hash formats", "", 0), ("hash formats", "--frobnicate", 64),
    ("apps list", "", 0), ("apps list", "--frobnicate", 64), ("apps show", "gitea", 0), ("apps show", "nexus", 0),
    ("apps show", "thing", 78), ("apps show", "", 64),
    ("apps check", "--database {folder}/gitea.db", 0), ("apps check", "gitea --database sqlite:///{folder}/gitea.db", 0),
    ("apps check", "grafana --database {folder}/gitea.db", "both 78"), ("apps check", "--database {folder}/odd.db", "both 78"),
    ("apps check", "gitea --database {folder}/odd.db", "both 78"), ("apps check", "", 64),
    ("apps check", "--database {folder}/.htpasswd", 0), ("apps check", "authelia --database {folder}/.htpasswd", "both 78"),
    ("apps check", "thing --database {folder}/gitea.db", 78), ("apps check", "--database {folder}/none.db", 69),
    ("apps check", "--database {folder}/sparekey.db", 78), ("apps check", "--database gopher://db", 78),
    ("apps check", "--database mysql://nobody@127.0.0.1:1/none", 69),
    ("apps add", "git --database {folder}/gitea.db --login https://git.example.org/user/login --yes", 0),
    ("apps add", "git --database {folder}/gitea.db --yes", 65), ("apps add", "hub --database {folder}/gitea.db", 64),
    ("apps add", "hub --inspect /dev/null --yes", 78), ("apps list", "", 0), ("apps check", "git", 0),
    ("generate-reset-token", "--app git ada", 0), ("generate-reset-token", "--app git grace", 65),
    ("generate-reset-token", "--app git", 64),
    ("apps scan", "{folder}", 0), ("apps scan", "--frobnicate", 64),
    ("apps detect", "{folder}/gitea.db", 0), ("apps detect", "{folder}/gitea.db --no-profiles", 0),
    ("apps detect", "{folder}/odd.db", "both 65"), ("apps detect", "", 64), ("apps detect", "{folder}/none.db", 69),
    ("apps remove", "git", 64), ("apps remove", "git --yes", 0), ("apps remove", "git --yes", 78),
    ("users remove", "alan --yes", 0), ("users remove", "grace", 64), ("users remove", "ada --yes", 77),
    ("users remove", "nobody --yes", 67),
    ("audit list", "", 0), ("audit list", "--limit 1", 0), ("audit list", "--limit 0", 64),
    ("audit verify", "", 0), ("audit verify", "--expect {nobody}", "both"), ("audit verify", "--expect 3", 64),
    ("audit export", "{folder}/audit.jsonl", 0), ("audit export", "{folder}/audit.jsonl", 73), ("audit export", "-", 64),
    ("backup", "{folder}/one.backup", 0), ("backup", "{folder}/two.backup --with-key --password-stdin", 0, GOOD),
    ("backup", "{folder}/one.backup", 73), ("backup", "{folder}/three.backup --password-stdin", 64),
    ("restore", "{folder}/one.backup --dry-run", 0), ("restore", "{folder}/one.backup --yes", 0),
    ("restore", "{folder}/none.backup", 69), ("restore", "", 64),
    ("audit prune", "--before 2020-01-01 --yes", 0), ("audit prune", "", 64), ("audit prune", "--before never --yes", 64),
    ("key rotate", "--dry-run", 0), ("key rotate", "--yes", 0), ("key rotate", "", 64),
    ("move", "--to {postgres}", 0), ("move", "--back --yes", 0), ("move", "--to gopher://db", 78), ("move", "", 64),
    ("doctor", "", 0), ("doctor", "--data /nowhere", "both"), ("doctor", "--frobnicate", 64),
    ("serve", "--frobnicate", 64), ("completions", "bash", 0), ("completions", "zsh", 0), ("completions", "tcsh", 64),
    ("users list", "--database gopher://db", 78), ("users list", "--database postgres:///a?b", 78),
    ("users list", "--database postgres://nobody@127.0.0.1:1/none", 69), ("users list", "--config /nowhere/sparekey.yaml", 78),
    # What is no command, or half of one.
    ("frobnicate", "", 64), ("users", "", 64), ("", "", 64),
]
BOTH = {"both": 1, "both 65": 65, "both 78": 78}
# Runs until it is ended: there is no answer, only errors.
WITHOUT_ANSWER = {"serve"}
FILLED = {"{odd}": 'Alan "\\ \u202eTuring\n\t', "{hash}": HASH, "{nobody}": NOBODY}


def make_programs(folder):
    """Gitea's database, and one of nobody's whose names hold what no terminal should see."""
    gitea, odd = sqlite3.connect(folder / "gitea.db"), sqlite3.connect(folder / "odd.db")
    shutil.copy(FIXTURES / "htpasswd.file", folder / ".htpasswd")
    gitea.executescript((FIXTURES / "gitea.sql").read_text())
    odd.executescript("CREATE TABLE user (id \"\x1b[2J\u202e\n'{\", passwd \"INT\x1b]0;x\x07\u202e\")")
    gitea.close()
    odd.close()


def validators():
    """One for each file in schemas/, by the command's name."""
    documents = {path.stem: json.loads(path.read_text()) for path in SCHEMAS.glob("*.json")}
    resources = [(document["$id"], referencing.Resource.from_contents(document)) for document in documents.values()]
    registry = referencing.Registry().with_resources(resources)
    for document in documents.values():
        jsonschema.Draft202012Validator.check_schema(document)
    return {name: jsonschema.Draft202012Validator(document, registry=registry)
            for name, document in documents.items() if name != "common"}


def parsed(text, validator):
    """Problems of a text that has to be one document on one line, and the document."""
    if not text.endswith("\n") or text.count("\n") != 1:
        return [f"not one line: {text!r}"], None
    try:
        document = json.loads(text)
    except ValueError as error:
        return [f"{error}: {text!r}"], None
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(document)], document


def error(err, status, validator):
    """Problems of what was written to standard error: talk, and as the last line the error."""
    lines = err.splitlines(keepends=True)
    if not lines:
        return ["nothing on standard error"]
    problems, document = parsed(lines[-1], validator)
    if not problems and document["error"]["code"] != status:
        problems.append(f"says code {document['error']['code']} and ended with {status}")
    return problems + [f"not talk: {line!r}" for line in lines[:-1] if not line.startswith(("[CLI] ", "warning: "))]


def tried(instance, known, name, words, wanted, line=None):
    filled = [FILLED.get(word, word).replace("{folder}", str(instance.folder)) for word in words.split()]
    status, out, err = instance.run(*name.split(), *filled, "--json", password=line)
    expected = BOTH.get(wanted, wanted)
    problems = [] if status == expected else [f"ended with {status}, not {expected}: {err}"]
    answers = wanted in (0, 1, *BOTH)
    if answers:
        problems += parsed(out, known[name.replace(" ", "-")])[0]
    elif out:
        problems.append(f"standard output is not empty: {out!r}")
    return problems + (error(err, status, known["error"]) if wanted not in (0, 1) else [])


def complete(known):
    """Every command has a schema, a case that answers and one that fails; no schema is left over."""
    names = {name.removeprefix("sparekey ") for name in leaves()}
    problems = [f"{name} has no schema" for name in names - WITHOUT_ANSWER if name.replace(" ", "-") not in known]
    problems += [f"schemas/{file}.json is of no command" for file in known
                 if file != "error" and file not in {name.replace(" ", "-") for name in names}]
    for name in names:
        wanted = {case[2] for case in CASES if case[0] == name}
        problems += [f"{name} has no case that answers"] if not wanted & {0} and name not in WITHOUT_ANSWER else []
        problems += [f"{name} has no case that fails"] if not wanted - {0, 1} else []
    return problems


def main():
    folder, tally, known = fresh_folder(), Tally(), validators()
    instance = Instance(folder / "data")
    instance.folder.mkdir(mode=0o700)
    make_programs(instance.folder)
    tally.check("complete", complete(known))
    FILLED["{postgres}"] = cluster.new_database()
    asked = []
    for case in CASES:
        if case[0] == "requests list" and not asked:
            asked = [ask(instance, name) for name in ("grace", FILLED["{odd}"])]
        tally.check(f"sparekey {case[0]} {case[1]}", tried(instance, known, *case))
    discard(folder)
    tally.finish("json")


if __name__ == "__main__":
    main()
