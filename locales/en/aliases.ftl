aliases-waiting = Staff used { $count ->
    [one] a word
   *[other] { $count } words
 } of their own for measures. Shall I remember? Then I need not ask which measure is meant.
aliases-title = “{ $text }”
aliases-means = means { $measure }
aliases-by = used by { $name } ({ $count } ×)
aliases-used = used { $count } ×
aliases-accept = Remember { $text }
aliases-decline = Do not remember { $text }
aliases-accept-all = Remember all { $count }
aliases-decline-all = Remember none
aliases-accepted = Remembered: { $told }
aliases-declined = Not remembered, and not proposed again: { $told }
aliases-pair = “{ $text }” is { $measure }
aliases-left = See { $count } more
aliases-none-waiting = No new words wait for your decision.
aliases-decided = That was decided already. Type “other names” to see what still waits.
aliases-none = No other names for measures are kept yet. When staff use a new word and pick the measure, it is proposed here.
aliases-known = Other names in use
