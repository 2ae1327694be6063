// SPDX-License-Identifier: Apache-2.0
internal import DovetailABI

/// `wasi:filesystem/types.new-timestamp`.
struct NewTimestampVariant: Liftable {
    let value: NewTimestamp

    static var abi: StaticLayout { .variant(3, payload: DatetimeRecord.abi) }
    static var shape: TypeShape {
        .variant([CaseShape("no-change"), CaseShape("now"), CaseShape("timestamp", DatetimeRecord.shape)])
    }

    static func lift(_ cx: inout CanonicalContext, from flat: inout FlatReader) throws(ABIError) -> Self {
        let index = try cx.checkDiscriminant(flat.nextU32(), count: 3)
        guard index == 2 else {
            flat.skip(DatetimeRecord.abi.flatCount)
            return Self(value: index == 0 ? .noChange : .now)
        }
        return Self(value: .timestamp(try DatetimeRecord.lift(&cx, from: &flat).time))
    }

    static func load(_ cx: inout CanonicalContext, at offset: Int) throws(ABIError) -> Self {
        let index = try cx.loadDiscriminant(offset, count: 3)
        guard index == 2 else { return Self(value: index == 0 ? .noChange : .now) }
        let place = offset &+ StaticLayout.payloadOffset(3, payload: DatetimeRecord.abi, cx.is64)
        return Self(value: .timestamp(try DatetimeRecord.load(&cx, at: place).time))
    }
}

/// What a function of `wasi:filesystem/types` gives.
typealias FileOutcome<Success> = ComponentResult<Success, Enumeration<FileSystemErrorCode>>

/// Runs a file operation: a ``FileSystemErrorCode`` goes to the guest, anything else ends its call.
func fileOutcome<Success>(_ operation: () throws -> Success) throws -> FileOutcome<Success> {
    do {
        return .ok(try operation())
    } catch let error as FileSystemErrorCode {
        return .error(Enumeration(error))
    }
}

/// Runs a file operation that gives nothing.
func fileOutcome(_ operation: () throws -> Void) throws -> FileOutcome<Empty> {
    try fileOutcome { () throws -> Empty in
        try operation()
        return Empty()
    }
}
