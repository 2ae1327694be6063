;; Sleeps for so many nanoseconds.
(component
  (import "wasi:io/poll@0.2.0" (instance $poll
    (export "pollable" (type $pollable (sub resource)))
    (export "[method]pollable.block" (func (param "self" (borrow $pollable))))))
  (alias export $poll "pollable" (type $pollable))
  (import "wasi:clocks/monotonic-clock@0.2.0" (instance $clock
    (alias outer 1 $pollable (type $p))
    (export "pollable" (type $pollable' (eq $p)))
    (export "subscribe-duration" (func (param "when" u64) (result (own $pollable'))))))
  (alias export $poll "[method]pollable.block" (func $block))
  (alias export $clock "subscribe-duration" (func $subscribe))
  (canon lower (func $block) (core func $block'))
  (canon lower (func $subscribe) (core func $subscribe'))
  (canon resource.drop $pollable (core func $drop))
  (core module $guest
    (import "" "block" (func $block (param i32)))
    (import "" "subscribe" (func $subscribe (param i64) (result i32)))
    (import "" "drop" (func $drop (param i32)))
    (func (export "sleep") (param i64)
      (local $timer i32)
      (local.set $timer (call $subscribe (local.get 0)))
      (call $block (local.get $timer))
      (call $drop (local.get $timer))))
  (core instance $guest (instantiate $guest (with "" (instance
    (export "block" (func $block'))
    (export "subscribe" (func $subscribe'))
    (export "drop" (func $drop))))))
  (func (export "sleep") (param "nanoseconds" u64) (canon lift (core func $guest "sleep")))
)
