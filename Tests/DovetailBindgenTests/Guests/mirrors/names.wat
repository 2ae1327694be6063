;; cm32p2||a-b
;; How many bytes there are in the list of the interface `names`.
(call $get-http) (call $names (i32.const 64)) (i32.load (i32.const 68))
;; cm32p2||instance
;; How long the answer to "go" is.
(i32.store8 (i32.const 80) (i32.const 103)) (i32.store8 (i32.const 81) (i32.const 111))
(call $HTTP-get (i32.const 80) (i32.const 2) (i32.const 64)) (i32.load (i32.const 68))
