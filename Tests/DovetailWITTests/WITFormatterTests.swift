// SPDX-License-Identifier: Apache-2.0

import DovetailTypes
import DovetailWIT
import Foundation
import Testing

@Suite struct WITFormatterTests {
    @Test func laysOutCanonically() throws {
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

    @Test(.enabled(if: Corpus.isPresent, "the shared conformance data is missing"))
    func isIdempotentAndChangesNoMeaning() throws {
        var passed = 0
        var failures: [String] = []
        for (suite, key) in [("wit-parse", "input"), ("worlds", "wit"), ("wit-encode", "input")] {
            for item in try Corpus.cases(suite) where item["kind"] != "error" {
                guard let url = item.url(key), url.pathExtension != "wasm" else { continue }
                let source = try WITLoader.load(url.path)
                func formatted(_ file: SourceFile) throws -> SourceFile {
                    SourceFile(name: file.name, text: try WITFormatter.format(file))
                }
                do {
                    let once = WITSource(
                        root: try source.root.map(formatted),
                        dependencies: try source.dependencies.map { try $0.map(formatted) })
                    let twice = WITSource(
                        root: try once.root.map(formatted),
                        dependencies: try once.dependencies.map { try $0.map(formatted) })
                    let before = WITJSON.tree(of: try WIT.resolve(source, features: .all).graph)
                    let after = WITJSON.tree(of: try WIT.resolve(once, features: .all).graph)
                    if once == twice, before == after {
                        passed += 1
                    } else {
                        failures.append("\(item.id): \(once == twice ? "other meaning" : "not idempotent")")
                    }
                } catch {
                    failures.append("\(item.id): \(error)")
                }
            }
        }
        print("format: \(passed) passed, \(failures.count) failed")
        #expect(failures.isEmpty, "\(failures.joined(separator: "\n"))")
    }
}
