;; Functions whose names are not enough to tell them apart.
(component
  (core module $guest
    (func (export "one") (result i32) (i32.const 1))
    (func (export "two") (result i32) (i32.const 2)))
  (core instance $guest (instantiate $guest))
  (func $one (result u32) (canon lift (core func $guest "one")))
  (func $two (result u32) (canon lift (core func $guest "two")))
  (instance $first (export "number" (func $one)) (export "only-here" (func $one)))
  (instance $second (export "number" (func $two)))
  (export "test:names/first@1.0.0" (instance $first))
  (export "test:names/second@2.1.0" (instance $second))
  (export "plain" (func $two))
)
