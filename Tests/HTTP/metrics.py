"""/metrics: who may read it, and that Prometheus' own parser reads what it says; /openapi.json and the probes beside it."""

import time

from prometheus_client.parser import text_string_to_metric_families

from trial.instance import ADMIN
from trial.server import SECONDS, Server, fresh_instance
from trial.tally import Tally

TOKEN = "scrape-7f3a9c51e0d24b68"
GRACE = ("grace", "grace@example.org", "harbour-Violet-31-anchor")
FIGURES = {
    "process_start_time_seconds", "process_cpu_seconds", "process_resident_memory_bytes", "process_open_fds", "process_max_fds",
    "sparekey_http_requests", "sparekey_http_request_duration_seconds", "sparekey_connections_open", "sparekey_database_up",
}


def families(answer):
    return {family.name: family for family in text_string_to_metric_families(answer.body.decode())}


def value(found, name, **labels):
    """The sum over the samples that have these labels."""
    family = found[name]
    return sum(sample.value for sample in family.samples if labels.items() <= sample.labels.items()
               and not sample.name.endswith("_sum"))


def who_may(server):
    grace = server.token(*GRACE[::2])
    callers = {"nobody": None, "a user": grace, "a guess": TOKEN[:-1] + "9", "half of it": TOKEN[:8], "empty": "", "longer": TOKEN + "x"}
    problems = [f"{name} was answered {answer.status}" for name, token in callers.items()
                if (answer := server.call("GET", "/metrics", token=token)).status != 401]
    return problems + [f"{name} was answered {answer.status}" for name, token in (("the token", TOKEN), ("ada", server.token()))
                       if (answer := server.call("GET", "/metrics", token=token)).status != 200]


def form(server):
    answer = server.call("GET", "/metrics", token=TOKEN)
    found = families(answer)
    problems = [] if answer.header("content-type").startswith("text/plain; version=0.0.4") else [answer.header("content-type")]
    problems += [f"no {name}" for name in sorted(FIGURES - set(found))]
    problems += [f"{name} has no help" for name, family in found.items() if not family.documentation]
    lowest = {"process_resident_memory_bytes": 1e6, "process_cpu_seconds": 0.001, "process_open_fds": 3, "process_max_fds": 64,
              "sparekey_connections_open": 1, "sparekey_database_up": 1, "process_start_time_seconds": time.time() - 600}
    return problems + [f"{name} is {value(found, name)}" for name, least in lowest.items() if value(found, name) < least]


def counts(server):
    before = families(server.call("GET", "/metrics", token=TOKEN))
    for _ in range(3):
        server.call("GET", "/healthz")
    server.call("GET", "/window-Saffron-19-ladder?token=window-Saffron-19-ladder")
    server.call("DELETE", "/api/sessions/window-Saffron-19-ladder", token=server.token())
    server.raw(b"WINDOWSAFFRON /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    answer = server.call("GET", "/metrics", token=TOKEN)
    after = families(answer)
    problems = ["a caller's text is in a label"] if b"affron" in answer.body or b"SAFFRON" in answer.body else []
    for labels, more in (({"route": "/healthz", "method": "GET", "status": "200"}, 3), ({"route": "/metrics"}, 1),
                         ({"route": "/api/sessions/{id}", "status": "404"}, 1)):
        for name in ("sparekey_http_requests", "sparekey_http_request_duration_seconds"):
            grown = value(after, name, **labels) - value(before, name, **labels)
            problems += [] if grown == more else [f"{name} {labels} grew by {grown}, not {more}"]
    return problems


def connections(server):
    """Open connections are counted, and those that ended are not."""
    held = [server.connection() for _ in range(5)]
    for connection in held:
        connection.request("GET", "/healthz")
        connection.getresponse().read()
    many = value(families(server.call("GET", "/metrics", token=TOKEN)), "sparekey_connections_open")
    for connection in held:
        connection.close()
    end = time.monotonic() + SECONDS
    while (few := value(families(server.call("GET", "/metrics", token=TOKEN)), "sparekey_connections_open")) > many - 5:
        if time.monotonic() > end:
            return [f"{many} while five were held, {few} afterwards"]
    return [] if many >= 6 else [f"{many} while five were held"]


def description(server):
    answer = server.call("GET", "/openapi.json")
    document = answer.json
    problems = [] if document["openapi"].startswith("3.1.") else ["no OpenAPI 3.1"]
    paths = [path for path in document["paths"] if "{" not in path]
    problems += [f"{path} is described and is not there" for path in paths
                 if server.call("OPTIONS", path).status != 405]
    return problems + ([] if server.call("GET", "/openapi.json").body == answer.body else ["it is not the same twice"])


def main():
    tally = Tally()
    with fresh_instance() as instance:
        instance.add(*GRACE, "--no-force-change")
        with Server(instance, settings={"SPAREKEY_METRICS_TOKEN": TOKEN}) as server:
            server.secrets.add(TOKEN)
            for check in (who_may, form, counts, connections, description):
                tally.check(check.__name__, check(server))
        tally.check("the server itself", server.broken)
        with Server(instance) as server:
            refused = server.call("GET", "/metrics", token=TOKEN).status
            tally.check("without the setting nobody has a token", [] if refused == 401 else [f"answered {refused}"])
    tally.finish("metrics")


if __name__ == "__main__":
    main()
