;; cm32p2||render
;; Draws two points, a line between them, and gives the canvas back with one of them.
(local $area i32) (local.set $area (call $allocate (i32.const 64)))
(i32.store (i32.const 64) (i32.const 1)) (i32.store (i32.const 68) (i32.const 2))
(i32.store (i32.const 72) (i32.const 3)) (i32.store (i32.const 76) (i32.const 4))
(call $draw (local.get 0) (i32.const 64) (i32.const 2))
(call $canvas.line (local.get 0) (i32.const 1) (i32.const 2) (i32.const 3) (i32.const 4) (i32.add (local.get $area) (i32.const 16)))
(i32.store (local.get $area) (local.get 0))
(i64.store offset=4 align=4 (local.get $area) (i64.load (i32.const 72)))
(local.get $area)
