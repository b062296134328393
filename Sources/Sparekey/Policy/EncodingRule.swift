extension PolicyViolation {
    /// Only UTF-8 can be normalised, and only what is normalised matches however a keyboard composes its accents.
    static let notUTF8 = PolicyViolation(
        .encoding,
        message: "It is not valid UTF-8 text. Set the terminal or the program that sends it to UTF-8, "
            + "or use letters without accents.")
}
