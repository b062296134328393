"""What a password looks like when it has leaked: as it is, in hexadecimal, in Base64, as UTF-16, as a sync key."""

import base64
import hashlib


def needles(username, password):
    """Byte strings by the name of their form. Base64 has three: a password may begin at any of three offsets."""
    raw = password.encode()
    forms = {"UTF-8": raw, "UTF-16": password.encode("utf-16-le"),
             "hex": raw.hex().encode(), "HEX": raw.hex().upper().encode()}
    for offset in range(3):
        # The characters at both ends depend on what stands beside the password, so they are left out.
        encoded = base64.b64encode(b"\0" * offset + raw)[(offset * 4 + 2) // 3:].rstrip(b"=")[:-1]
        forms[f"Base64 at {offset}"] = encoded
        forms[f"Base64 (URL) at {offset}"] = encoded.replace(b"+", b"-").replace(b"/", b"_")
    sync_key = hashlib.sha1(f"{username}:{password}".encode())
    forms["sync key"], forms["sync key, raw"] = sync_key.hexdigest().encode(), sync_key.digest()
    return forms


def find(haystack, where, secrets):
    """Problems: each secret that `haystack` holds in some form. `secrets` is a list of (username, password)."""
    return [f"{where} holds {username}'s password ({form})" for username, password in secrets
            for form, needle in needles(username, password).items() if needle in haystack]


def find_in_folder(folder, secrets):
    """Searches every file below, and returns (how many, problems)."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return len(files), [problem for path in files for problem in find(path.read_bytes(), str(path.name), secrets)]


def written_in_trace(log, secrets):
    """Problems in a `strace -xx` log: strings stand there as \\x41\\x42, so every needle is spelt that way."""
    return [f"a system call carried {username}'s password ({form})" for username, password in secrets
            for form, needle in needles(username, password).items()
            if "".join(f"\\x{byte:02x}" for byte in needle) in log]
