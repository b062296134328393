/// The one of `names` that somebody most likely meant by `name`; nil only when there are none.
///
/// A name that `name` is the beginning or the last part of comes first (`policy` for `policy.preset`, `keep` for
/// `undo.keep`), then the smallest edit distance.
func nearestName(to name: String, among names: [String]) -> String? {
    let name = String(name.prefix(64)).lowercased()
    let related = names.first { $0.lowercased().hasPrefix(name + ".") || $0.lowercased().hasSuffix("." + name) }
    return related ?? names.min { editDistance(name, $0.lowercased()) < editDistance(name, $1.lowercased()) }
}

/// Levenshtein's distance in bytes, one row at a time.
func editDistance(_ left: String, _ right: String) -> Int {
    let right = Array(right.utf8)
    var row = Array(0...right.count)
    for (index, byte) in left.utf8.enumerated() {
        var diagonal = row[0]
        row[0] = index + 1
        for column in right.indices {
            let substituted = diagonal + (byte == right[column] ? 0 : 1)
            diagonal = row[column + 1]
            row[column + 1] = min(substituted, row[column] + 1, diagonal + 1)
        }
    }
    return row[right.count]
}
