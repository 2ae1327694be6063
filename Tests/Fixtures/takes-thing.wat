;; `take` drops the resource it is given and returns what the host's `gone` says then.
(component
  (import "host" (instance $host
    (export "thing" (type $thing (sub resource)))
    (export "gone" (func (result u32)))))
  (alias export $host "thing" (type $thing))
  (core func $drop (canon resource.drop $thing))
  (core func $gone (canon lower (func $host "gone")))
  (core module $m
    (import "host" "drop" (func $drop (param i32)))
    (import "host" "gone" (func $gone (result i32)))
    (func (export "take") (param i32) (result i32)
      local.get 0
      call $drop
      call $gone))
  (core instance $i (instantiate $m (with "host" (instance
    (export "drop" (func $drop))
    (export "gone" (func $gone))))))
  (func (export "take") (param "thing" (own $thing)) (result u32)
    (canon lift (core func $i "take"))))
