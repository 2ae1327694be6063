;; Copies standard input to standard output. Exits with 3 when reading fails, with 4 when the output is closed, with 5 when
;; writing fails otherwise.
(component
  (import "wasi:io/error@0.2.0" (instance $error (export "error" (type (sub resource)))))
  (alias export $error "error" (type $error))
  (import "wasi:io/streams@0.2.0" (instance $streams
    (alias outer 1 $error (type $e))
    (export "error" (type $error' (eq $e)))
    (export "input-stream" (type $in (sub resource)))
    (export "output-stream" (type $out (sub resource)))
    (type $failure (variant (case "last-operation-failed" (own $error')) (case "closed")))
    (export "stream-error" (type $stream-error (eq $failure)))
    (export "[method]input-stream.blocking-read" (func
      (param "self" (borrow $in)) (param "len" u64) (result (result (list u8) (error $stream-error)))))
    (export "[method]output-stream.blocking-write-and-flush" (func
      (param "self" (borrow $out)) (param "contents" (list u8)) (result (result (error $stream-error)))))))
  (alias export $streams "input-stream" (type $input))
  (alias export $streams "output-stream" (type $output))
  (import "wasi:cli/stdin@0.2.0" (instance $stdin
    (alias outer 1 $input (type $i))
    (export "input-stream" (type $in (eq $i)))
    (export "get-stdin" (func (result (own $in))))))
  (import "wasi:cli/stdout@0.2.0" (instance $stdout
    (alias outer 1 $output (type $o))
    (export "output-stream" (type $out (eq $o)))
    (export "get-stdout" (func (result (own $out))))))
  (import "wasi:cli/exit@0.2.0" (instance $exit (export "exit-with-code" (func (param "status-code" u8)))))
  (core module $memory
    (memory (export "memory") 1)
    ;; One buffer is enough: what was read is written before the next read.
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024)))
  (core instance $memory (instantiate $memory))
  (alias core export $memory "memory" (core memory $mem))
  (alias core export $memory "realloc" (core func $realloc))
  (core func $read (canon lower (func $streams "[method]input-stream.blocking-read")
    (memory $mem) (realloc $realloc)))
  (core func $write (canon lower (func $streams "[method]output-stream.blocking-write-and-flush")
    (memory $mem)))
  (core func $get-stdin (canon lower (func $stdin "get-stdin")))
  (core func $get-stdout (canon lower (func $stdout "get-stdout")))
  (core func $exit-with (canon lower (func $exit "exit-with-code")))
  (core module $guest
    (import "" "memory" (memory 1))
    (import "" "read" (func $read (param i32 i64 i32)))
    (import "" "write" (func $write (param i32 i32 i32 i32)))
    (import "" "stdin" (func $stdin (result i32)))
    (import "" "stdout" (func $stdout (result i32)))
    (import "" "exit" (func $exit (param i32)))
    (func (export "run") (result i32)
      (local $in i32) (local $out i32)
      (local.set $in (call $stdin))
      (local.set $out (call $stdout))
      (loop $next
        (call $read (local.get $in) (i64.const 4096) (i32.const 0))
        (if (i32.load8_u (i32.const 0))
          (then
            ;; Closed is the end; any other failure is not.
            (if (i32.eqz (i32.load8_u (i32.const 4))) (then (call $exit (i32.const 3))))
            (return (i32.const 0))))
        (call $write (local.get $out) (i32.load (i32.const 4)) (i32.load (i32.const 8)) (i32.const 16))
        (if (i32.load8_u (i32.const 16))
          (then (call $exit (select (i32.const 4) (i32.const 5) (i32.load8_u (i32.const 20))))))
        (br $next))
      (unreachable)))
  (core instance $guest (instantiate $guest (with "" (instance
    (export "memory" (memory $mem))
    (export "read" (func $read))
    (export "write" (func $write))
    (export "stdin" (func $get-stdin))
    (export "stdout" (func $get-stdout))
    (export "exit" (func $exit-with))))))
  (func $run (result (result)) (canon lift (core func $guest "run")))
  (instance $command (export "run" (func $run)))
  (export "wasi:cli/run@0.2.0" (instance $command))
)
