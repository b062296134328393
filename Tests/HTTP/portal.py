"""The commands of the Proxmox Manager Portal's document, as they stand there but for host and ids (PMX-1 to PMX-4)."""

import json
import subprocess

from trial.server import Server, fresh_instance
from trial.tally import Tally

SETTINGS = """policy:
  preset: complex
hash:
  scheme: bcrypt
  cost: 12
"""
LOGIN = r"""curl -s -X POST http://localhost:3002/api/auth/login \
  -H "Content-Type: application/json" \
  -d '{"email":"admin@example.com","password":"AdminPassword123!"}' \
  | jq -r '.data.token'"""
RESET = r"""curl -X POST http://localhost:3002/api/users/{userId}/reset-password \
  -H "Content-Type: application/json" \
  -H "Authorization: Bearer $TOKEN" \
  -d '{"newPassword":"NewSecurePass123!"}'"""
CHANGE = r"""curl -X POST http://localhost:3002/api/auth/change-password \
  -H "Content-Type: application/json" \
  -H "Authorization: Bearer $TOKEN" \
  -d '{
    "currentPassword":"OldPassword123!",
    "newPassword":"NewSecurePass123!"
  }'"""
COMMAND_LINES = ("npm run reset-password user@example.com", "npm run reset-password user@example.com MyNewPassword123!")
RESET_MESSAGE = "Password reset successfully. User will be required to change password on next login."
CLASSES = (str.isupper, str.islower, str.isdigit, lambda character: not character.isalnum())


class Portal:
    def __init__(self, server, tally):
        self.server, self.tally = server, tally

    def equal(self, name, found, wanted):
        self.tally.check(name, [] if found == wanted else [f"{found!r} instead of {wanted!r}"])

    def shell(self, command, token=""):
        """Runs a command of the document by bash, with curl and jq as a person has them."""
        command = command.replace("http://localhost:3002", self.server.address)
        done = subprocess.run(["bash", "-c", command], env={"PATH": "/usr/bin:/bin", "TOKEN": token}, check=True,
                              capture_output=True, text=True, timeout=300)
        return done.stdout.strip()

    def reset_by_administrator(self, user):
        token = self.shell(LOGIN)
        self.server.secrets |= {token, "AdminPassword123!", "NewSecurePass123!", "MyNewPassword123!"}
        self.equal("the document's sign-in gives a token", len(token), 64)
        answer = json.loads(self.shell(RESET.replace("{userId}", user), token))
        self.equal("the document's reset answers as it says", answer, {
            "success": True, "message": RESET_MESSAGE,
            "data": {"user": {"id": user, "email": "user@example.com", "requirePasswordChange": True}}})
        stored = self.server.sql(f"SELECT password_hash FROM account WHERE id = '{user}'")[0][0]
        self.equal("the stored hash is bcrypt 12", stored[:7], "$2b$12$")

    def first_sign_in_afterwards(self):
        answer = self.server.login("user@example.com", "NewSecurePass123!").json["data"]
        self.equal("the next sign-in must change", answer["user"]["requirePasswordChange"], True)
        self.equal("and can do nothing else", self.server.call("GET", "/api/sessions", token=answer["token"]).status, 403)
        changed = CHANGE.replace("OldPassword123!", "NewSecurePass123!").replace('newPassword":"New', 'newPassword":"Own')
        self.equal("the document's change answers as it says", json.loads(self.shell(changed, answer["token"])),
                   {"success": True, "message": "Password changed successfully"})
        self.equal("the token stays good", self.server.call("GET", "/api/sessions", token=answer["token"]).status, 200)
        again = self.server.login("user@example.com", "OwnSecurePass123!").json["data"]["user"]
        self.equal("later sign-ins are ordinary", again["requirePasswordChange"], False)

    def command_line(self):
        """`docker exec … sh -c "npm run reset-password …"` is `sparekey reset-password …` here."""
        for line in COMMAND_LINES:
            arguments = line.split()[2:]
            status, out, _ = self.server.instance.run(*arguments)
            given = arguments[2] if len(arguments) == 3 else None
            password = given or out.strip()
            self.equal(f"{line} ends well", status, 0)
            self.equal(f"{line}: the password has four classes",
                       [any(map(has, password)) for has in CLASSES] + [len(password) >= 16], [True] * 5)
            if given:
                self.tally.check(f"{line} does not print it back", ["printed"] if given in out else [])
            answer = self.server.login("user@example.com", password)
            self.equal(f"{line}: it signs in and must be changed",
                       (answer.status, answer.json["data"]["user"]["requirePasswordChange"]), (200, True))

    def policy(self, user):
        token = self.shell(LOGIN)
        for password, missing in (("newsecurepass123!", "upper"), ("NEWSECUREPASS123!", "lower"), ("New1!New1!a", "length"),
                                  ("NewSecurePass!!!!", "digit"), ("NewSecurePass1234", "special")):
            answer = self.server.call("POST", f"/api/users/{user}/reset-password", {"newPassword": password}, token)
            self.equal(f"without {missing} it is 422", (answer.status, answer.kind), (422, "password-refused"))
            named = all(set(error) == {"rule", "message"} and error["message"] for error in answer.json["errors"])
            self.equal(f"without {missing} the rule is named", named and len(answer.json["errors"]) > 0, True)


def main():
    tally = Tally()
    with fresh_instance(prepared=False) as instance:
        settings = instance.folder / "sparekey.yaml"
        settings.write_text(SETTINGS)
        settings.chmod(0o600)
        instance.must("setup", "--email", "admin@example.com", "--username", "admin", "--display-name", "Portal",
                      "--domain", "portal.example.org", "--password-stdin", password="AdminPassword123!")
        instance.add("user", "user@example.com", "OldPassword123!")
        with Server(instance) as server:
            portal = Portal(server, tally)
            user = server.sql("SELECT id FROM account WHERE username = 'user'")[0][0]
            portal.reset_by_administrator(user)
            portal.first_sign_in_afterwards()
            portal.command_line()
            portal.policy(user)
        tally.check("every answer and every line of the log", server.broken)
    tally.finish("portal document")


if __name__ == "__main__":
    main()
