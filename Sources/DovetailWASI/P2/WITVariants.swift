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

/// `wasi:io/streams.stream-error`.
struct StreamErrorVariant: Lowerable {
    let value: StreamError

    static var abi: StaticLayout { .variant(2, payload: Own<IOFailure>.abi) }
    static var shape: TypeShape {
        .variant([CaseShape("last-operation-failed", .own), CaseShape("closed")])
    }

    func lower(_ cx: inout CanonicalContext, into flat: inout FlatWriter) throws(ABIError) {
        switch value {
        case .lastOperationFailed(let failure):
            flat.write(0 as UInt32)
            try Own(failure).lower(&cx, into: &flat)
        case .closed:
            flat.write(1 as UInt32)
            flat.zeros(1)
        }
    }

    func store(_ cx: inout CanonicalContext, at offset: Int) throws(ABIError) {
        switch value {
        case .lastOperationFailed(let failure):
            cx.storeDiscriminant(0, at: offset, count: 2)
            let place = offset &+ StaticLayout.payloadOffset(2, payload: Own<IOFailure>.abi, cx.is64)
            try Own(failure).store(&cx, at: place)
        case .closed:
            cx.storeDiscriminant(1, at: offset, count: 2)
        }
    }
}

/// What a function of `wasi:io/streams` gives.
typealias StreamOutcome<Success> = ComponentResult<Success, StreamErrorVariant>
/// What a function of `wasi:filesystem/types` gives.
typealias FileOutcome<Success> = ComponentResult<Success, Enumeration<FileSystemErrorCode>>

/// Runs a stream operation: a ``StreamError`` goes to the guest, anything else ends its call.
func streamOutcome<Success>(_ operation: () throws -> Success) throws -> StreamOutcome<Success> {
    do {
        return .ok(try operation())
    } catch let error as StreamError {
        return .error(StreamErrorVariant(value: error))
    }
}

/// Runs a stream operation that gives nothing.
func streamOutcome(_ operation: () throws -> Void) throws -> StreamOutcome<Empty> {
    try streamOutcome { () throws -> Empty in
        try operation()
        return Empty()
    }
}

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
