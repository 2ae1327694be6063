(component
  (core module $m
    (memory (export "memory") 64)
    (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024))
    ;; An item takes 32 bytes: its discriminant at 0, what is inside from 8 on.
    (func (export "sum") (param $p i32) (param $n i32) (result i32) (local $s i32)
      (block $b (loop $l
        (br_if $b (i32.eqz (local.get $n)))
        (local.set $s (i32.add (local.get $s) (i32.add (i32.load8_u (local.get $p)) (i32.load8_u offset=8 (local.get $p)))))
        (local.set $p (i32.add (local.get $p) (i32.const 32)))
        (local.set $n (i32.sub (local.get $n) (i32.const 1)))
        (br $l)))
      (local.get $s))
  )
  (core instance $i (instantiate $m))
  (alias core export $i "memory" (core memory $mem))
  (alias core export $i "cabi_realloc" (core func $realloc))
  (type $shape' (variant (case "point") (case "circle" f64) (case "square" u32)))
  (export $shape "shape" (type $shape'))
  (type $item' (variant (case "number" u32) (case "drawing" $shape) (case "maybe" (option $shape))))
  (export $item "item" (type $item'))
  (func (export "sum-variants") (param "a" (list $item)) (result u32) (canon lift (core func $i "sum") (memory $mem) (realloc $realloc)))
)
