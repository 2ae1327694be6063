// SPDX-License-Identifier: Apache-2.0

import DovetailTypes
import DovetailWIT
import Foundation

/// The conformance data beside the package, when it is there.
enum Corpus {
    static let folder: URL = {
        if let path = ProcessInfo.processInfo.environment["DOVETAIL_SHARED"] { return URL(filePath: path) }
        var root = URL(filePath: #filePath)
        for _ in 0..<3 { root.deleteLastPathComponent() }
        return root.deletingLastPathComponent().appending(path: "shared")
    }()

    static let isPresent = FileManager.default.fileExists(atPath: folder.appending(path: "conformance").path)

    struct Case {
        let id: String
        let folder: URL
        let fields: [String: Any]

        subscript(key: String) -> String? { fields[key] as? String }
        func url(_ key: String) -> URL? { self[key].map { folder.appending(path: $0) } }
        func json(_ key: String) throws -> Any? {
            guard let url = url(key) else { return nil }
            return try JSONSerialization.jsonObject(with: Data(contentsOf: url))
        }
    }

    static func cases(_ suite: String) throws -> [Case] {
        let base = folder.appending(path: "conformance").appending(path: suite)
        let data = try Data(contentsOf: base.appending(path: "manifest.json"))
        let manifest = try JSONSerialization.jsonObject(with: data) as? [String: Any]
        let cases = manifest?["cases"] as? [[String: Any]] ?? []
        return cases.map { fields in
            let path = fields["path"] as? String ?? ""
            return Case(id: fields["id"] as? String ?? "", folder: base.appending(path: path), fields: fields)
        }
    }
}

/// `tree` as Foundation has JSON.
func foundation(_ tree: JSONTree) -> Any {
    switch tree {
    case .null: return NSNull()
    case .number(let number): return NSNumber(value: number)
    case .bool(let bool): return NSNumber(value: bool)
    case .string(let text): return text as NSString
    case .array(let items): return items.map(foundation) as NSArray
    case .object(let members):
        let result = NSMutableDictionary()
        for member in members { result[member.key as NSString] = foundation(member.value) }
        return result
    }
}

/// The first place where two JSON values differ.
func difference(_ left: Any, _ right: Any, at path: String = "$") -> String? {
    if let left = left as? [String: Any], let right = right as? [String: Any] {
        for key in Set(left.keys).union(right.keys).sorted() {
            guard let one = left[key], let other = right[key] else {
                return "\(path).\(key): \(left[key] ?? "absent") against \(right[key] ?? "absent")"
            }
            if let found = difference(one, other, at: "\(path).\(key)") { return found }
        }
        return nil
    }
    if let left = left as? [Any], let right = right as? [Any] {
        for (index, pair) in zip(left, right).enumerated() {
            if let found = difference(pair.0, pair.1, at: "\(path)[\(index)]") { return found }
        }
        return left.count == right.count ? nil : "\(path): \(left.count) against \(right.count) elements"
    }
    if let left = left as? NSObject, let right = right as? NSObject, left.isEqual(right) { return nil }
    return "\(path): \(left) against \(right)"
}
