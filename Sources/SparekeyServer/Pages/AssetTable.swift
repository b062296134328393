import Crypto
import Hummingbird
import NIOCore
import Sparekey
import SparekeyAssets

/// The files that pages load, each under a name that holds a hash of its bytes, so that browsers keep it for ever.
struct AssetTable: Sendable {
    private struct Asset: Sendable {
        let bytes: ByteBuffer
        let type: String
    }

    private let assets: [String: Asset]
    private let names: [String: String]

    /// - Parameter files: by their plain names.
    init(_ files: [String: [UInt8]]) {
        var assets: [String: Asset] = [:]
        var names: [String: String] = [:]
        for (file, bytes) in files {
            guard let dot = file.lastIndex(of: "."), let type = Self.types[String(file[dot...])] else { continue }
            let hash = Array(SHA256.hash(data: bytes).prefix(8)).hexadecimal
            let name = "\(file[..<dot])-\(hash)\(file[dot...])"
            assets[name] = Asset(bytes: ByteBuffer(bytes: bytes), type: type)
            names[file] = name
        }
        self.assets = assets
        self.names = names
    }

    /// The address of a file. That it exists is ours to see to.
    func url(_ file: String) -> String {
        guard let name = names[file] else { preconditionFailure("there is no asset \(file)") }
        return SiteURL.asset(name).path
    }

    func add(to open: RouteTable<VisitorContext>) {
        open.pages.on(.get, "/assets/:name", use: serve)
    }

    @Sendable private func serve(_ request: Request, _ context: VisitorContext) async throws -> Response {
        guard let asset = assets[try context.parameters.require("name")] else { throw Problem(.notFound) }
        let headers: HTTPFields = [
            .contentType: asset.type, .cacheControl: "public, max-age=31536000, immutable",
        ]
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: asset.bytes))
    }

    private static let types = [
        ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml",
    ]
}
