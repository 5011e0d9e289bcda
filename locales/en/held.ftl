held-before = { $count } { $count ->
    [one] notice has
   *[other] notices have
 } waited since { DAY($since) }, because this month's messages ran short; here with this free answer
held-title = Notices that waited
held-on = { DAY($day) }
held-more = and { $count } earlier ones
