// SPDX-License-Identifier: Apache-2.0

package import DovetailSystem

/// The addresses of a name that a guest asked for, one after the other.
package final class AddressLookup {
    private let name: HostName?
    private let lookup: NameLookup
    private let access: NetworkAccess
    private var rest: ArraySlice<IPAddress>?

    /// Begins to look up a name, or reads an address.
    ///
    /// - Throws: ``SocketErrorCode/invalidArgument`` for what is neither, ``SocketErrorCode/accessDenied``.
    package init(_ text: String, _ access: NetworkAccess) throws(SocketErrorCode) {
        self.access = access
        if IPAddress(text) != nil {
            name = nil
            try access.allowParsing(text)
        } else {
            guard let name = HostName(text) else { throw .invalidArgument }
            try access.allowLookup(name)
            self.name = name
        }
        lookup = NameLookup.start(name?.text ?? text)
    }

    /// The next address; nil at the end.
    ///
    /// - Throws: ``SocketErrorCode/wouldBlock`` while there is no answer yet, or why there is none.
    package func next() throws(SocketErrorCode) -> IPAddress? {
        if rest == nil {
            switch lookup.result {
            case nil: throw .wouldBlock
            case .failure(let failure): throw SocketErrorCode(failure)
            case .success(let addresses):
                if let name { access.found(addresses, of: name) }
                rest = addresses[...]
            }
        }
        return rest?.popFirst()
    }

    /// When ``next()`` has an answer.
    package var readiness: Readiness { .signal(lookup.done) }
}
