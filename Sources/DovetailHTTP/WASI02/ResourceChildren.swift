// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailABI
import DovetailWASI

/// A resource with children, which a guest has to drop before it.
protocol ParentResource: AnyObject, SendableMetatype {
    /// What lives of it; nil where nothing does.
    var livingChild: String? { get }
}

/// How many children of a resource a guest has.
final class ResourceChildren {
    var count = 0
}

/// A request or response, whose children are its fields.
protocol MessageResource: ParentResource {
    var children: ResourceChildren { get }
}

extension MessageResource {
    var livingChild: String? { children.count > 0 ? "headers" : nil }
}

extension WASIIncomingRequest: MessageResource {}
extension WASIIncomingResponse: MessageResource {}
extension WASIOutgoingRequest: MessageResource {}
extension WASIOutgoingResponse: MessageResource {}

extension WASIIncomingBody: ParentResource {
    var livingChild: String? { state.isStreaming ? "stream" : nil }
}

extension WASIOutgoingBody: ParentResource {
    var livingChild: String? { state.isStreaming ? "stream" : nil }
}

extension Linker {
    /// Has guests trap that drop a parent before its children. Where it is given away, the children are its new owner's business.
    mutating func addHTTPParents() {
        typealias Types = WASI02HTTP.Types
        defineParent("incoming-request", (any Types.IncomingRequest).self, WASIIncomingRequest.self)
        defineParent("incoming-response", (any Types.IncomingResponse).self, WASIIncomingResponse.self)
        defineParent("incoming-body", (any Types.IncomingBody).self, WASIIncomingBody.self)
        defineParent("outgoing-request", (any Types.OutgoingRequest).self, WASIOutgoingRequest.self)
        defineParent("outgoing-response", (any Types.OutgoingResponse).self, WASIOutgoingResponse.self)
        defineParent("outgoing-body", (any Types.OutgoingBody).self, WASIOutgoingBody.self)
    }

    private mutating func defineParent<Interface, Object: ParentResource>(
        _ name: String, _ interface: Interface.Type, _ type: Object.Type
    ) {
        defineResource(name, in: "wasi:http/types@0.2.12", ResourceBox<Interface>.self) { _, box in
            guard let child = (box.object as? Object)?.livingChild else { return }
            throw WASIError.childLives(child, of: name)
        }
    }
}
