held-before = { $count } { $count ->
    [one] notice has
   *[other] notices have
 } waited since { DAY($since) }, because this month's messages ran short; here with this free answer
held-title = Notices that waited
held-on = { DAY($day) }
held-more = and { $count } earlier ones
held-read = Read in full
held-read-on = Go on reading
held-further = There are more notices that waited.
held-of = Of { DAY($day) }
held-none = Nothing was told here in short.
