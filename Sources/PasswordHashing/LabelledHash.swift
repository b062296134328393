/// A label before a value of another format: `3|$argon2id$…`, `{CRYPT}$6$…`, `$wp$2y$…`. One instance a label and format.
///
/// What stands behind the label keeps its own bounds, its cost and its variants.
struct LabelledHash: HashFormat {
    let name: String
    /// What the program writes.
    let label: String
    let inner: any HashFormat
    let costShape: CostShape
    let variants: [String]
    /// What the program hashes in place of the password.
    let prepare: @Sendable (Password) -> Password

    /// - Parameters:
    ///   - variants: those of `inner`'s that the program reads, its own first; nil for all.
    ///   - recommended: the cost that the program itself makes; nil for `inner`'s recommendation.
    init(
        _ name: String, label: String, _ inner: any HashFormat, variants: [String]? = nil, recommended: [Int]? = nil,
        prepare: @escaping @Sendable (Password) -> Password = { $0 }
    ) {
        self.name = name
        self.label = label
        self.inner = inner
        self.variants = variants ?? inner.variants
        self.prepare = prepare
        costShape = recommended.map(inner.costShape.recommending) ?? inner.costShape
    }

    var canMake: Bool { inner.canMake }

    func parameters(of stored: String) throws -> HashParameters {
        let plain = try inner.parameters(of: taken(from: stored))
        return HashParameters(
            scheme: name, variant: plain.variant, cost: try cost(plain.cost.numbers), saltLength: plain.saltLength,
            keyLength: plain.keyLength, isOutdated: plain.isOutdated)
    }

    func verify(_ password: Password, against stored: String) throws -> Bool {
        try inner.verify(prepare(password), against: taken(from: stored))
    }

    func make(_ password: Password, cost: HashCost, variant: String?, salt: SaltSource) throws -> String {
        try checkMake(cost: cost, variant: variant)
        let plain = try inner.make(
            prepare(password), cost: inner.cost(cost.numbers), variant: variant ?? variants.first, salt: salt)
        return label + plain
    }

    /// What stands behind the label, if it is a value of the other format.
    private func taken(from stored: String) throws -> String {
        // Dovecot and OpenLDAP read theirs in any case; all capitals or none are what is written.
        guard [label, label.lowercased()].contains(where: { stored.utf8.starts(with: $0.utf8) }) else {
            throw HashError.malformed(name)
        }
        let plain = String(decoding: stored.utf8.dropFirst(label.utf8.count), as: UTF8.self)
        guard inner.identifies(plain) else { throw HashError.malformed(name) }
        if let variant = try? inner.parameters(of: plain).variant, !variants.contains(variant) {
            throw HashError.malformed(name)
        }
        return plain
    }
}

extension CostShape {
    /// The same numbers and bounds, with another recommendation.
    func recommending(_ numbers: [Int]) -> CostShape {
        CostShape(self.numbers, recommended: numbers, crossing: crossing, floor: floor)
    }
}
