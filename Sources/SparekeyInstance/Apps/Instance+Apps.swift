public import SparekeyApps

extension Instance {
    /// The programs that the settings attach, in the file's order. Opens nothing else; no instance need exist.
    ///
    /// - Throws: ``InstanceError``.
    public static func apps(_ options: InstanceOptions) throws -> [AttachedApp] {
        try NamedInstance(options.forProgram).settings.apps
    }

    /// - Throws: ``InstanceError`` `badSettings`, naming those that are attached.
    public static func app(_ name: String, _ options: InstanceOptions) throws -> AttachedApp {
        try apps(options).named(name)
    }

    /// What its labels stand for.
    ///
    /// - Throws: ``InstanceError``.
    static func bindings(of name: String, _ options: InstanceOptions) throws -> AppBindings {
        let settings = try NamedInstance(options.forProgram).settings
        return AppBindings(try settings.apps.named(name), settings, environment: options.environment)
    }
}

extension [AttachedApp] {
    func named(_ name: String) throws -> AttachedApp {
        if let app = first(where: { $0.name == name }) { return app }
        let others = isEmpty ? "none is attached yet" : "attached are \(map(\.name).joined(separator: ", "))"
        throw InstanceError(
            .badSettings, reason: "no app of that name is attached",
            hint: "\(others); sparekey apps add NAME --database ADDRESS attaches one")
    }
}
