import PasswordHashing
import Testing

@testable import Sparekey

@Suite("The costs behind the sign-in floor")
struct SignInCostTests {
    private let argon2 = "$argon2id$v=19$m=19456,t=2,p=1"
    private let bcrypt = "$2b$12"

    private func costs(_ kept: KeptSignInFloor? = nil) -> PresentCosts {
        PresentCosts(enough: 100, kept: kept)
    }

    @Test("values of one cost have one prefix, and it ends before the salt")
    func prefixes() throws {
        let password = Password(utf8: "a password")
        let cheap = [
            ("argon2id", "m=8,t=1,p=1", "$argon2id$v=19$m=8,t=1,p=1"), ("bcrypt", "4", "$2b$04"),
            ("pbkdf2-sha256", "1000", "$pbkdf2-sha256$i=1000,l=32"), ("scrypt", "ln=4,r=8,p=1", "$scrypt$ln=4,r=8,p=1"),
            ("sha512-crypt", "1000", "$6$rounds=1000"), ("yescrypt", "1", "$y$j75"),
            ("django-pbkdf2-sha256", "1000", "pbkdf2_sha256$1000"), ("django-scrypt", "ln=4,r=8,p=1", "scrypt$16$8$1"),
            ("django-argon2id", "m=8,t=1,p=1", "argon2$argon2id$v=19$m=8,t=1,p=1"),
            ("django-bcrypt-sha256", "4", "bcrypt_sha256$$2b$04"), ("wordpress-bcrypt", "4", "$wp$2y$04"),
            ("werkzeug-scrypt", "ln=4,r=8,p=1", "scrypt:16:8:1"), ("werkzeug-pbkdf2-sha256", "9", "pbkdf2:sha256:9"),
            ("nextcloud-argon2id", "m=8,t=1,p=1", "3|$argon2id$v=19$m=8,t=1,p=1"),
            ("nextcloud-bcrypt", "4", "1|$2y$04"),
            ("ldap-bcrypt", "4", "{CRYPT}$2y$04"), ("dovecot-sha512-crypt", "1000", "{SHA512-CRYPT}$6$rounds=1000"),
            ("jellyfin-pbkdf2-sha512", "9", "$PBKDF2-SHA512$iterations=9"),
        ]
        for (scheme, cost, prefix) in cheap {
            for _ in 0..<2 {
                let stored = try HashFormats.standard.make(password, cost: HashCost(scheme: scheme, text: cost))
                #expect(HashFormats.costPrefix(of: stored) == prefix)
            }
        }
        for none in ["", "$", "$$", "plain", "$1$", "$2", "scrypt$1", "{SSHA}", "1|"] {
            #expect(HashFormats.costPrefix(of: none) == nil)
        }
    }

    @Test("until there are enough samples the floor is twice the median of the slowest, then its 99th percentile")
    func percentile() {
        var costs = costs()
        costs.add(.milliseconds(20), costPrefix: argon2)
        costs.add(.milliseconds(200), costPrefix: bcrypt)
        #expect(costs.slowest == bcrypt)
        #expect(costs.hashFloor == .milliseconds(400))
        for number in 1..<100 { costs.add(.milliseconds(200 + number), costPrefix: bcrypt) }
        #expect(costs.hashFloor == .milliseconds(298))
    }

    @Test("the newest samples push out the oldest")
    func ring() {
        var samples = DurationSamples()
        for _ in 0..<DurationSamples.most { samples.add(.milliseconds(1)) }
        for _ in 0..<DurationSamples.most { samples.add(.milliseconds(7)) }
        #expect(samples.count == DurationSamples.most)
        #expect(samples.quantile(0) == .milliseconds(7) && samples.quantile(1) == .milliseconds(7))
    }

    @Test("a kept floor stands in until there are enough samples, unless it is from a faster machine")
    func kept() {
        var costs = costs(KeptSignInFloor(costPrefix: argon2, p99: .milliseconds(33)))
        #expect(costs.hashFloor == .milliseconds(33))
        costs.add(.milliseconds(20), costPrefix: argon2)
        #expect(costs.hashFloor == .milliseconds(33))
        var slower = self.costs(KeptSignInFloor(costPrefix: argon2, p99: .milliseconds(33)))
        slower.add(.milliseconds(50), costPrefix: argon2)
        #expect(slower.hashFloor == .milliseconds(100))
        for _ in 0..<99 { costs.add(.milliseconds(20), costPrefix: argon2) }
        #expect(costs.hashFloor == .milliseconds(20))
    }

    @Test("what is not present any more is forgotten")
    func forgotten() {
        var costs = costs(KeptSignInFloor(costPrefix: bcrypt, p99: .milliseconds(300)))
        costs.add(.milliseconds(20), costPrefix: argon2)
        costs.add(.milliseconds(200), costPrefix: bcrypt)
        costs.keepOnly([argon2])
        #expect(costs.slowest == argon2)
        #expect(costs.hashFloor == .milliseconds(40))
    }

    @Test("the floor covers what a sign-in does besides the hash, within bounds")
    func besides() {
        var costs = costs()
        costs.add(.milliseconds(20), costPrefix: argon2)
        #expect(costs.floor == .milliseconds(50))
        for _ in 0..<20 { costs.addBesides(.milliseconds(30)) }
        #expect(costs.floor == .milliseconds(70))
        for _ in 0..<20 { costs.addBesides(.seconds(5)) }
        #expect(costs.floor == .milliseconds(140))
        costs.add(.seconds(60), costPrefix: bcrypt)
        #expect(costs.floor == PresentCosts.longest)
    }

    @Test("a hash needs another when it is weaker than the directory asks, of another scheme or outdated")
    func needsRehash() throws {
        let needs = NeedsRehash(to: try HashCost(scheme: "argon2id", text: "m=16,t=2,p=1"))
        let password = Password(utf8: "a password")
        func stored(_ scheme: String, _ cost: String) throws -> String {
            try HashFormats.standard.make(password, cost: HashCost(scheme: scheme, text: cost))
        }
        #expect(try needs(stored("argon2id", "m=8,t=2,p=1")))
        #expect(try needs(stored("argon2id", "m=16,t=1,p=1")))
        #expect(try needs(stored("bcrypt", "4")))
        #expect(try needs(stored("argon2id", "m=16,t=2,p=1").replacing("v=19$", with: "")))
        #expect(try !needs(stored("argon2id", "m=16,t=2,p=1")))
        #expect(try !needs(stored("argon2id", "m=32,t=3,p=1")))
        #expect(!needs("no hash at all"))
    }
}
