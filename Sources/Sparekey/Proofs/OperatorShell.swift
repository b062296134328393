extension Proof {
    /// The operator's shell: whoever can run `sparekey` with the data folder open before them. Never throttled (SEC-1);
    /// the operating system has already decided.
    public static let operatorShell = Proof(kind: "operator")
}
