// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailPython
import DovetailTestSupport
import DovetailWASI
import Testing

/// Code that means no good: it ends, the host goes on, and what it took is given back.
@Suite(.serialized, .enabled(if: RealCarrier.carrier != nil, "CPython is not in the cache and cannot be fetched"))
struct HostileSandboxTests {
    private func trap(_ body: () throws -> Void) -> Trap? {
        do {
            try body()
        } catch let error as Trap {
            return error
        } catch {
            Issue.record("expected a Trap, found \(error)")
        }
        return nil
    }

    @Test func `an endless loop ends when its time is up, and its sandbox with it`() throws {
        let sandbox = try TestSandbox.make { $0.limits.timeout = .milliseconds(200) }
        #expect(
            trap { try sandbox.run("while True:\n    try:\n        while True: pass\n    except BaseException: pass") }?
                .code == .timeout)
        #expect(trap { try sandbox.run("1") }?.code == .cannotEnter)
        let waiting = try TestSandbox.make { $0.limits.timeout = .milliseconds(200) }
        #expect(trap { try waiting.run("import time\ntime.sleep(60)") }?.code == .timeout)
        let matching = try TestSandbox.make { $0.limits.timeout = .milliseconds(200) }
        #expect(trap { try matching.run("import re\nre.match('(a+)+$', 'a' * 60 + 'b')") }?.code == .timeout)
        let counting = try TestSandbox.make { $0.limits.timeout = .milliseconds(200) }
        #expect(trap { try counting.run("9 ** 9 ** 9") }?.code == .timeout)
    }

    @Test(arguments: [
        "kept = bytearray(1 << 30)", "kept = 'x' * (1 << 28)", "kept = []\nwhile True: kept.append(bytes(100_000))",
        "kept = [0]\nwhile True: kept = [kept, *kept]", "import json\nkept = json.loads('[' * 90_000)",
    ])
    func `more memory than is granted is an exception, or ends the sandbox`(code: String) throws {
        let sandbox = try TestSandbox.make { $0.limits.maximumMemory = 48 << 20 }
        do {
            try sandbox.run(code)
            Issue.record("the code ran to its end")
        } catch let error as PythonException {
            #expect(["MemoryError", "RecursionError", "json.decoder.JSONDecodeError"].contains(error.type))
            try sandbox.run("kept = None")
            #expect(try sandbox.evaluate("1 + 1", as: Int32.self) == 2)
        } catch let error as Trap {
            #expect(error.code == .unreachable || error.code == .stackOverflow, "\(error)")
        }
    }

    @Test(arguments: [
        "def f(): f()\nf()", "f = lambda x: [f(x)]\nf(1)",
        "class A:\n    def __repr__(self): return repr(self)\nrepr(A())",
        "a = []\nfor _ in range(100_000): a = [a]\nrepr(a)", "a = ()\nfor _ in range(200_000): a = (a, 1)\nhash(a)",
        "eval('(' * 5000 + ')' * 5000)", "compile('-' * 50_000 + '1', 'x', 'eval')",
        "import sys\nsys.setrecursionlimit(1 << 30)\ndef f(): f()\nf()",
        "import marshal\na = []\nfor _ in range(100_000): a = [a]\nmarshal.dumps(a)",
        "class A:\n    __getattr__ = lambda self, name: getattr(self, name + 'x')\nA().b",
    ])
    func `recursion without an end is an exception, or ends the sandbox`(code: String) throws {
        let sandbox = try TestSandbox.make { $0.limits.maximumMemory = 128 << 20 }
        do {
            try sandbox.run(code)
            Issue.record("the code ran to its end")
        } catch let error as PythonException {
            #expect(
                ["RecursionError", "MemoryError", "SyntaxError", "ValueError"].contains(error.type), "\(error)")
            #expect(try sandbox.evaluate("1 + 1", as: Int32.self) == 2)
        } catch let error as Trap {
            #expect([.unreachable, .stackOverflow, .outOfBounds].contains(error.code), "\(error)")
        }
    }

    @Test func `a flood of output is stopped, and the host keeps what it allows`() throws {
        let sandbox = try TestSandbox.make { $0.maximumOutput = 10_000 }
        #expect(TestSandbox.exception { try sandbox.run("while True: print('x' * 999)") }?.type == "BrokenPipeError")
        #expect(sandbox.output.utf8.count <= 10_000)
        #expect(sandbox.takeOutput().hasPrefix("xxx"))
        #expect(TestSandbox.exception { try sandbox.run("print('more')") }?.type == "BrokenPipeError")
        #expect(try sandbox.evaluate("1 + 1", as: Int32.self) == 2)
    }

    @Test func `a result that would cost the host too much is refused`() throws {
        let sandbox = try TestSandbox.make { $0.limits.copyBudget = 4 << 20 }
        #expect(throws: (any Error).self) { try sandbox.evaluate("bytes(8 << 20)") }
        let other = try TestSandbox.make { $0.limits.copyBudget = 4 << 20 }
        // A million bytes that would become a hundred million.
        #expect(throws: PythonError.self) { try other.evaluate("[None] * 1_000_000") }
        #expect(try other.evaluate("[None] * 1000") == .list(Array(repeating: .option(nil), count: 1000)))
        let deep = TestSandbox.exception { try other.run("a = 1\nfor _ in range(500): a = [a]") }
        #expect(deep == nil)
        #expect(throws: PythonException.self) { try other.evaluate("a") }
    }

    @Test(arguments: [
        "sys.modules['dovetail_sandbox'].sent = lambda value: b'{(((('",
        "sys.modules['dovetail_sandbox'].sent = lambda value: b'[\\xff\\xff\\xff\\x7fN'",
        "sys.modules['dovetail_sandbox'].sent = lambda value: b'l\\x00\\x00\\x00\\x80'",
        "sys.modules['dovetail_sandbox'].sent = lambda value: b''",
        "sys.modules['dovetail_sandbox'].sent = lambda value: b'NN'",
        "sys.modules['dovetail_sandbox'].sent = lambda value: b'(\\x02\\x00\\x00\\x00SS'",
        "sys.modules['dovetail_sandbox'].sent = lambda value: b'[\\x01\\x00\\x00\\x00' * 100000 + b'N'",
        "sys.modules['dovetail_sandbox'].sent = lambda value: 'no bytes'",
        "sys.modules['dovetail_sandbox'].sent = None",
        "sys.modules['dovetail_sandbox'].told = lambda error: Exception(1)",
        "sys.modules['dovetail_sandbox'].wit_world.call(99, b'')",
        "import gc\nfor o in gc.get_objects():\n    if type(o) is dict: o.clear()",
    ])
    func `tampering with what stands between harms the sandbox alone`(code: String) throws {
        let sandbox = try TestSandbox.make()
        #expect(throws: (any Error).self) {
            try sandbox.run("import sys\n" + code)
            try sandbox.evaluate("1")
            try sandbox.evaluate("1 / 0")
        }
    }

    @Test func `exceptions that misbehave are told nevertheless`() throws {
        let sandbox = try TestSandbox.make()
        let nameless = TestSandbox.exception {
            try sandbox.run("class Bad(Exception):\n    def __str__(self): raise Bad()\nraise Bad()")
        }
        #expect(nameless?.type == "Bad")
        #expect(nameless?.message == "")
        let surrogate = TestSandbox.exception { try sandbox.run("raise ValueError('\\ud800')") }
        #expect(surrogate?.message == "\\ud800")
        let chain = TestSandbox.exception {
            try sandbox.run("a = ValueError()\na.__cause__ = b = KeyError()\nb.__cause__ = a\nraise a")
        }
        #expect(chain?.type == "ValueError")
        #expect(TestSandbox.exception { try sandbox.run("raise HostError") }?.type == "dovetail.HostError")
        #expect(TestSandbox.exception { try sandbox.run("e = HostError()\ne._number = 'x'\nraise e") }?.cause == nil)
        #expect(try sandbox.evaluate("1", as: Int32.self) == 1)
    }

    @Test func `leaving the process ends the sandbox alone`() throws {
        for code in [
            "import os\nos._exit(3)", "import os\nos.abort()", "import ctypes", "import _testcapi",
            "import socket\nsocket.create_connection(('127.0.0.1', 1))", "import subprocess\nsubprocess.run('ls')",
            "import threading\nthreading.Thread(target=print).start()",
        ] {
            let sandbox = try TestSandbox.make()
            #expect(throws: (any Error).self, "\(code)") { try sandbox.run(code) }
        }
    }
}
