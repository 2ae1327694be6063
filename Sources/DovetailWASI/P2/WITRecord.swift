// SPDX-License-Identifier: Apache-2.0
internal import DovetailABI

/// A WIT record, which crosses the ABI as the tuple of its fields does.
protocol WITRecord: ComponentConvertible {
    /// The tuple of the fields, in order.
    associatedtype Fields: ComponentConvertible
    /// The labels, in order.
    static var labels: [String] { get }
    var fields: Fields { get }
    init(fields: Fields)
}

extension WITRecord {
    static var abi: StaticLayout { Fields.abi }

    static var shape: TypeShape {
        guard case .tuple(let shapes) = Fields.shape else { return Fields.shape }
        return .record(zip(labels, shapes).map { FieldShape($0, $1) })
    }

    func lower(_ cx: inout CanonicalContext, into flat: inout FlatWriter) throws(ABIError) {
        try fields.lower(&cx, into: &flat)
    }

    func store(_ cx: inout CanonicalContext, at offset: Int) throws(ABIError) {
        try fields.store(&cx, at: offset)
    }

    static func lift(_ cx: inout CanonicalContext, from flat: inout FlatReader) throws(ABIError) -> Self {
        Self(fields: try Fields.lift(&cx, from: &flat))
    }

    static func load(_ cx: inout CanonicalContext, at offset: Int) throws(ABIError) -> Self {
        Self(fields: try Fields.load(&cx, at: offset))
    }
}

/// `wasi:clocks/wall-clock.datetime`.
struct DatetimeRecord: WITRecord {
    static let labels = ["seconds", "nanoseconds"]
    let fields: Tuple2<UInt64, UInt32>

    init(fields: Tuple2<UInt64, UInt32>) { self.fields = fields }
    init(_ time: WallTime) { fields = Tuple2(time.seconds, time.nanoseconds) }

    var time: WallTime { WallTime(seconds: fields.v0, nanoseconds: fields.v1) }
}

/// `wasi:filesystem/types.descriptor-stat`.
struct DescriptorStatRecord: WITRecord {
    typealias Fields = Tuple6<
        Enumeration<FileKind>, UInt64, UInt64, DatetimeRecord?, DatetimeRecord?, DatetimeRecord?
    >
    static let labels = [
        "type", "link-count", "size", "data-access-timestamp", "data-modification-timestamp",
        "status-change-timestamp",
    ]
    let fields: Fields

    init(fields: Fields) { self.fields = fields }
    init(_ status: FileStatus) {
        fields = Tuple6(
            Enumeration(status.kind), status.links, status.size, DatetimeRecord(status.accessed),
            DatetimeRecord(status.modified), DatetimeRecord(status.changed))
    }
}

/// `wasi:filesystem/types.directory-entry`.
struct DirectoryEntryRecord: WITRecord {
    static let labels = ["type", "name"]
    let fields: Tuple2<Enumeration<FileKind>, String>

    init(fields: Tuple2<Enumeration<FileKind>, String>) { self.fields = fields }
    init(_ entry: DirectoryEntry) { fields = Tuple2(Enumeration(entry.kind), entry.name) }
}

/// `wasi:filesystem/types.metadata-hash-value`.
struct MetadataHashRecord: WITRecord {
    static let labels = ["lower", "upper"]
    let fields: Tuple2<UInt64, UInt64>

    init(fields: Tuple2<UInt64, UInt64>) { self.fields = fields }
    init(_ hash: (lower: UInt64, upper: UInt64)) { fields = Tuple2(hash.lower, hash.upper) }
}
