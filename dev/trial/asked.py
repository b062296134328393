"""Somebody asks for a reset code, as the server would write it down: the row is sealed without any of Sparekey's code."""

import ctypes
import ctypes.util
import hmac
import os
import sqlite3
import time
import uuid

_crypto = ctypes.CDLL(ctypes.util.find_library("crypto"))
_crypto.EVP_CIPHER_CTX_new.restype = ctypes.c_void_p
_crypto.EVP_aes_256_gcm.restype = ctypes.c_void_p
GET_TAG = 0x10  # EVP_CTRL_AEAD_GET_TAG of openssl/evp.h


def ask(instance, name):
    """Adds a request for `name` to a SQLite instance."""
    key = bytes.fromhex((instance.folder / "instance.key").read_text())
    identity = str(uuid.uuid4())
    sealed = seal(key, name.encode(), f"reset_request/{identity}/name")
    connection = sqlite3.connect(instance.sqlite_file)
    with connection:
        connection.execute("UPDATE counter SET value = value + 1 WHERE name = 'request'")
        connection.execute(
            "INSERT INTO reset_request (id, number, sealed_name, address, state, over_budget, created_at) "
            "SELECT ?, value, ?, '192.0.2.7', 'new', 0, ? FROM counter WHERE name = 'request'",
            (identity, sealed, time.time_ns() // 1000))
    connection.close()


def seal(key, plain, row):
    """AES-256-GCM under the sub-key `seal`: nonce, ciphertext, tag."""
    sub_key = hmac.digest(hmac.digest(bytes(32), key, "sha256"), b"sparekey/1/seal\x01", "sha256")
    nonce, associated = os.urandom(12), row.encode()
    context = ctypes.c_void_p(_crypto.EVP_CIPHER_CTX_new())
    written = ctypes.c_int()
    out = ctypes.create_string_buffer(len(plain) + 16)
    tag = ctypes.create_string_buffer(16)
    steps = [
        _crypto.EVP_EncryptInit_ex(context, ctypes.c_void_p(_crypto.EVP_aes_256_gcm()), None, sub_key, nonce),
        _crypto.EVP_EncryptUpdate(context, None, ctypes.byref(written), associated, len(associated)),
        _crypto.EVP_EncryptUpdate(context, out, ctypes.byref(written), plain, len(plain)),
        _crypto.EVP_EncryptFinal_ex(context, None, ctypes.byref(written)),
        _crypto.EVP_CIPHER_CTX_ctrl(context, GET_TAG, 16, tag),
    ]
    _crypto.EVP_CIPHER_CTX_free(context)
    if steps != [1] * len(steps):
        raise RuntimeError("libcrypto could not seal")
    return nonce + out.raw[:len(plain)] + tag.raw
