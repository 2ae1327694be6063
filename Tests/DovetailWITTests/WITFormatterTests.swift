// SPDX-License-Identifier: Apache-2.0

import DovetailWIT
import DovetailWITReader
import Foundation
import Testing

@Suite struct WITFormatterTests {
    @Test("every construct is formatted canonically")
    func laysOutCanonically() throws {
        let source = """
            // A package.
            package   a:b@1.0.0;
            use c:d/e as f;
            interface  i{ /// The type.
            type t=u32;   // behind


              record r{a:u32,b:list<t , 4>}
              @since( version=1.0.0 )
              f:async  func( a : t , b:option< borrow<x> >,)->result< _,t >;
              resource x { constructor( ); m:static func();  }
            use  f.{g,h as j ,};
            }
            world w { import i; import n:i; import c:d/e; export q : c:d/e@1.0.0; include v with{a as b}
              import k: interface { z: func(); } flags e { x /* one */, y // two
              } }
            """
        let expected = """
            // A package.
            package a:b@1.0.0;

            use c:d/e as f;
            interface i { /// The type.
              type t = u32; // behind

              record r {
                a: u32,
                b: list<t, 4>,
              }
              @since(version = 1.0.0)
              f: async func(a: t, b: option<borrow<x>>) -> result<_, t>;
              resource x {
                constructor();
                m: static func();
              }
              use f.{g, h as j};
            }

            world w {
              import i;
              import n:i;
              import c:d/e;
              export q: c:d/e@1.0.0;
              include v with { a as b }
              import k: interface {
                z: func();
              }
              flags e {
                x /* one */,
                y, // two
              }
            }

            """
        let text = source.replacing("import n:i;", with: "import n: i;")
        let wanted = expected.replacing("import n:i;", with: "import n: i;")
        let formatted = try WITFormatter.format(SourceFile(name: "input.wit", text: text))
        #expect(formatted == wanted)
        #expect(try WITFormatter.format(SourceFile(name: "input.wit", text: formatted)) == formatted)
    }
}
