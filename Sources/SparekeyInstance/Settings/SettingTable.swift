internal import Sparekey

/// Every setting there is. A line here is all that reading, overriding, checking, suggesting and listing need.
///
/// The order is the listing's.
let settingTable: [SettingDefinition] = [
    .init("listen", "SPAREKEY_LISTEN", kind: .listenAddress, default: .text("127.0.0.1:8080")),
    .init(
        "public_url", "SPAREKEY_PUBLIC_URL", kind: .url,
        default: .unset("https:// and the domain of the set-up; http:// for localhost")),
    .init(
        "server_url", "SPAREKEY_SERVER_URL", kind: .serverAddress,
        default: .unset("none: the socket in the data folder")),
    .init("tls.certificate", "SPAREKEY_TLS_CERTIFICATE", kind: .path, default: .unset("none: plain http")),
    .init("tls.key", "SPAREKEY_TLS_KEY", kind: .path, default: .unset("none: plain http")),
    .init("trusted_proxies", "SPAREKEY_TRUSTED_PROXIES", kind: .addressRanges, default: .unset("none")),
    .init(
        "database", "SPAREKEY_DATABASE", "DATABASE_URL", kind: .address,
        default: .unset("sparekey.db in the data folder")),
    .init(
        "database_password_file", "SPAREKEY_DATABASE_PASSWORD_FILE", kind: .path, default: .unset("none")),
    .init(
        "data", "SPAREKEY_DATA", kind: .path,
        default: .unset("/var/lib/sparekey if it exists, else the XDG data folder")),
    .init("key_file", "SPAREKEY_KEY_FILE", kind: .path, default: .unset("instance.key in the data folder")),

    .init(
        "policy.preset", "SPAREKEY_POLICY", kind: .oneOf(PasswordPolicy.Preset.allCases.map(\.rawValue)),
        default: .text(PasswordPolicy.Preset.standard.rawValue)),
    .init(
        "policy.min_length", "SPAREKEY_POLICY_MIN_LENGTH", kind: .integer(PasswordPolicy.minLengthRange),
        default: .derived { String($0.passwordPolicy.minLength) }),
    .init(
        "policy.classes", "SPAREKEY_POLICY_CLASSES", kind: .oneOf(["0", "4"]),
        default: .derived { $0.passwordPolicy.requiresClasses ? "4" : "0" }),
    .init(
        "policy.strength_bits", "SPAREKEY_POLICY_STRENGTH_BITS", kind: .integer(PasswordPolicy.strengthBitsRange),
        default: .derived { String($0.passwordPolicy.strengthBits) }),
    .init(
        "policy.history", "SPAREKEY_POLICY_HISTORY", kind: .integer(PasswordPolicy.historyRange), default: .text("0")),

    .init("hash.scheme", "SPAREKEY_HASH", kind: .word, default: .text("argon2id")),
    .init(
        "hash.cost", "SPAREKEY_HASH_COST", kind: .word,
        default: .unset("m=19456,t=2,p=1 for argon2id, 12 for bcrypt")),

    .init(
        "temporary", "SPAREKEY_TEMPORARY", kind: .oneOf(TemporaryPasswords.Rule.allCases.map(\.rawValue)),
        default: .text(TemporaryPasswords.Rule.given.rawValue)),
    .init("temporary_lifetime", "SPAREKEY_TEMPORARY_LIFETIME", kind: .duration(atMost: nil), default: .text("24h")),
    .init("tokens.lifetime", "SPAREKEY_TOKEN_LIFETIME", kind: .duration(atMost: "7d"), default: .text("1h")),
    .init("tokens.keep_address", "SPAREKEY_TOKEN_KEEP_ADDRESS", kind: .boolean, default: .text("false")),
    .init("codes.lifetime", "SPAREKEY_CODE_LIFETIME", kind: .duration(atMost: "1h"), default: .text("10m")),
    .init(
        "codes.delivery", "SPAREKEY_CODE_DELIVERY", kind: .oneOf(CodeDeliveryPlace.allCases.map(\.rawValue)),
        default: .text(CodeDeliveryPlace.console.rawValue)),
    .init(
        "approval", "SPAREKEY_APPROVAL", kind: .oneOf(ApprovalRule.allCases.map(\.rawValue)),
        default: .text(ApprovalRule.off.rawValue)),
    .init("sessions.idle", "SPAREKEY_SESSION_IDLE", kind: .duration(atMost: "7d"), default: .text("1h")),
    .init("sessions.absolute", "SPAREKEY_SESSION_ABSOLUTE", kind: .duration(atMost: "30d"), default: .text("24h")),
    .init(
        "secret", "SPAREKEY_SECRET", "JWT_SECRET", kind: .secret(atLeast: 32), default: .unset("none"), secret: true),
    .init(
        "metrics_token", "SPAREKEY_METRICS_TOKEN", kind: .secret(atLeast: 16), default: .unset("none"), secret: true),
    .init("allow_admin_passwords", "SPAREKEY_ALLOW_ADMIN_PASSWORDS", kind: .boolean, default: .text("true")),
    .init("interactive_only", "SPAREKEY_INTERACTIVE_ONLY", kind: .boolean, default: .text("false")),
    .init("require_reason", "SPAREKEY_REQUIRE_REASON", kind: .boolean, default: .text("false")),
    .init("sync_keys", "SPAREKEY_SYNC_KEYS", kind: .boolean, default: .text("false")),
    .init("limits", "SPAREKEY_LIMITS", kind: .oneOf(["standard", "off"]), default: .text("standard")),
    .init(
        "limits.request", "SPAREKEY_LIMITS_REQUEST", kind: .rate,
        default: .text(ThrottleLimits.standard.request.setting)),
    .init(
        "limits.sign_in", "SPAREKEY_LIMITS_SIGN_IN", kind: .rate, default: .text(ThrottleLimits.standard.signIn.setting)
    ),
    .init("limits.guess", "SPAREKEY_LIMITS_GUESS", kind: .rate, default: .text(ThrottleLimits.standard.guess.setting)),
    .init("undo.keep", "SPAREKEY_UNDO_KEEP", kind: .duration(atMost: "72h"), default: .text("24h")),
]
