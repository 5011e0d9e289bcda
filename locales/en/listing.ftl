listing-plan = The whole plan
listing-some = { $who }: { $count ->
    [one] 1 measure { $what }.
   *[other] { $count } measures { $what }.
  }
listing-none = { $who }: no measure { $what }{ $of ->
    [0] .
   *[other] {" "}(of { $of }).
  }
listing-is-not-started = not begun
listing-is-unreported = not reported on
listing-is-in-progress = under way
listing-is-unfinished = not finished
listing-is-done = done
listing-is-delayed = postponed
listing-is-cancelled = cancelled
listing-is-no-evidence = reported without evidence
listing-is-returned = returned for mending
listing-is-hindered = with something in the way
listing-is-month = to be done every month
listing-is-quarter = to be done every quarter
listing-is-half-year = to be done every half year
listing-is-year = to be done once a year
listing-is-continuous = to be done all year
listing-is-begun-in = that begin { DAY($start) } to { DAY($end) }
listing-is-beyond = with a period beyond the fiscal year
listing-is-undated = without a period in the plan
