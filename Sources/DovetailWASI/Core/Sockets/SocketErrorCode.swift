// SPDX-License-Identifier: Apache-2.0

internal import DovetailSystem

/// Why a socket operation failed: the codes of `wasi:sockets/network.error-code`, in their order.
public enum SocketErrorCode: UInt8, Error, CaseIterable, Sendable {
    case unknown, accessDenied, notSupported, invalidArgument, outOfMemory, timeout, concurrencyConflict
    case notInProgress, wouldBlock, invalidState, newSocketLimit, addressNotBindable, addressInUse, remoteUnreachable
    case connectionRefused, connectionReset, connectionAborted, datagramTooLarge, nameUnresolvable
    case temporaryResolverFailure, permanentResolverFailure

    /// The code for a failed system call; `unknown` for numbers that WASI has no name for.
    package init(_ error: SystemError) { self = Self.byError[error] ?? .unknown }

    private static let byError: [SystemError: SocketErrorCode] = Dictionary(
        [
            (.accessDenied, .accessDenied), (.notPermitted, .accessDenied), (.notSupported, .notSupported),
            (.operationNotSupported, .notSupported), (.optionNotSupported, .notSupported),
            (.protocolNotSupported, .notSupported), (.addressFamilyNotSupported, .notSupported),
            (.invalidArgument, .invalidArgument), (.destinationAddressRequired, .invalidArgument),
            (.outOfMemory, .outOfMemory), (.noBufferSpace, .outOfMemory), (.timedOut, .timeout),
            (.alreadyInProgress, .concurrencyConflict), (.tryAgain, .wouldBlock), (.wouldBlock, .wouldBlock),
            (.inProgress, .wouldBlock), (.alreadyConnected, .invalidState), (.notConnected, .invalidState),
            (.tooManyOpenFiles, .newSocketLimit), (.tooManyOpenFilesInSystem, .newSocketLimit),
            (.addressNotAvailable, .addressNotBindable), (.addressInUse, .addressInUse),
            (.networkUnreachable, .remoteUnreachable), (.hostUnreachable, .remoteUnreachable),
            (.networkDown, .remoteUnreachable), (.networkReset, .connectionReset),
            (.connectionRefused, .connectionRefused), (.connectionReset, .connectionReset),
            (.brokenPipe, .connectionReset), (.connectionAborted, .connectionAborted),
            (.protocolError, .connectionAborted), (.messageTooLong, .datagramTooLarge),
        ], uniquingKeysWith: { first, _ in first })

    package init(_ failure: NameLookup.Failure) {
        self =
            switch failure {
            case .unknownName: .nameUnresolvable
            case .temporary: .temporaryResolverFailure
            case .permanent: .permanentResolverFailure
            case .outOfMemory: .outOfMemory
            }
    }

    /// Does something of the system's; what fails comes out as its code.
    static func checking<Success>(_ body: () throws(SystemError) -> Success) throws(SocketErrorCode) -> Success {
        do { return try body() } catch { throw SocketErrorCode(error) }
    }
}
