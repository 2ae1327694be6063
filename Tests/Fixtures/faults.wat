;; What can go wrong in a call: exports that trap, run forever, take memory, or take values that are easy to get wrong.
(component
  (core module $guest
    (memory (export "memory") 1)
    (global $next (mut i32) (i32.const 1024))

    (func (export "realloc") (param i32 i32) (param $align i32) (param $size i32) (result i32)
      (local $block i32)
      (local.set $block
        (i32.and
          (i32.add (global.get $next) (i32.sub (local.get $align) (i32.const 1)))
          (i32.sub (i32.const 0) (local.get $align))))
      (global.set $next (i32.add (local.get $block) (local.get $size)))
      (local.get $block))
    ;; Nothing that was passed is kept.
    (func (export "forget") (param i32) (global.set $next (i32.const 1024)))

    (func $quotient (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))
    (func $divide (export "divide") (param i32 i32) (result i32) (call $quotient (local.get 0) (local.get 1)))
    (func (export "spin") (loop $again (br $again)))
    (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
    (func $dive (export "dive") (param i32) (result i32) (i32.add (call $dive (local.get 0)) (i32.const 1)))
    (func (export "place-order") 
      (param $id i32) (param $id-length i32) (param $items i32) (param $count i32) (result i32)
      (local.get $count))

    (global $destroyed (mut i32) (i32.const 0))
    (func (export "destroy-counter") (param i32) (global.set $destroyed (i32.add (global.get $destroyed) (i32.const 1))))
    (func (export "destroyed") (result i32) (global.get $destroyed))
    (func (export "identity") (param i32) (result i32) (local.get 0)))
  (core instance $guest (instantiate $guest))

  (type $kind' (enum "small" "large"))
  (export $kind "kind" (type $kind'))
  (type $item' (record (field "name" string) (field "price" (option u32)) (field "kind" $kind)))
  (export $item "item" (type $item'))
  (type $order' (record (field "id" string) (field "items" (list $item))))
  (export $order "order" (type $order'))

  (func (export "divide") (param "a" s32) (param "b" s32) (result s32)
    (canon lift (core func $guest "divide")))
  (func (export "spin") (canon lift (core func $guest "spin")))
  (func (export "grow") (param "pages" u32) (result s32) (canon lift (core func $guest "grow")))
  (func (export "dive") (param "depth" u32) (result u32) (canon lift (core func $guest "dive")))
  (func (export "place-order") (param "order" $order) (result u32)
    (canon lift (core func $guest "place-order") (memory (core memory $guest "memory")) (realloc (core func $guest "realloc"))
      (post-return (core func $guest "forget"))))

  ;; A resource of the guest: its representation is the number it was made with.
  (type $counter' (resource (rep i32) (dtor (core func $guest "destroy-counter"))))
  (canon resource.new $counter' (core func $new))
  (canon resource.rep $counter' (core func $rep))
  (canon resource.drop $counter' (core func $drop))
  (core module $handles
    (import "" "new" (func $new (param i32) (result i32)))
    (import "" "rep" (func $rep (param i32) (result i32)))
    (import "" "drop" (func $drop (param i32)))
    (func (export "make") (param i32) (result i32) (call $new (local.get 0)))
    (func (export "take") (param i32) (result i32) (call $rep (local.get 0)) (call $drop (local.get 0)))
    ;; A handle nobody has: index 77.
    (func (export "forged") (result i32) (i32.const 77)))
  (core instance $handles (instantiate $handles (with "" (instance
    (export "new" (func $new))
    (export "rep" (func $rep))
    (export "drop" (func $drop))))))
  (export $counter "counter" (type $counter'))
  (func (export "[constructor]counter") (param "start" u32) (result (own $counter))
    (canon lift (core func $handles "make")))
  (func (export "[method]counter.value") (param "self" (borrow $counter)) (result u32)
    (canon lift (core func $guest "identity")))
  (func (export "[static]counter.take") (param "counter" (own $counter)) (result u32)
    (canon lift (core func $handles "take")))
  (func (export "[static]counter.forged") (result (own $counter)) (canon lift (core func $handles "forged")))
  (func (export "destroyed") (result u32) (canon lift (core func $guest "destroyed")))
)
