;; A command that ends itself: with the exit code 7, or by trapping when it gets beyond that.
(component
  (import "wasi:cli/exit@0.2.0" (instance $exit
    (export "exit-with-code" (func (param "status-code" u8)))))
  (alias export $exit "exit-with-code" (func $exit-with-code))
  (canon lower (func $exit-with-code) (core func $end))
  (core module $guest
    (import "" "end" (func $end (param i32)))
    (func (export "run") (result i32) (call $end (i32.const 7)) unreachable))
  (core instance $guest (instantiate $guest (with "" (instance (export "end" (func $end))))))
  (func $run (result (result)) (canon lift (core func $guest "run")))
  (instance $api (export "run" (func $run)))
  (export "wasi:cli/run@0.2.0" (instance $api))
)
