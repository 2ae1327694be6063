// SPDX-License-Identifier: Apache-2.0

import _Concurrency

@_extern(c, "dovetail_call_begin") private func beginCall() -> UnsafeMutableRawPointer
@_extern(c, "dovetail_call_run")
private func runTurn(_ call: UnsafeMutableRawPointer, _ root: UnsafeMutableRawPointer) -> Int32
@_extern(c, "dovetail_call_event")
private func continueTurn(_ event: Int32, _ waitable: Int32, _ code: Int32) -> Int32
@_extern(c, "dovetail_call_returns") private func callReturns() -> Bool
@_extern(c, "dovetail_call_confirm") private func confirm() -> Bool
@_extern(c, "dovetail_keep_memory") private func keepMemory(_ keeps: Bool)

/// Begins a call of an async export, whose work is `body`.
///
/// - Returns: what the core function returns: whether the call ended, yields or waits.
public func runCall(_ body: @escaping () async -> Void) -> Int32 {
    let call = beginCall()
    return runTurn(call, _startTask(body))
}

/// Goes on with a call of an async export: its callback.
public func continueCall(_ event: Int32, _ waitable: Int32, _ code: Int32) -> Int32 {
    continueTurn(event, waitable, code)
}

/// Runs what the author wrote, with what it needs; all that is gone when its result is lowered.
@inline(__always)
public func perform<Success>(_ body: () async -> Success) async -> Success { await body() }

/// Runs what the author wrote, with what it needs; all that is gone when its result is lowered.
@inline(__always)
public func outcome<Success, Failure: Error>(
    _ body: () async throws(Failure) -> Success
) async -> Result<Success, Failure> {
    do throws(Failure) { return .success(try await body()) } catch { return .failure(error) }
}

/// Runs `task.return`, unless the call's cancellation was confirmed.
@inline(__always)
public func returnFromCall(_ body: () -> Void) {
    if callReturns() { body() }
}

/// Confirms that the call of an exported function was cancelled by its caller: it gets no result, and what the function returns
/// later is dropped. (Concurrency.md, "Cancellation")
///
/// - Returns: whether it was cancelled. If not, nothing has happened.
@discardableResult
public func confirmCancellation() -> Bool { confirm() }

/// Waits until an import has returned, whether the running task is cancelled or not.
@inline(__always)
public func finishCall(_ status: Int32) async {
    // 2 is `RETURNED`.
    if status & 15 != 2 { await _resolved(status >> 4) }
}

/// Waits until an import has returned or, when the running task is cancelled, was cancelled.
///
/// - Returns: 2 if it returned, 3 if it was cancelled before it started, 4 if before it returned.
@inline(__always)
public func finishCancellableCall(_ status: Int32) async -> Int32 {
    status & 15 == 2 ? 2 : await _resolvedUnlessCancelled(status >> 4)
}

/// Takes back arguments that the callee did not get: `body` lifts them.
public func takeBack(_ body: () -> Void) {
    keepMemory(true)
    body()
    keepMemory(false)
}
