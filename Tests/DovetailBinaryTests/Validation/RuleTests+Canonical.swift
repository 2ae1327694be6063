// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailTypes

private let u8 = ValueTypeReference.primitive(.u8)
private let u32 = ValueTypeReference.primitive(.u32)
private let string = ValueTypeReference.primitive(.string)
private let memory = CanonicalOptions(memory: 0)
private let full = CanonicalOptions(memory: 0, realloc: 4)

extension RuleTests {
    // MARK: - Canonical options

    static let options: [Sample] = [
        Sample("lift", nil, libc + [function([("a", u32)], u32), lift(1, 0)]),
        Sample(
            "lift of another core type",
            "lowered types of the function do not match core function 0: expected (func (param i32) (result i32)), found (func) (at offset 0xc0, in function 0)",
            libc + [function([("a", u32)], u32), lift(0, 0)]),
        Sample(
            "lift of a string without memory", "canonical option `memory` is required (at offset 0xc0, in function 0)",
            libc + [function([("a", string)], u32), lift(2, 0)]),
        Sample(
            "lift of a string without realloc",
            "canonical option `realloc` is required (at offset 0xc0, in function 0)",
            libc + [
                function([("a", string)], u32), lift(2, 0, memory),
            ]),
        Sample("lift of a string", nil, libc + [function([("a", string)], u32), lift(2, 0, full)]),
        Sample(
            "realloc without memory",
            "canonical option `realloc` requires `memory` to also be specified (at offset 0xc0, in function 0)",
            libc + [
                function([("a", u32)], u32), lift(1, 0, CanonicalOptions(realloc: 4)),
            ]),
        Sample(
            "signature of realloc",
            "canonical option `realloc` uses a core function with an incorrect signature; expected (func (param i32 i32 i32 i32) (result i32)) (at offset 0xc0, in function 0)",
            libc + [
                function([("a", string)], u32), lift(2, 0, CanonicalOptions(memory: 0, realloc: 2)),
            ]),
        Sample(
            "post-return", nil,
            libc + [
                function([("a", u32)], u32), lift(1, 0, CanonicalOptions(postReturn: 5)),
            ]),
        Sample(
            "signature of post-return",
            "canonical option `post-return` uses a core function with an incorrect signature; expected (func (param i32)) (at offset 0xc0, in function 0)",
            libc + [
                function([("a", u32)], u32), lift(1, 0, CanonicalOptions(postReturn: 0)),
            ]),
        Sample(
            "post-return of a lower",
            "canonical option `post-return` cannot be specified for lowerings (at offset 0xd0, in core function 6)",
            libc + [
                function(), `import`("f", .function(0)), lower(0, CanonicalOptions(postReturn: 5)),
            ]),
        Sample(
            "post-return of an async lift",
            "cannot specify post-return function in async (at offset 0xc0, in function 0)",
            libc + [
                function(async: true), lift(1, 0, CanonicalOptions(postReturn: 5, isAsync: true)),
            ]),
        Sample(
            "callback without async", "cannot specify callback without async (at offset 0xc0, in function 0)",
            libc + [
                function(), lift(0, 0, CanonicalOptions(callback: 3)),
            ]),
        Sample(
            "signature of callback",
            "canonical option `callback` uses a core function with an incorrect signature; expected (func (param i32 i32 i32) (result i32)) (at offset 0xc0, in function 0)",
            libc + [
                function(async: true), lift(0, 0, CanonicalOptions(isAsync: true, callback: 1)),
            ]),
        Sample(
            "async lift of a function that is not",
            "the `async` canonical option requires an async function type (at offset 0xc0, in function 0)",
            libc + [
                function(), lift(0, 0, CanonicalOptions(isAsync: true, callback: 3)),
            ]),
        Sample(
            "async lift without callback", features: .standard,
            "an async lift without a callback requires the feature `cm-async-stackful`, which is switched off (at offset 0xc0, in function 0)",
            libc + [
                function(async: true), lift(0, 0, CanonicalOptions(isAsync: true)),
            ]),
        Sample(
            "option twice", "canonical option `memory` is specified more than once (at offset 0xc0, in function 0)",
            libc + [function(), lift(0, 0, CanonicalOptions(conflict: "memory"))]),
        Sample(
            "lower of a result string without realloc",
            "canonical option `realloc` is required (at offset 0xd0, in core function 6)",
            libc + [
                function([], string), `import`("f", .function(0)), lower(0, memory),
            ]),
        Sample(
            "lower of a string without memory",
            "canonical option `memory` is required (at offset 0xd0, in core function 6)",
            libc + [
                function([("a", string)]), `import`("f", .function(0)), lower(0),
            ]),
        Sample(
            "64-bit memory without the feature", features: .standard,
            "a 64-bit memory requires the feature `cm64`, which is switched off (at offset 0xd0, in core function 6)",
            libc + [
                function([("a", string)]), `import`("f", .function(0)), lower(0, CanonicalOptions(memory: 1)),
            ]),
        Sample(
            "gc without the feature", features: .supported,
            "canonical option `gc` requires the feature `cm-gc`, which is switched off (at offset 0xc0, in function 0)",
            libc + [
                function(), lift(0, 0, CanonicalOptions(usesGarbageCollection: true)),
            ]),
        Sample("pages of another size", nil, otherPages),
        Sample(
            "pages of another size without the feature", features: .supported,
            "a memory whose pages are of another size requires the feature `custom-page-sizes`, which is switched off "
                + "(at offset 0x60, in core function 0)", otherPages),
    ]

