telling-measure = { $code } { $title }
telling-of-unit = { $measure } · { $unit }
telling-of-many = { $measure } · { $left } of { $count } units to go
telling-done-on = done { DAY($day) }
telling-no-day = no due date given
telling-late = was due { DAY($day) }, { $days ->
    [one] 1 day
   *[other] { $days } days
  } late
telling-today = due today
telling-left = due { DAY($day) } ({ $days ->
    [one] 1 day
   *[other] { $days } days
  } left)
telling-show = Show { $code }
telling-report = Report { $code }
status-not_started = not started
status-in_progress = in progress
status-done = done
status-continuous = continuous
status-delayed = postponed
status-cancelled = cancelled
telling-over = until { DAY($day) } as printed (past the fiscal year, to be confirmed)
telling-late-times = late { $count } times, since { DAY($day) }
telling-late-units = late in { $count } units, since { DAY($day) }
