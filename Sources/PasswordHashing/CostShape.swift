/// How a scheme spells its cost, which numbers it accepts, and from which it is strong enough.
///
/// Every format describes its own; ``HashCost`` knows none of them.
public struct CostShape: Sendable {
    /// One number of a cost, in the scheme's own unit.
    public struct Number: Sendable {
        /// The letter or word before `=`.
        public let name: String
        /// What is accepted from a stored value and from settings alike, checked before any work is done.
        public let range: ClosedRange<Int>

        public init(_ name: String, _ range: ClosedRange<Int>) {
            self.name = name
            self.range = range
        }
    }

    /// In the order of the spelling. None: the scheme has a fixed cost, spelled as the empty text.
    public let numbers: [Number]
    /// What to use when nobody says otherwise.
    public let recommended: [Int]
    /// A bound over several numbers together: the broken rule, or nil when all is well.
    let crossing: @Sendable ([Int]) -> String?
    /// Whether the numbers reach what OWASP's Password Storage Cheat Sheet asks, or what stands in for it.
    let floor: @Sendable ([Int]) -> Bool

    /// - Parameters:
    ///   - crossing: returns the rule that the numbers break together, or nil.
    ///   - floor: whether the numbers are strong enough for a new value.
    public init(
        _ numbers: [Number], recommended: [Int],
        crossing: @escaping @Sendable ([Int]) -> String? = { _ in nil },
        floor: @escaping @Sendable ([Int]) -> Bool
    ) {
        precondition(numbers.count == recommended.count, "a recommended cost has as many numbers as its shape")
        self.numbers = numbers
        self.recommended = recommended
        self.crossing = crossing
        self.floor = floor
    }

    /// One number is spelled alone (`12`), several with their names (`m=19456,t=2,p=1`).
    func spell(_ values: [Int]) -> String {
        guard numbers.count > 1 else { return values.map(String.init).joined() }
        return zip(numbers, values).map { "\($0.name)=\($1)" }.joined(separator: ",")
    }

    /// The numbers in `text`, spelled exactly as ``spell(_:)`` does; nil for anything else.
    func read(_ text: String) -> [Int]? {
        guard !numbers.isEmpty else { return text.isEmpty ? [] : nil }
        guard var reader = StoredText(text) else { return nil }
        var values: [Int] = []
        for (index, number) in numbers.enumerated() {
            if numbers.count > 1 {
                guard reader.take((index == 0 ? "" : ",") + number.name + "=") else { return nil }
            }
            guard let value = reader.decimal() else { return nil }
            values.append(value)
        }
        return reader.isAtEnd ? values : nil
    }

    /// Throws ``HashError/Code/outOfBounds`` unless every number and all together are allowed.
    func check(_ values: [Int], scheme: String) throws {
        for (number, value) in zip(numbers, values) where !number.range.contains(value) {
            let allowed = "\(number.range.lowerBound) to \(number.range.upperBound)"
            throw HashError.outOfBounds(scheme, "\(number.name)=\(value) is outside \(allowed)")
        }
        if let broken = crossing(values) { throw HashError.outOfBounds(scheme, broken) }
    }
}
