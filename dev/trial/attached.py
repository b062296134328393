"""An instance with programs attached in every state: one that is ready, one that does not fit, one that is gone, one whose
server takes connections and never answers, and one whose hook cannot be run."""

import contextlib
import os
import socket

from trial.program import SQLite, fixture

PASSWORD = "moss-Lantern-71-anchor"
EVIL = "\u202e<b>x</b>\u202c"


@contextlib.contextmanager
def attached(instance):
    """Writes the settings of `instance`; the silent server goes with the context. Yields its socket."""
    place = instance.folder.parent / "programs"
    place.mkdir(mode=0o755, exist_ok=True)
    for name in ("gitea", "flashcard-flow", "django"):
        SQLite(place / f"{name}.db").load(fixture(name, SQLite))
    (place / "secret").write_text(PASSWORD + "\n")
    for path in (place / "secret", place / "password"):
        path.write_text(PASSWORD + "\n")
        path.chmod(0o600)
    with socket.create_server(("127.0.0.1", 0), backlog=64) as silent:
        port = silent.getsockname()[1]
        text = f"""apps:
  git:
    profile: gitea
    database: {place}/gitea.db
    login: https://git.example.org/user/login
  cards:
    profile: flashcard-flow
    database: {place}/flashcard-flow.db
    secrets: {{jwt-secret: {{file: {place}/secret}}}}
    hooks: {{refresh: {{argv: [{place}/none, --token, {PASSWORD}]}}}}
  charts:
    profile: grafana
    database: {place}/django.db
  gone:
    profile: palmr
    database: "{place}/{EVIL}.db"
  silent:
    profile: django
    database: postgres://site@127.0.0.1:{port}/site?sslmode=disable
    password_file: {place}/password
  strange:
    profile: nobody-has-it
    database: {place}/gitea.db
"""
        settings = instance.folder / "sparekey.yaml"
        settings.write_text(text)
        os.chmod(settings, 0o600)
        yield silent
