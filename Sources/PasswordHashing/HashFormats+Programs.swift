extension HashFormats {
    /// Values that say which program wrote them, or which kind of program.
    static let programs: [any HashFormat] = web + accounts + directories

    private static let web: [any HashFormat] = [
        WerkzeugScrypt(), WerkzeugPbkdf2.sha256, WerkzeugPbkdf2.sha512, WerkzeugPbkdf2.sha1,
        LabelledHash.nextcloudArgon2id, LabelledHash.nextcloudArgon2i, LabelledHash.nextcloudBcrypt,
        WordPressBcrypt(), Phpass(), MediaWikiPbkdf2.sha512, MediaWikiPbkdf2.sha256,
    ]

    private static let accounts: [any HashFormat] = [
        JellyfinPbkdf2.sha512, JellyfinPbkdf2.sha1, AspNetIdentity.sha512, AspNetIdentity.sha256, AspNetIdentity.sha1,
        AspNetIdentityV2(), HomeAssistantBcrypt(), NodePasswordHash(),
    ]

    private static var directories: [any HashFormat] {
        var formats: [any HashFormat] = [Apr1(), DovecotPbkdf2.format]
        formats += LabelledHash.ldap as [any HashFormat]
        formats += LabelledHash.dovecot as [any HashFormat]
        formats += DigestLabel.all as [any HashFormat]
        return formats
    }
}
