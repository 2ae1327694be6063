;; A guest that holds objects of the engine's collector while it waits, and makes many others.
(component
  (import "wait" (func $wait (param "n" u32) (result u32)))
  (core func $wait' (canon lower (func $wait)))
  (core module $m
    (type $box (struct (field (mut i32))))
    (import "h" "wait" (func $wait (param i32) (result i32)))
    (func (export "hold") (param $n i32) (result i32) (local $b (ref null $box)) (local $i i32)
      (local.set $b (struct.new $box (local.get $n)))
      (loop $l
        (drop (call $wait (local.get $n)))
        (drop (struct.new $box (local.get $i)))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br_if $l (i32.lt_u (local.get $i) (i32.const 10))))
      (struct.get $box 0 (local.get $b))))
  (core instance $i (instantiate $m (with "h" (instance (export "wait" (func $wait'))))))
  (func (export "hold") (param "n" u32) (result u32) (canon lift (core func $i "hold"))))
