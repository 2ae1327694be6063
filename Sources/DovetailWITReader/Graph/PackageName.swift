// SPDX-License-Identifier: Apache-2.0

public import DovetailTypes

/// The name of a WIT package: `wasi:clocks@0.2.3`. (WIT.md, "Package Names")
public struct PackageName: Hashable, Sendable {
    /// What stands before the colon.
    public let namespace: String
    /// What stands behind it.
    public var name: String
    /// The version, if there is one.
    public var version: SemanticVersion?

    /// Makes a package name.
    public init(namespace: String, name: String, version: SemanticVersion? = nil) {
        self.namespace = namespace
        self.name = name
        self.version = version
    }

    /// Reads `ns:name` or `ns:name@1.2.3`; `nil` when `text` is anything else.
    public init?(_ text: some StringProtocol) {
        var version: SemanticVersion?
        var rest = Substring(text)
        if let at = rest.firstIndex(of: "@") {
            guard let parsed = SemanticVersion(rest[rest.index(after: at)...]) else { return nil }
            version = parsed
            rest = rest[..<at]
        }
        let parts = rest.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty, !parts[1].contains("/") else { return nil }
        self.init(namespace: String(parts[0]), name: String(parts[1]), version: version)
    }

    /// The name of an interface or world of this package: `wasi:clocks/types@0.2.3`.
    public func qualified(_ item: String) -> String {
        let text = "\(namespace):\(name)/\(item)"
        guard let version else { return text }
        return "\(text)@\(version)"
    }
}

extension PackageName: CustomStringConvertible {
    /// The name as it is written.
    public var description: String {
        guard let version else { return "\(namespace):\(name)" }
        return "\(namespace):\(name)@\(version)"
    }
}
