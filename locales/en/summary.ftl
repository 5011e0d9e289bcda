summary-no-plan = No plan is active yet, so there is nothing to sum up. The secretary can send me the plan as an Excel file in a private chat.
summary-not-yet = That time begins on { DAY($day) } and has not come yet. Ask for this week or this month.
summary-title = Progress of the measures, fiscal year { $year }
summary-covers = { DAY($start) } to { DAY($end) } · as of { DAY($today) }
summary-headline = { $told }; { $late }.
summary-told = { $count ->
    [one] 1 report
   *[other] { $count } reports
  } from { $units ->
    [one] 1 unit
   *[other] { $units } units
  }
summary-told-week = { $told } (the week before: { $before })
summary-nobody = No unit has reported in this time
summary-late = { $count } overdue
summary-no-late = nothing is overdue
summary-counts = Status of { $count } measures
summary-count = { $count }
summary-count-done = Done
summary-count-in_progress = In progress
summary-count-not_started = Not started
summary-count-cancelled = Cancelled
summary-changes = What moved in this time
summary-nothing = nothing to report
summary-overdue = Overdue
summary-unit-codes = { $unit }: { $codes }{ $more ->
    [0] { "" }
   *[other] {" "}and { $more } more
}
summary-since = since { DAY($day) }
summary-coming = Falling due in the next 14 days
summary-none-coming = Nothing is due in the next 14 days
summary-on = { DAY($day) } ({ $days ->
    [one] 1 day
   *[other] { $days } days
  } left)
summary-of = { $measure } · { $units }
summary-names = { $names }
summary-many-units = { $count } units
summary-silent = Units that have never reported: { $count }
summary-bare = Reported done without evidence: { $count }
summary-topics = Progress by topic (every term of every unit counts)
summary-topic = { $no }. { $title }
summary-share = { $done } of { $count } done
summary-share-late = { $done } of { $count } done · { $late } overdue
summary-more = and { $count } more
summary-choice-units = By unit
summary-choice-late = Overdue
summary-units = Progress by unit
summary-units-headline = Progress of { $count } units.
summary-as-of = as of { DAY($day) }
summary-title-of = { $title } · { $of }
summary-prose-none = From { DAY($start, "long") } to { DAY($end, "long") } no unit reported progress.
summary-prose-told = From { DAY($start, "long") } to { DAY($end, "long") } there { $count ->
    [one] was 1 report
   *[other] were { $count } reports
} from { $units ->
    [one] 1 unit
   *[other] { $units } units
}{ $before ->
    [-1] {""}
   *[other] {" "}({ $before } the week before)
}.
summary-prose-stands = Of { $count } measures { $done } are done, { $begun } under way and { $waiting } not begun.
summary-prose-no-late = Nothing is overdue.
summary-prose-late = { $count } overdue, to be pressed: { $units }{ $more ->
    [0] {""}
   *[other] {" "}and { $more } more units
}.
summary-prose-unit = { $unit } ({ $codes })
summary-prose-coming = In the next 14 days { $count ->
    [one] one thing falls due:
   *[other] { $count } things fall due; the first is
} { $measure }, by { DAY($day, "long") }.
summary-prose-silent = { $count ->
    [one] One unit has
   *[other] { $count } units have
} never reported: { $names }{ $more ->
    [0] {""}
   *[other] {" "}and { $more } more
}.
summary-prose-and = { $first } and { $last }
