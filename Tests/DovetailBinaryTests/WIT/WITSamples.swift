// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailTypes
import DovetailWIT

/// Packages that use all of WIT between them.
enum WITSamples {
    static let texts: [String: String] = [
        "types": """
        package a:types@1.2.3;

        /// All kinds of types.
        interface kinds {
          /// A point.
          record point {
            /// Across.
            x: u32,
            y: f64,
          }
          variant shape { dot(point), line(tuple<point, point>), none }
          flags mode { read, write }
          enum color { red, GREEN, light-blue }
          type points = list<point>;
          type five = list<u8, 5>;
          type names = map<string, option<point>>;
          type handle = own<file>;
          type context = error-context;
          resource file {
            constructor(name: string) -> result<file, string>;
            read: func(at: u64) -> result<list<u8>, color>;
            open: static async func() -> future<file>;
            watch: func() -> stream<shape>;
            size: get() -> u64;
            size: set(value: u64) -> result<_, color>;
          }
          total: func(of: points, mode: mode) -> result;
          lend: func(f: borrow<file>, all: list<file>, mine: handle) -> names;
          drain: async func(s: stream, f: future<result<five, context>>);
        }
        """,
        "worlds": """
        package a:worlds@0.1.0;

        interface base { resource r { constructor(); } type n = u32; }
        interface user {
          use base.{r, n as count};
          f: func(x: r) -> count;
        }
        world w {
          use base.{r as thing};
          import user;
          import inner: interface { use base.{n}; g: func() -> n; }
          import first: user;
          record local { x: thing }
          import h: func(l: local);
          export h2: func() -> result<_, list<string>>;
          export base;
          export user;
          export second: user;
          export out: interface { %type: func(%record: u8); }
        }
        world none {}
        """,
        "gates": """
        /// A package with
        /// two lines.
        package a:gates@1.0.0;

        @since(version = 1.0.0)
        interface old {
          @since(version = 1.0.0)
          @deprecated(version = 1.0.0)
          f: func();
          @unstable(feature = fancy)
          type t = u8;
          /// A resource.
          resource r {
            /// Makes one.
            @unstable(feature = fancy)
            constructor();
          }
        }
        world w {
          /// Why it is imported.
          @since(version = 1.0.0)
          import old;
          /// Exported plainly.
          @external-id("x y")
          export g: func();
          /// Spelled out.
          import i: interface {
            /// Inside.
            f: func();
          }
          @external-id("c")
          import j: interface {}
        }
        """,
        "versions": """
        package a:many;

        world w {
          import b:c/i@0.1.0;
          import b:c/i@0.2.0;
          import b:c/i@1.0.0-rc.1+build;
          export b:c/i@0.2.0;
        }
        package b:c@0.1.0 { interface i { type t = u8; f: func() -> t; } }
        package b:c@0.2.0 { interface i { type t = u16; f: func() -> t; } }
        package b:c@1.0.0-rc.1+build { interface i { use b:c/i@0.2.0.{t}; f: func() -> t; } }
        """,
        // A carriage return is the end of a line, before a line feed and alone.
        "line ends": """
        package a:lines;\r
        /// One\r/// and two.\r\r
        interface i {\r
          /** three\rfour\r
          */ f: func();\r
        }\r

        """,
    ]

    static func resolve(_ text: String) throws -> WIT.Resolution {
        try WIT.resolve(WITSource(name: "test.wit", text: text), features: .all)
    }
}
