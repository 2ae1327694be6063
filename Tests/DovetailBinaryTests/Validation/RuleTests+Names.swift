// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailTypes

private let u8 = ValueTypeReference.primitive(.u8)
private let u32 = ValueTypeReference.primitive(.u32)

extension RuleTests {
    // MARK: - Names

    static let names: [Sample] = [
        Sample(
            "empty", "name of an import or export cannot be empty (at offset 0x10, in import ``)",
            [function(), `import`("", .function(0))]),
        Sample(
            "not kebab",
            "`fooBar` is not a valid extern name; it is not in kebab case (at offset 0x10, in import `fooBar`)",
            [function(), `import`("fooBar", .function(0))]),
        Sample(
            "import twice", "import name `a` conflicts with previous `a` (at offset 0x20, in import `a`)",
            [function(), `import`("a", .function(0)), `import`("a", .function(0))]),
        Sample(
            "uniqueness without hyphens and case",
            "import name `FOOBAR` conflicts with previous `foo-bar` (at offset 0x20, in import `FOOBAR`)",
            [
                function(), `import`("foo-bar", .function(0)), `import`("FOOBAR", .function(0)),
            ]),
        Sample(
            "import and export of one name", nil,
            [
                function(), `import`("a", .function(0)), export("a", .function, 0),
            ]),
        Sample("interface name", nil, [instanceType(), `import`("a:b/c@1.0.0", .instance(0))]),
        Sample(
            "interface without a slash",
            "`a:b` is not an interface; expected one `/` after the package name (at offset 0x10, in import `a:b`)",
            [instanceType(), `import`("a:b", .instance(0))]),
        Sample(
            "upper case in a namespace",
            "`A` in `A:b/c` is not in lower kebab case (at offset 0x10, in import `A:b/c`)",
            [instanceType(), `import`("A:b/c", .instance(0))]),
        Sample(
            "not a version", "invalid interface version `1.0` in `a:b/c@1.0` (at offset 0x10, in import `a:b/c@1.0`)",
            [instanceType(), `import`("a:b/c@1.0", .instance(0))]),
        Sample(
            "nested package without the feature", features: .supported.subtracting(.nestedNames),
            "`a:b:c/d` is not a valid interface name; expected `namespace:package/interface` (at offset 0x10, in import `a:b:c/d`)",
            [
                instanceType(), `import`("a:b:c/d", .instance(0)),
            ]),
        Sample(
            "url",
            "`url=<https` in `url=<https://example.com>` is not in lower kebab case (at offset 0x10, in import `url=<https://example.com>`)",
            [instanceType(), `import`("url=<https://example.com>", .instance(0))]),
        Sample(
            "letter that only looks like one",
            "`\u{212a}` is not a valid extern name; it is not in kebab case (at offset 0x10, in import `\u{212a}`)",
            [function(), `import`("\u{212a}", .function(0))]),
        Sample(
            "constructor", nil,
            [
                `import`("r", .type(.subResource)), type(.own(0)), function([], .index(1)),
                `import`("[constructor]r", .function(2)),
            ]),
        Sample(
            "constructor without a result",
            "constructor `[constructor]r` should return one value (at offset 0x20, in import `[constructor]r`)",
            [
                `import`("r", .type(.subResource)), function(), `import`("[constructor]r", .function(1)),
            ]),
        Sample(
            "constructor of another resource",
            "function `[constructor]r` does not match expected resource name `r` (at offset 0x40, in import `[constructor]r`)",
            [
                `import`("r", .type(.subResource)), `import`("s", .type(.subResource)), type(.own(1)),
                function([], .index(2)), `import`("[constructor]r", .function(3)),
            ]),
        Sample(
            "constructor that is async",
            "constructor `[constructor]r` cannot be async (at offset 0x30, in import `[constructor]r`)",
            [
                `import`("r", .type(.subResource)), type(.own(0)), function([], .index(1), async: true),
                `import`("[constructor]r", .function(2)),
            ]),
        Sample(
            "method without self",
            "method `[method]r.m` should have a first argument called `self` (at offset 0x20, in import `[method]r.m`)",
            [
                `import`("r", .type(.subResource)), function([("a", u8)]), `import`("[method]r.m", .function(1)),
            ]),
        Sample(
            "method of an unknown resource",
            "resource `s` of `[method]s.m` is not known in this context (at offset 0x30, in import `[method]s.m`)",
            [
                `import`("r", .type(.subResource)), type(.borrow(0)), function([("self", .index(1))]),
                `import`("[method]s.m", .function(2)),
            ]),
        Sample(
            "method without a dot",
            "expected `resource.member` in `[method]r`, found no `.` (at offset 0x10, in import `[method]r`)",
            [function(), `import`("[method]r", .function(0))]),
        Sample(
            "static before its resource",
            "resource `r` of `[static]r.s` is not known in this context (at offset 0x10, in import `[static]r.s`)",
            [function(), `import`("[static]r.s", .function(0))]),
        Sample(
            "annotation on a type",
            "`[static]r.s` is not a func; only functions can have annotated names (at offset 0x10, in import `[static]r.s`)",
            [type(.list(u8)), `import`("[static]r.s", .type(.equal(0)))]),
        Sample(
            "unknown annotation",
            "`[foo]r` is not a valid extern name; its annotations are not known (at offset 0x10, in import `[foo]r`)",
            [function(), `import`("[foo]r", .function(0))]),
        Sample(
            "member named as its resource",
            "import name `[static]foo-bar.foobar` conflicts with previous `foo-bar` (at offset 0x20, in import `[static]foo-bar.foobar`)",
            [
                `import`("foo-bar", .type(.subResource)), function(), `import`("[static]foo-bar.foobar", .function(1)),
            ]),
        Sample(
            "getter and plain name", "import name `p` conflicts with previous `[get]p` (at offset 0x20, in import `p`)",
            [
                function([], u8), `import`("[get]p", .function(0)), `import`("p", .function(0)),
            ]),
        Sample(
            "getter and setter", nil,
            [
                function([], u8), function([("v", u8)]), `import`("[get]p", .function(0)),
                `import`("[set]p", .function(1)),
            ]),
        Sample(
            "setter before its getter",
            "setter `[set]p` should come after its getter `[get]p` (at offset 0x20, in import `[set]p`)",
            [
                function([], u8), function([("v", u8)]), `import`("[set]p", .function(1)),
                `import`("[get]p", .function(0)),
            ]),
        Sample(
            "setter of another type", "expected u8, found u32 (at offset 0x30, in import `[set]p`, setter `[set]p`)",
            [
                function([], u8), function([("v", u32)]), `import`("[get]p", .function(0)),
                `import`("[set]p", .function(1)),
            ]),
        Sample(
            "accessors without the feature", features: .supported.subtracting(.accessors),
            "name `[get]p` requires the feature `cm-accessors`, which is switched off (at offset 0x10, in import `[get]p`)",
            [
                function([], u8), `import`("[get]p", .function(0)),
            ]),
    ]

