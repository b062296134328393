/// What OpenLDAP keeps in `userPassword` beside the digests of ``DigestLabel``: `{CRYPT}` before a value of the system's
/// crypt(3), and `{ARGON2}` before a PHC string (openldap libraries/liblutil/passwd.c and servers/slapd/pwmods/argon2.c,
/// 2.5.13). Dovecot writes and reads `{CRYPT}` too.
extension LabelledHash {
    static let ldap = [
        LabelledHash("ldap-sha512-crypt", label: "{CRYPT}", ShaCrypt.sha512),
        LabelledHash("ldap-sha256-crypt", label: "{CRYPT}", ShaCrypt.sha256),
        LabelledHash("ldap-bcrypt", label: "{CRYPT}", Bcrypt(), variants: ["2y", "2b", "2a"]),
        LabelledHash("ldap-yescrypt", label: "{CRYPT}", Yescrypt()),
        LabelledHash("ldap-md5-crypt", label: "{CRYPT}", Md5Crypt()),
        LabelledHash("ldap-argon2id", label: "{ARGON2}", Argon2.id),
        LabelledHash("ldap-argon2i", label: "{ARGON2}", Argon2.i),
    ]
}
