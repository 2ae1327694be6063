// SPDX-License-Identifier: Apache-2.0

import DovetailBindgen
import DovetailTypes
import DovetailWITReader

/// Writes the built-ins of the streams and futures of a world, and the functions that make some.
struct TransferWriter {
    let guest: SwiftGuest
    /// Members of the world's type.
    private(set) var members: [SwiftDeclaration] = []
    /// The imported core functions.
    private(set) var globals: [SwiftDeclaration] = []

    init(_ guest: SwiftGuest) {
        self.guest = guest
        for transfer in guest.transfers.values { write(transfer) }
    }

    private mutating func write(_ transfer: SwiftGuest.TransferType) {
        let root = GuestScope(guest: guest, scope: .world)
        let kind = transfer.isStream ? "Stream" : "Future"
        let int = root.library("Int32")
        let place = guest.pointer
        func core(_ name: String, _ parameters: [SwiftType], _ result: SwiftType?, isAsync: Bool = false) -> String {
            let swiftName = guest.global("import", transfer.name, name)
            guard let origin = transfer.origin else {
                // No function of the world has the type: there are no values of it.
                globals.append(missing(swiftName, parameters, result))
                return swiftName
            }
            let word = "[\(kind.lowercased())-\(name)-\(origin.position)]"
            globals.append(
                .imported(
                    origin.module, (isAsync ? "[async-lower]" : "") + word + origin.function, as: swiftName, parameters,
                    result))
            return swiftName
        }
        let make = core("new", [], root.library("Int64"))
        func operations(_ property: String, _ copy: String, _ drop: String) -> SwiftDeclaration {
            let type = root.library(kind + "Operations")
            return root.computed(
                property, type,
                .make(
                    type,
                    [
                        SwiftArgument(
                            "copy",
                            .name(core(copy, [int, place] + (transfer.isStream ? [int] : []), int, isAsync: true))),
                        SwiftArgument("cancel", .name(core("cancel-" + copy, [int], int))),
                        SwiftArgument("drop", .name(core(drop, [int], nil))),
                    ]))
        }
        let access = guest.access
        let makes = SwiftFunction(
            name: "make", result: root.library("Int64"), body: [.expression(.call(.name(make), []))])
        let body = [
            SwiftDeclaration(.alias("Element", transfer.codec), modifiers: access),
            SwiftDeclaration(.function(makes), modifiers: access + ["static"]),
            operations("reading", "read", "drop-readable"), operations("writing", "write", "drop-writable"),
        ]
        let element = guest.valueType(of: transfer.element, from: transfer.scope)
        members.append(
            SwiftDeclaration(
                .type(
                    SwiftTypeDeclaration(
                        keyword: .enum, name: transfer.name, inherits: [root.library(kind + "Payload")], members: body)),
                documentation: ["The built-ins of \(kind.lowercased())s of `\(element.text)`."], modifiers: access))
        if transfer.origin != nil { members.append(function(transfer, element, kind, root)) }
    }

    /// The function that makes a stream or future.
    private func function(
        _ transfer: SwiftGuest.TransferType, _ element: SwiftType, _ kind: String, _ root: GuestScope
    ) -> SwiftDeclaration {
        let codec = root.library(kind + "Codec", [.named("\(guest.names.world).\(transfer.name)")])
        var parameters = [SwiftParameter(.word("of"), "type", .named(element.text(before: "Type") + ".Type"))]
        var documentation = ["Makes a \(kind.lowercased()): one end to write, one to hand out or to read."]
        var arguments: [SwiftArgument] = []
        if !transfer.isStream {
            parameters.append(
                SwiftParameter("otherwise", .optional(.function([], SwiftEffects(), element)), initial: .name("nil")))
            documentation += [
                "", "- Parameter otherwise: the value when the writer goes away without having written one.",
            ]
            arguments = [SwiftArgument("otherwise", .name("otherwise"))]
        }
        let ends =
            "(writer: \(root.library(kind + "Writer", [element]).text), reader: \(root.library(kind + "Reader", [element]).text))"
        return SwiftDeclaration(
            .function(
                SwiftFunction(
                    name: "make" + kind, parameters: parameters, result: .named(ends),
                    body: [.expression(SwiftExpression.type(codec).calling("make", arguments))])),
            documentation: documentation, modifiers: guest.access + ["static"])
    }

    private func missing(_ name: String, _ parameters: [SwiftType], _ result: SwiftType?) -> SwiftDeclaration {
        SwiftDeclaration(
            .function(
                SwiftFunction(
                    name: name, parameters: parameters.enumerated().map { SwiftParameter(.none, "a\($0)", $1) },
                    result: result,
                    body: [
                        .expression(
                            .call(
                                .name("Swift.fatalError"),
                                [SwiftArgument(.string("no function has values of the type"))]))
                    ])),
            modifiers: ["private"])
    }
}
