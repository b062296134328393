public import SparekeyApps

extension Instance {
    /// The profiles that these options and the machine give: those in the program, over them `profiles/` in /etc/sparekey,
    /// over them `profiles/` in the data folder. Opens nothing else; neither folder need exist.
    ///
    /// - Throws: ``InstanceError``; a profile that is not right is refused even where another was asked for.
    public static func profiles(_ options: InstanceOptions) throws -> ProfileShelf {
        do {
            let folders = try NamedInstance(options).profileFolders
            return try ProfileShelf(documents: folders.flatMap { try $0.documents() })
        } catch {
            throw InstanceError.translated(error)
        }
    }
}
