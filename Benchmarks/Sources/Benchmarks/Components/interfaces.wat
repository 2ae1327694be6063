;; The sums of small.wat and variants.wat; `wasm-tools component new` makes a component of it.
(module
  (memory (export "memory") 64)
  (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024))
  (func (export "dovetail:benchmarks/lists#sum-records") (param i32 i32) (result i32) (local $i i32) (local $s i32)
    (block $b (loop $l (br_if $b (i32.ge_u (local.get $i) (local.get 1)))
      (local.set $s (i32.add (local.get $s) (i32.load (i32.add (local.get 0) (i32.mul (local.get $i) (i32.const 16))))))
      (local.set $i (i32.add (local.get $i) (i32.const 1))) (br $l))) (local.get $s))
  (func (export "dovetail:benchmarks/lists#sum-variants") (param $p i32) (param $n i32) (result i32) (local $s i32)
    (block $b (loop $l
      (br_if $b (i32.eqz (local.get $n)))
      (local.set $s (i32.add (local.get $s) (i32.add (i32.load8_u (local.get $p)) (i32.load8_u offset=8 (local.get $p)))))
      (local.set $p (i32.add (local.get $p) (i32.const 32)))
      (local.set $n (i32.sub (local.get $n) (i32.const 1)))
      (br $l)))
    (local.get $s))
)
