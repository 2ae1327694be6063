// SPDX-License-Identifier: Apache-2.0

import DovetailABI
import DovetailSystem
import DovetailWASI

/// What the resources of one received body share: its stream, and the trailers behind it.
final class IncomingBodyState {
    let reader: any BodyReader
    /// Whether a guest holds the stream.
    fileprivate(set) var isStreaming = false
    /// How the body ended.
    private(set) var outcome: Result<HTTPFields?, HTTPError>?
    /// Raised when it has ended, where somebody waits for that alone.
    private let ended = ReadinessSignal()
    private var isDraining = false

    init(_ reader: any BodyReader) { self.reader = reader }

    deinit { if outcome == nil { reader.cancel() } }

    /// Takes bytes; none where there are none yet, nil at the end.
    ///
    /// - Throws: why the body was cut short.
    func read(_ limit: Int) throws(HTTPError) -> [UInt8]? {
        if case .success? = outcome { return nil }
        do throws(HTTPError) {
            switch try reader.read(limit) {
            case .bytes(let bytes): return bytes
            case .pending: return []
            case .end(let trailers):
                end(.success(trailers))
                return nil
            }
        } catch {
            end(.failure(error))
            throw error
        }
    }

    private func end(_ outcome: Result<HTTPFields?, HTTPError>) {
        guard self.outcome == nil else { return }
        self.outcome = outcome
        ended.raise()
    }

    /// When the body has ended; what nobody took of it is passed over meanwhile.
    var end: Readiness {
        drain()
        if outcome != nil { return .ready }
        // On a thread of its own the guest looks again whenever there is more to pass over.
        guard let loop = EventLoop.current else { return reader.readiness }
        if !isDraining {
            isDraining = true
            // The reader belongs to the thread of the loop.
            nonisolated(unsafe) let state = self
            Task(executorPreference: loop) {
                while state.outcome == nil {
                    do { try await loop.wait(for: [state.reader.readiness]) } catch {
                        return state.end(.failure(.internalError("\(error)")))
                    }
                    state.drain()
                }
            }
        }
        return .signal(ended)
    }

    private func drain() {
        do throws(HTTPError) {
            while outcome == nil, let bytes = try read(64 << 10), !bytes.isEmpty {}
        } catch {
            return
        }
    }
}

/// The representation of the resource `wasi:http/types.incoming-body`.
final class WASIIncomingBody: WASI02HTTP.Types.IncomingBody {
    let state: IncomingBodyState
    private let wasi: WASIContext
    private var isTaken = false

    init(_ reader: any BodyReader, in wasi: WASIContext) {
        state = IncomingBodyState(reader)
        self.wasi = wasi
    }

    func stream() throws -> any WASI02.Streams.InputStream {
        guard !isTaken else { throw Empty() }
        isTaken = true
        return WASIInputStream(BodyInputStream(state), in: wasi)
    }
}

/// The bytes of a body, as a guest's stream.
private final class BodyInputStream: HostInputStream {
    private let state: IncomingBodyState

    init(_ state: IncomingBodyState) {
        self.state = state
        state.isStreaming = true
    }

    deinit { state.isStreaming = false }

    func read(_ limit: Int) throws(StreamError) -> [UInt8] {
        guard limit > 0 else { return [] }
        let bytes: [UInt8]?
        do throws(HTTPError) { bytes = try state.read(limit) } catch { throw .lastOperationFailed(IOFailure(error)) }
        guard let bytes else { throw .closed }
        return bytes
    }

    var readiness: Readiness { state.outcome == nil ? state.reader.readiness : .ready }
}

/// The representation of the resource `wasi:http/types.future-trailers`.
final class WASIFutureTrailers: WASI02HTTP.Types.FutureTrailers {
    private let state: IncomingBodyState
    private let wasi: WASIContext
    private var isTaken = false

    init(_ state: IncomingBodyState, in wasi: WASIContext) {
        self.state = state
        self.wasi = wasi
    }

    func subscribe() -> any WASI02.Poll.Pollable { Pollable(in: wasi) { [state] in state.end } }

    func get() -> Result<Result<(any WASI02HTTP.Types.Fields)?, WASI02HTTP.Types.ErrorCode>, Empty>? {
        guard case .ready = state.end, let outcome = state.outcome else { return nil }
        guard !isTaken else { return .failure(Empty()) }
        isTaken = true
        return .success(
            outcome.map { $0.map { WASIFields(immutable: $0.forGuests) } }.mapError { WASI02HTTP.Types.ErrorCode($0) })
    }
}
