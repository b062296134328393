"""Django REST framework itself, as Paperless-ngx and Linkding have it: the token that a phone got for the old password is void
after a reset, another person's goes on, and the new password gets another one. Linkding's newer tokens lie in a table of its own:
profile_cases.py has them."""

import json
import urllib.error
import urllib.parse
import urllib.request

from trial.django import Running, Site
from trial.instance import discard, fresh_folder
from trial.operator import Operator
from trial.program import SQLite, expect
from trial.tally import Tally

OLD = "harbour-Violet-31-anchor"
NEW = "meadow-Copper-74-signal"
SETTINGS = """
INSTALLED_APPS += ["rest_framework", "rest_framework.authtoken"]
ROOT_URLCONF = "trial_urls"
"""
URLS = """
from django.urls import path
from rest_framework.authentication import TokenAuthentication
from rest_framework.authtoken.views import obtain_auth_token
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView


class Who(APIView):
    authentication_classes = [TokenAuthentication]
    permission_classes = [IsAuthenticated]

    def get(self, request):
        return Response({"name": request.user.username})


urlpatterns = [path("token/", obtain_auth_token), path("who/", Who.as_view())]
"""


def asked(server, path, form=None, token=None):
    """Status and document; proxies that the environment names are left out."""
    request = urllib.request.Request(
        server.url + path, urllib.parse.urlencode(form).encode() if form else None,
        {"Authorization": f"Token {token}"} if token else {})
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=120) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as answer:
        return answer.code, {}


def token_of(server, username, password):
    status, document = asked(server, "/token/", {"username": username, "password": password})
    if status not in (200, 400):
        raise RuntimeError(f"the request for a token was answered {status}")
    return document.get("token")


def takes(server, token):
    status, document = asked(server, "/who/", token=token)
    if status not in (200, 401):
        raise RuntimeError(f"the call with a token was answered {status}")
    return document.get("name")


def there_and_back(server, program, operator, tally):
    ada, grace = token_of(server, "ada", OLD), token_of(server, "grace", OLD)
    tally.check("both have a token", [] if (takes(server, ada), takes(server, grace)) == ("ada", "grace") else ["they do not"])
    key = program.rows("SELECT id FROM auth_user WHERE username = 'ada'")[0]["id"]
    before = program.dump()
    answer = operator.reset(program.address, "ada", NEW, "--json")
    tally.check("reset", answer.expect(0) + expect(
        before, program.dump(), {f"auth_user[{key}].password", f"authtoken_token[{ada}] gone"}))
    tally.check("the earlier token is void", ["it is not"] if takes(server, ada) else [])
    tally.check("another person's goes on", [] if takes(server, grace) == "grace" else ["it does not"])
    tally.check("the old password gets none", ["it does"] if token_of(server, "ada", OLD) else [])
    later = token_of(server, "ada", NEW)
    tally.check("the new password gets one", [] if takes(server, later) == "ada" else ["it does not"])
    undone = operator.sparekey("undo", str(answer.document()["reset"])) if not answer.status else answer
    tally.check("undo", undone.expect(0) + (["the new password gets a token"] if token_of(server, "ada", NEW) else []) + (
        [] if token_of(server, "ada", OLD) else ["the old password gets none"]))


def main():
    tally, folder = Tally(), fresh_folder()
    try:
        place = folder / "site"
        place.mkdir()
        program = SQLite(place / "db.sqlite3")
        site = Site(place, program)
        (place / "trial_urls.py").write_text(URLS)
        with open(place / "trial_settings.py", "a") as settings:
            settings.write(SETTINGS)
        site.manage("migrate", "--verbosity", "0")
        site.people([("ada", "ada@example.org", OLD, "default", True), ("grace", "grace@example.org", OLD, "default", True)])
        with Running(site) as server:
            there_and_back(server, program, Operator(folder / "data"), tally)
    finally:
        discard(folder)
    tally.finish("Django REST framework's tokens")


if __name__ == "__main__":
    main()