    /// A lower with a memory whose pages are single bytes.
    private static let otherPages: [Definition] = [
        .coreType(
            .module([
                Located(
                    .export(name: "m", .memory(CoreMemoryType(limits: CoreLimits(minimum: 0), pageSizeLog2: 0))), at: 0)
            ])), `import`("m", .coreModule(0)), coreInstantiate(0), coreAlias(.memory, 0, "m"),
        function([("a", string)]), `import`("f", .function(0)), lower(0, memory),
    ]

    // MARK: - Built-ins

    static let builtins: [Sample] = [
        Sample(
            "streams", nil,
            libc + [
                type(.stream(u8)), builtin(.streamNew(0)), builtin(.streamRead(0, memory)),
                builtin(.streamWrite(0, memory)), builtin(.streamCancelRead(0, isAsync: true)),
                builtin(.streamDropReadable(0)), builtin(.streamDropWritable(0)), builtin(.streamForward(0)),
            ]),
        Sample(
            "stream built-in of a future", "`stream.new` requires a stream type (at offset 0x10, in core function 0)",
            [type(.future(u8)), builtin(.streamNew(0))]),
        Sample(
            "future built-in of a stream",
            "`future.drop-readable` requires a future type (at offset 0x10, in core function 0)",
            [type(.stream(u8)), builtin(.futureDropReadable(0))]),
        Sample(
            "stream of no type", "`stream.new` requires a stream type (at offset 0x10, in core function 0)",
            [function(), builtin(.streamNew(0))]),
        Sample(
            "read without memory", "canonical option `memory` is required (at offset 0x10, in core function 0)",
            [
                type(.stream(u8)), builtin(.streamRead(0, CanonicalOptions(isAsync: true))),
            ]),
        Sample(
            "read of strings without realloc",
            "canonical option `realloc` is required (at offset 0xc0, in core function 6)",
            libc + [
                type(.stream(string)), builtin(.streamRead(0, CanonicalOptions(memory: 0, isAsync: true))),
            ]),
        Sample(
            "read that blocks", features: .standard,
            "this form of `stream.read` requires the feature `cm-more-async-builtins`, which is switched off (at offset 0xc0, in core function 6)",
            libc + [
                type(.stream(u8)), builtin(.streamRead(0, memory)),
            ]),
        Sample(
            "cancellation that does not block", features: .standard,
            "this form of `future.cancel-write` requires the feature `cm-more-async-builtins`, which is switched off (at offset 0x10, in core function 0)",
            [
                type(.future(u8)), builtin(.futureCancelWrite(0, isAsync: true)),
            ]),
        Sample("task.return", nil, libc + [builtin(.taskReturn(result: string, options: memory))]),
        Sample(
            "task.return of a string without memory",
            "canonical option `memory` is required (at offset 0x0, in core function 0)",
            [
                builtin(.taskReturn(result: string, options: CanonicalOptions()))
            ]),
        Sample(
            "task.return with realloc",
            "cannot specify `realloc` option on `task.return` (at offset 0xb0, in core function 6)",
            libc + [builtin(.taskReturn(result: string, options: full))]),
        Sample(
            "task.return of a borrow",
            "function result cannot contain a `borrow` type (at offset 0x20, in core function 0)",
            [
                resource(), type(.borrow(0)), builtin(.taskReturn(result: .index(1), options: CanonicalOptions())),
            ]),
        Sample(
            "context slot", "context slot 2 is out of bounds; there are 2 (at offset 0x0, in core function 0)",
            [builtin(.contextGet(.i32, 2))]),
        Sample(
            "context of f32", "a context slot holds an `i32`, found `f32` (at offset 0x0, in core function 0)",
            [builtin(.contextSet(.f32, 0))]),
        Sample(
            "error-context.new without memory",
            "canonical option `memory` is required (at offset 0x0, in core function 0)",
            [builtin(.errorContextNew(CanonicalOptions()))]),
        Sample(
            "error-context without the feature", features: .standard,
            "`error-context.drop` requires the feature `cm-error-context`, which is switched off (at offset 0x0, in core function 0)",
            [builtin(.errorContextDrop)]),
        Sample(
            "thread without the feature", features: .standard,
            "`thread.index` requires the feature `cm-threading`, which is switched off (at offset 0x0, in core function 0)",
            [builtin(.threadIndex)]),
        Sample(
            "start function",
            "start function must take a single `i32` argument, found (func) (at offset 0xc0, in core function 6)",
            libc + [
                .coreType(.recursive([.init(composite: .function(.init(parameters: [], results: [])))])),
                builtin(.threadNewIndirect(type: 0, table: 0)),
            ]),
        Sample(
            "wait on a memory", "unknown core memory 0, only 0 are defined (at offset 0x0, in core function 0)",
            [builtin(.waitableSetWait(memory: 0))]),
        Sample(
            "async without the feature", features: [],
            "`waitable-set.new` requires the feature `cm-async`, which is switched off (at offset 0x0, in core function 0)",
            [builtin(.waitableSetNew)]),
        Sample(
            "forward without the feature", features: .standard,
            "`stream.forward` requires the feature `cm-forward`, which is switched off (at offset 0x10, in core function 0)",
            [
                type(.stream(u8)), builtin(.streamForward(0)),
            ]),
    ]

