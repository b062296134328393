"""Several operators reset one account of a program at the same time: by one data folder, and each by one of their own, where
only the program's database stands between them. Whoever is told that it is done has done it; the credential is of one piece.
Servers join where they are at hand (dev/with-postgres dev/with-mariadb)."""

import judges
from trial.instance import discard, fresh_folder
from trial.operator import Answer, Operator
from trial.program import SQLite, fixture, kinds
from trial.tally import Tally

CROWD = 6
OLD = "meadow-Copper-74-signal"


def race(kind, shared):
    folder = fresh_folder()
    program = kind(folder / "gitea.db") if kind is SQLite else kind("crowd_trial")
    try:
        program.load(fixture("gitea", kind))
        operators = [Operator(folder / ("data" if shared else f"data{number}")) for number in range(CROWD)]
        passwords = [f"harbour-Violet-{number}-anchor" for number in range(10, 10 + CROWD)]
        running = [operator.start("reset-password", "--database", program.address, "ada", "--password-stdin", "--yes",
                                  password=password) for operator, password in zip(operators, passwords)]
        answers = []
        for process in running:
            out, err = process.communicate(timeout=120)
            answers.append(Answer(process.returncode, out.decode(), err.decode()))
        return judged(program, answers, passwords) + journals(operators[:1] if shared else operators, answers)
    finally:
        program.remove()
        discard(folder)


def judged(program, answers, passwords):
    row = program.dump()["user"][1][1]
    entering = [password for password in [OLD, *passwords] if judges.gitea(row, password)]
    done = [password for password, answer in zip(passwords, answers) if answer.status == 0]
    problems = [] if len(entering) == 1 and entering[0] in done else [f"{entering} enters, done are {done}"]
    for answer in answers:
        problems += [] if answer.status == 0 else answer.refused(75)
    return problems


def journals(operators, answers):
    rows = [row for operator in operators if operator.sqlite_file.exists() for row in operator.journal()]
    done, finished = sum(row["state"] == "done" for row in rows), sum(answer.status == 0 for answer in answers)
    return ([] if done == finished else [f"{finished} were told that it is done, the journals hold {done}"]) + [
        f"reset {row['reset']} is {row['state']}" for row in rows if row["state"] not in ("done", "abandoned")]


def main():
    tally = Tally()
    for kind in kinds():
        tally.check(f"{kind.name}: one data folder", race(kind, shared=True))
        tally.check(f"{kind.name}: a data folder each", race(kind, shared=False))
    tally.finish("app resets side by side")


if __name__ == "__main__":
    main()
