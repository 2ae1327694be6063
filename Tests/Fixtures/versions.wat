;; Imports whose versions matter.
(component
  (import "test:deps/math@1.2.0" (instance $math
    (export "add" (func (param "a" u32) (param "b" u32) (result u32)))
    (export "scale" (func (param "points" (list (tuple f32 f32))) (param "by" f32) (result (result (list (tuple f32 f32)) (error string)))))))
  (import "test:deps/text@0.1.0" (instance $text
    (export "shout" (func (param "text" string) (result string)))))
  (import "on-done" (func $done (param "total" u64)))
  (alias export $math "add" (func $add))
  (export "sum" (func $add))
)
