"""A browser at another program's own pages: it keeps cookies and follows no redirect."""

import http.cookiejar
import json
import urllib.error
import urllib.parse
import urllib.request


class Visitor:
    def __init__(self, server):
        self.url = server.url
        self.cookies = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(self.cookies), _NoRedirect())

    def call(self, path, form=None):
        """Status and text; a form is posted."""
        data = urllib.parse.urlencode(form).encode() if form else None
        try:
            with self.opener.open(self.url + path, data, timeout=120) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as answer:
            return answer.code, answer.read().decode()

    def json(self, path, form=None):
        status, text = self.call(path, form)
        if status != 200:
            raise RuntimeError(f"{path} answered {status}: {text[:400]}")
        return json.loads(text)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None
