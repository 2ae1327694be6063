// SPDX-License-Identifier: Apache-2.0

import DovetailTypes

/// What a name at the top of a file stands for.
enum ItemReference {
    case interface(InterfaceID)
    case world(WorldID)
    /// A mistake that has been reported.
    case missing
}

/// The types that an interface or world has by name.
struct Scope {
    var names: [String: (type: TypeID, span: SourceSpan)] = [:]
    var order: [String] = []
    /// Types that were declared but could not be resolved.
    var broken: Set<String> = []
}

struct DraftType {
    let definition: TypeDefinition
    let span: SourceSpan
    /// The places of record fields, for messages.
    var memberSpans: [SourceSpan] = []
    /// Whether it is a resource, perhaps behind aliases.
    var isResource = false
}

struct DraftInterface {
    var interface: Interface
    let span: SourceSpan
    var scope = Scope()
    var functionSpans: [SourceSpan] = []
    var functions: [FunctionDefinition] = []
}

struct DraftWorld {
    struct Include {
        let world: WorldID
        let names: [WITSyntax.Renaming]
        var stability: Stability
        let span: SourceSpan
    }

    var world: World
    let span: SourceSpan
    var importSpans: [WorldKey: SourceSpan] = [:]
    var exportSpans: [WorldKey: SourceSpan] = [:]
    var includes: [Include] = []
}