    static let attributes: [Sample] = [
        Sample("implements", nil, [instanceType(), `import`("a", .instance(0), implements: "x:y/z")]),
        Sample(
            "two of one interface", nil,
            [
                instanceType(), `import`("a", .instance(0), implements: "x:y/z"),
                `import`("b", .instance(0), implements: "x:y/z"),
            ]),
        Sample(
            "implements on a function", "only instances can have an `implements` (at offset 0x10, in import `a`)",
            [function(), `import`("a", .function(0), implements: "x:y/z")]),
        Sample(
            "implements on an interface name",
            "name `x:y/w` is not valid with `implements`; expected a plain name (at offset 0x10, in import `x:y/w`)",
            [
                instanceType(), `import`("x:y/w", .instance(0), implements: "x:y/z"),
            ]),
        Sample(
            "implements of no interface",
            "`implements` must be an interface, found `z` (at offset 0x10, in import `a`)",
            [instanceType(), `import`("a", .instance(0), implements: "z")]),
        Sample(
            "implements without the feature", features: .supported.subtracting(.implements),
            "`implements` requires the feature `cm-implements`, which is switched off (at offset 0x10, in import `a`)",
            [
                instanceType(), `import`("a", .instance(0), implements: "x:y/z"),
            ]),
        Sample("external-id", nil, [function(), `import`("a", .function(0), externalID: "\u{e9}")]),
        Sample("version-suffix", nil, [instanceType(), `import`("a:b/c@1", .instance(0), suffix: ".2.3")]),
        Sample(
            "version-suffix that is not canonical",
            "invalid interface version `1.2` (at offset 0x10, in import `a:b/c@1`)",
            [
                instanceType(), `import`("a:b/c@1", .instance(0), suffix: ".2"),
            ]),
        Sample(
            "version-suffix of a whole version",
            "`1.2.3` is not the canonical version of `1.2.3-rc` (at offset 0x10, in import `a:b/c@1.2.3`)",
            [
                instanceType(), `import`("a:b/c@1.2.3", .instance(0), suffix: "-rc"),
            ]),
        Sample(
            "version-suffix on a plain name",
            "`version-suffix` requires an interface name or `implements` (at offset 0x10, in import `a`)",
            [instanceType(), `import`("a", .instance(0), suffix: ".2.3")]),
        Sample(
            "version-suffix without the feature", features: .supported.subtracting(.canonicalNames),
            "`version-suffix` requires the feature `cm-canon-names`, which is switched off (at offset 0x10, in import `a:b/c@1.0.0`)",
            [
                instanceType(), `import`("a:b/c@1.0.0", .instance(0), suffix: ".2.3"),
            ]),
    ]
}
