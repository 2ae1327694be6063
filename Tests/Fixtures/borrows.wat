;; Handles to a resource of the host: kept too long, used properly, dropped.
(component
  (import "token" (type $token (sub resource)))
  (import "callback" (func $callback (param "token" (borrow $token))))
  (canon resource.drop $token (core func $drop))
  (canon lower (func $callback) (core func $call))
  (core module $guest
    (import "" "drop" (func $drop (param i32)))
    (import "" "call" (func $call (param i32)))
    (func (export "keep") (param i32))
    (func (export "use") (param i32) (call $call (local.get 0)) (call $drop (local.get 0)))
    (func (export "twice") (param i32) (call $drop (local.get 0)) (call $call (local.get 0)))
    (func (export "consume") (param i32) (call $drop (local.get 0)))
    (func (export "hand-back") (param i32) (result i32) (local.get 0)))
  (core instance $guest (instantiate $guest (with "" (instance
    (export "drop" (func $drop))
    (export "call" (func $call))))))
  (func (export "keep") (param "token" (borrow $token)) (canon lift (core func $guest "keep")))
  (func (export "use") (param "token" (borrow $token)) (canon lift (core func $guest "use")))
  (func (export "use-after-drop") (param "token" (borrow $token)) (canon lift (core func $guest "twice")))
  (func (export "consume") (param "token" (own $token)) (canon lift (core func $guest "consume")))
  (func (export "hand-back") (param "token" (own $token)) (result (own $token))
    (canon lift (core func $guest "hand-back")))
)