    // MARK: - Gates

    static let gates: [Sample] = [
        Sample(
            "async function", features: [],
            "an async function type requires the feature `cm-async`, which is switched off (at offset 0x0, in type 0)",
            [function(async: true)]),
        Sample(
            "map", features: [],
            "`map` requires the feature `cm-map`, which is switched off (at offset 0x0, in type 0)",
            [type(.map(u8, u8))]),
        Sample(
            "fixed-length list", features: [],
            "a list of fixed length requires the feature `cm-fixed-length-lists`, which is switched off (at offset 0x0, in type 0)",
            [type(.fixedLengthList(u8, 1))]),
        Sample(
            "error-context", features: [],
            "`error-context` requires the feature `cm-error-context`, which is switched off (at offset 0x0, in type 0)",
            [type(.list(.primitive(.errorContext)))]),
        Sample(
            "value", features: [],
            "a value requires the feature `cm-values`, which is switched off (at offset 0x0, in import `v`)",
            [`import`("v", .value(.type(u8)))]),
        Sample(
            "stream", features: [],
            "`stream` requires the feature `cm-async`, which is switched off (at offset 0x0, in type 0)",
            [type(.stream(nil))]),
        Sample(
            "future", features: [],
            "`future` requires the feature `cm-async`, which is switched off (at offset 0x0, in type 0)",
            [type(.future(nil))]),
        Sample(
            "v128", features: .all.subtracting(.simd),
            "`v128` requires the feature `simd`, which is switched off (at offset 0x0, in core type 0)",
            [
                .coreType(.recursive([.init(composite: .function(.init(parameters: [.v128], results: [])))]))
            ]),
        Sample(
            "reference", features: .all.subtracting(.referenceTypes),
            "`extern` requires the feature `reference-types`, which is switched off (at offset 0x0, in core type 0)",
            [
                .coreType(
                    .recursive([
                        .init(
                            composite: .function(
                                .init(
                                    parameters: [
                                        .reference(
                                            .init(isNullable: true, heapType: .abstract(.extern, isShared: false)))
                                    ], results: [])))
                    ]))
            ]),
        Sample(
            "struct", features: .all.subtracting(.coreGarbageCollection),
            "a recursive or compound core type requires the feature `gc`, which is switched off (at offset 0x0, in core type 0)",
            [
                .coreType(.recursive([.init(composite: .structure([]))]))
            ]),
        Sample(
            "value that is not used", "value 0 is not used; it has to be used once (at offset 0xfff)",
            [`import`("v", .value(.type(u8)))]),
        Sample(
            "value that is used twice", "value 0 cannot be used more than once (at offset 0x20, in export `b`)",
            [
                `import`("v", .value(.type(u8))), export("a", .value, 0), export("b", .value, 0),
            ]),
    ]
}
